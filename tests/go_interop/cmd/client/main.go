// Command client makes a list of net/rpc calls on one connection and prints
// one line for each:
//
//	NAME ok VALUE            VALUE is JSON
//	NAME server-error TEXT   the server answered with an error
//	NAME error TEXT          the call failed in any other way
package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/rpc"
	"net/rpc/jsonrpc"
	"os"
	"sort"
	"strconv"
	"strings"
	"time"

	"gobrpc.test/interop/service"
)

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
	"bad-reply-method": call[string]("Arith.BadReply", 1),
	"die":              call[int]("Arith.Die", 1),
	"concurrent":       concurrent,
	"pair":             pair,
	"settle": func(*rpc.Client, string) (any, error) {
		time.Sleep(100 * time.Millisecond)
		return nil, nil
	},
	"sleep": func(client *rpc.Client, arg string) (any, error) {
		ms, err := strconv.Atoi(arg)
		if err != nil {
			return nil, err
		}
		var reply int
		err = client.Call("Arith.Sleep", ms, &reply)
		return reply, err
	},
	"close": func(client *rpc.Client, _ string) (any, error) {
		return nil, client.Close()
	},
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
			report(name, replies[i], call.Error)
		case <-time.After(2 * time.Second):
			report(name, nil, errors.New("still pending"))
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

func report(name string, value any, err error) {
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

func usage() {
	names := make([]string, 0, len(steps))
	for name := range steps {
		names = append(names, name)
	}
	sort.Strings(names)
	fmt.Fprintf(os.Stderr, "usage: client [flags] STEP...\nsteps: %s\n", strings.Join(names, " "))
	flag.PrintDefaults()
}

func dialTLS(network, address, caFile string) (net.Conn, error) {
	pem, err := os.ReadFile(caFile)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s: no certificate", caFile)
	}
	return tls.Dial(network, address, &tls.Config{RootCAs: pool, ServerName: "localhost"})
}

func main() {
	network := flag.String("network", "tcp", "tcp or unix")
	addr := flag.String("addr", "localhost:9527", "address or socket path of the server")
	useHTTP := flag.Bool("http", false, "connect over HTTP CONNECT")
	useJSON := flag.Bool("json", false, "speak JSON-RPC")
	caFile := flag.String("ca", "", "connect over TLS, and trust this certificate")
	flag.Usage = usage
	flag.Parse()

	// A mistyped step must not pass for one that succeeded.
	for _, arg := range flag.Args() {
		name, _, _ := strings.Cut(arg, ":")
		if steps[name] == nil {
			fmt.Fprintf(os.Stderr, "unknown step %q\n", arg)
			usage()
			os.Exit(2)
		}
	}

	dial := rpc.Dial
	switch {
	case *useHTTP:
		dial = rpc.DialHTTP
	case *useJSON:
		dial = jsonrpc.Dial
	case *caFile != "":
		dial = func(network, address string) (*rpc.Client, error) {
			conn, err := dialTLS(network, address, *caFile)
			if err != nil {
				return nil, err
			}
			return rpc.NewClient(conn), nil
		}
	}
	client, err := dial(*network, *addr)
	if err != nil {
		report("connect", nil, err)
		return
	}
	for _, arg := range flag.Args() {
		name, rest, _ := strings.Cut(arg, ":")
		value, err := steps[name](client, rest)
		report(name, value, err)
	}
}
