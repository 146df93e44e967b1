// Package steps is what a client of the interop services can be told to do. It
// makes a list of net/rpc calls on one connection and prints one line for each:
//
//	NAME ok VALUE            VALUE is JSON
//	NAME server-error TEXT   the server answered with an error
//	NAME error TEXT          the call failed in any other way
package steps

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/rpc"
	"sort"
	"strconv"
	"strings"
	"time"

	"gobrpc.test/interop/service"
)

// Run has a client take these steps, which are known.
func Run(client *rpc.Client, names []string) {
	for _, arg := range names {
		name, rest, _ := strings.Cut(arg, ":")
		value, err := steps[name](client, rest)
		Report(name, value, err)
	}
}

// Check gives an error if there is no such step as one of these: a mistyped
// step must not pass for one that succeeded.
func Check(names []string) error {
	for _, arg := range names {
		name, _, _ := strings.Cut(arg, ":")
		if steps[name] == nil {
			return fmt.Errorf("unknown step %q; there are: %s", arg, strings.Join(all(), " "))
		}
	}
	return nil
}

func all() []string {
	names := make([]string, 0, len(steps))
	for name := range steps {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// A step makes its calls and gives the value to print. The argument is what
// follows the colon of the step's name.
type step func(client *rpc.Client, arg string) (any, error)

// call gives the step of one call whose reply has the type R.
func call[R any](method string, args any) step {
	return func(client *rpc.Client, _ string) (any, error) {
		var reply R
		err := client.Call(method, args, &reply)
		return reply, err
	}
}

var fullKinds = service.Kinds{
	Bool: true, I8: -128, I16: -32768, I32: -2147483648, I64: -9223372036854775808, I: -1,
	U8: 255, U16: 65535, U32: 4294967295, U64: 18446744073709551615, U: 7,
	F32: 0.1, F64: -2.5, Str: "héllo <&>", Bytes: []byte{0, 1, 254, 255},
	Strs: []string{"a", "", "c"}, Arr: [3]int{1, 0, -3}, Map: map[string]int{"k": -7},
	Nested: service.Nested{ID: 1, Name: "in"}, PNested: &service.Nested{ID: 2},
}

var holder = service.Holder{Name: "x", Value: service.Known{N: 5}}

var steps = map[string]step{
	"concat":          call[string]("StringService.Concat", service.StringRequest{SA: "hello ", SB: "go rpc"}),
	"concat-async":    concatAsync,
	"concat-max":      call[string]("StringService.Concat", service.StringRequest{SA: strings.Repeat("a", 1025)}),
	"mul":             call[int]("Arith.Multiply", &service.Args{A: 7, B: 8}),
	"mul2":            call[int]("Arith.Multiply", &service.Args{A: 3, B: -5}),
	"mul0":            call[int]("Arith.Multiply", &service.Args{}),
	"div":             call[service.Quotient]("Arith.Divide", &service.Args{A: 17, B: 8}),
	"div0":            call[service.Quotient]("Arith.Divide", &service.Args{A: 1}),
	"echo":            call[string]("Arith.Echo", "hi"),
	"echo-empty":      call[string]("Arith.Echo", ""),
	"sum":             call[int]("Arith.Sum", []int{1, 2, 3}),
	"sum-empty":       call[int]("Arith.Sum", []int{}),
	"lookup":          call[[]string]("Arith.Lookup", map[string]int{"web": 1}),
	"tree":            call[int]("Arith.Tree", tree()),
	"kinds":           call[service.Kinds]("Arith.Kinds", &fullKinds),
	"kinds-zero":      call[service.Kinds]("Arith.Kinds", &service.Kinds{}),
	"bool":            call[bool]("Echo.Bool", true),
	"float":           call[float64]("Echo.Float", 17.0),
	"uint":            call[uint]("Echo.Uint", uint(300)),
	"bytes":           call[[]byte]("Echo.Bytes", []byte{0, 1, 254}),
	"array":           call[[2]int]("Echo.Array", [2]int{5, -6}),
	"map":             call[map[string]int]("Echo.Map", map[string]int{"0": 0}),
	"structs":         call[[]service.Args]("Echo.Structs", []service.Args{{A: 1, B: 2}, {A: 3}}),
	"time":            call[time.Time]("Echo.Time", time.Date(2024, 2, 29, 12, 30, 45, 123456789, time.UTC)),
	"any-int":         echoAny(5),
	"any-known":       echoAny(service.Known{N: 5}),
	"any-nil":         echoAny(nil),
	"any":             call[int]("Arith.Any", &holder),
	"unknown-method":  call[int]("Arith.Nope", &service.Args{A: 7, B: 8}),
	"unknown-service": call[int]("Nope.X", &service.Args{A: 7, B: 8}),
	"ill-formed":      call[int]("NoDot", &service.Args{A: 7, B: 8}),
	// The server has to skip a body with an interface value in it.
	"any-unknown-method": call[int]("Arith.Nope", &holder),
	"badarg-struct":      call[int]("Arith.Multiply", struct{ X string }{"x"}),
	"badarg-kind":        call[int]("Arith.Multiply", "x"),
	"badarg-field": call[int]("Arith.Multiply", struct {
		A string
		B int
	}{"x", 1}),
	"badreply": call[string]("Arith.Multiply", &service.Args{A: 7, B: 8}),
	"nilreply": func(client *rpc.Client, _ string) (any, error) {
		return nil, client.Call("Arith.Multiply", &service.Args{A: 7, B: 8}, nil)
	},
	"nil-int":        call[int]("Arith.NilInt", 1),
	"nil-args":       call[service.Args]("Arith.NilArgs", 1),
	"die":            call[int]("Arith.Die", 1),
	"panic":          call[int]("Arith.Panic", "oh no"),
	"badarg-nothing": call[int]("Arith.Multiply", service.Unsendable{}),
	// gob leaves a zero out, and what is left out changes nothing.
	"div-stale": func(client *rpc.Client, _ string) (any, error) {
		reply := service.Quotient{Quo: 9, Rem: 9}
		err := client.Call("Arith.Divide", &service.Args{A: 16, B: 8}, &reply)
		return reply, err
	},
	"close-in-flight": closeInFlight,
	"concurrent":      concurrent,
	"pair":            pair,
	"settle": func(*rpc.Client, string) (any, error) {
		time.Sleep(100 * time.Millisecond)
		return nil, nil
	},
	"close": func(client *rpc.Client, _ string) (any, error) {
		return nil, client.Close()
	},
}

// echoAny sends an interface, and not what is in it.
func echoAny(value any) step {
	return call[any]("Echo.Any", &value)
}

// closeInFlight closes while a call runs, which it prints a line for.
func closeInFlight(client *rpc.Client, _ string) (any, error) {
	var reply int
	call := client.Go("Arith.Sleep", 1000, &reply, make(chan *rpc.Call, 1))
	err := client.Close()
	<-call.Done
	Report("call", reply, call.Error)
	return nil, err
}

func tree() *service.Node {
	return &service.Node{
		V: 1,
		L: &service.Node{V: 2},
		R: &service.Node{V: 3, R: &service.Node{V: 4}},
	}
}

func concatAsync(client *rpc.Client, _ string) (any, error) {
	var reply string
	req := service.StringRequest{SA: "hello ", SB: "go rpc"}
	c := client.Go("StringService.Concat", req, &reply, make(chan *rpc.Call, 1))
	pending := true
	select {
	case <-c.Done:
		pending = false
	default:
	}
	fmt.Printf("concat-async pending %t\n", pending)
	if pending {
		<-c.Done
	}
	return reply, c.Error
}

// pair makes two calls before it waits for either, and prints a line for each.
func pair(client *rpc.Client, _ string) (any, error) {
	var replies [2]int
	var calls [2]*rpc.Call
	for i := range calls {
		args := &service.Args{A: i + 1, B: 10}
		calls[i] = client.Go("Arith.Multiply", args, &replies[i], make(chan *rpc.Call, 1))
	}
	for i, call := range calls {
		name := fmt.Sprintf("call%d", i)
		select {
		case <-call.Done:
			Report(name, replies[i], call.Error)
		case <-time.After(2 * time.Second):
			Report(name, nil, errors.New("still pending"))
		}
	}
	return nil, nil
}

func concurrent(client *rpc.Client, arg string) (any, error) {
	n, err := strconv.Atoi(arg)
	if err != nil {
		return nil, err
	}
	replies := make([]int, n)
	done := make(chan *rpc.Call, n)
	for i := range replies {
		client.Go("Arith.Shuffle", i, &replies[i], done)
	}
	for range replies {
		if c := <-done; c.Error != nil {
			return nil, c.Error
		}
	}
	for i, reply := range replies {
		if reply != i {
			return nil, fmt.Errorf("call %d got the reply %d", i, reply)
		}
	}
	return n, nil
}

// Report prints the line of a result.
func Report(name string, value any, err error) {
	var serverError rpc.ServerError
	switch {
	case errors.As(err, &serverError):
		fmt.Printf("%s server-error %s\n", name, err)
	case err != nil:
		fmt.Printf("%s error %s\n", name, err)
	default:
		var text bytes.Buffer
		enc := json.NewEncoder(&text)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(value); err != nil {
			fmt.Printf("%s error %s\n", name, err)
			return
		}
		// Encode ends its output with the newline.
		fmt.Printf("%s ok %s", name, text.String())
	}
}
