// The calls of Go's own net/rpc, server and client, to compare with.
package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/rpc"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

type Args struct{ A, B int }

type Arith struct{}

func (Arith) Multiply(args Args, reply *int) error {
	*reply = args.A * args.B
	return nil
}

func (Arith) Echo(data []byte, reply *[]byte) error {
	*reply = data
	return nil
}

func network(address string) (string, string) {
	if path, ok := strings.CutPrefix(address, "unix:"); ok {
		return "unix", path
	}
	return "tcp", address
}

// Serves until the standard input ends.
func serve(address string) {
	if err := rpc.Register(Arith{}); err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen(network(address))
	if err != nil {
		log.Fatal(err)
	}
	go rpc.Accept(listener)
	if tcp, ok := listener.Addr().(*net.TCPAddr); ok {
		fmt.Println(tcp)
	} else {
		fmt.Println(address)
	}
	io.Copy(io.Discard, os.Stdin)
}

func dial(address string) *rpc.Client {
	client, err := rpc.Dial(network(address))
	if err != nil {
		log.Fatal(err)
	}
	return client
}

func check(err error, right bool) {
	if err != nil || !right {
		log.Fatal("a wrong reply: ", err)
	}
}

func multiply(client *rpc.Client, i int) {
	var reply int
	err := client.Call("Arith.Multiply", &Args{i, 3}, &reply)
	check(err, reply == 3*i)
}

// How many calls are out at the same time, or connections open.
const width = 64

// Makes calls until stop; done counts them.
func load(kind, address string, stop *atomic.Bool, done *atomic.Int64) {
	switch kind {
	case "one":
		client := dial(address)
		for i := 0; !stop.Load(); i++ {
			multiply(client, i&1023)
			done.Add(1)
		}
	case "window":
		client := dial(address)
		finished := make(chan *rpc.Call, width)
		for i := range width {
			client.Go("Arith.Multiply", &Args{i & 1023, 3}, new(int), finished)
		}
		for i := width; !stop.Load(); i++ {
			call := <-finished
			check(call.Error, *call.Reply.(*int) == 3*call.Args.(*Args).A)
			done.Add(1)
			client.Go("Arith.Multiply", &Args{i & 1023, 3}, new(int), finished)
		}
	case "shared", "many":
		shared := dial(address)
		var tasks sync.WaitGroup
		for range width {
			client := shared
			if kind == "many" {
				client = dial(address)
			}
			tasks.Go(func() {
				for i := 0; !stop.Load(); i++ {
					multiply(client, i&1023)
					done.Add(1)
				}
			})
		}
		tasks.Wait()
	case "echo":
		client := dial(address)
		data := make([]byte, 1<<20)
		for !stop.Load() {
			var reply []byte
			err := client.Call("Arith.Echo", data, &reply)
			check(err, len(reply) == len(data))
			done.Add(1)
		}
	default:
		log.Fatal("no such load: ", kind)
	}
}

// Prints calls and nanoseconds, after a fifth of the time to get warm.
func measure(kind, address, millis string) {
	length, err := time.ParseDuration(millis + "ms")
	if err != nil {
		log.Fatal(err)
	}
	var stop atomic.Bool
	var done atomic.Int64
	var running sync.WaitGroup
	running.Go(func() { load(kind, address, &stop, &done) })
	time.Sleep(length / 5)
	begun, before := time.Now(), done.Load()
	time.Sleep(length)
	calls, took := done.Load()-before, time.Since(begun)
	stop.Store(true)
	running.Wait()
	fmt.Println(calls, took.Nanoseconds())
}

func main() {
	switch args := os.Args[1:]; {
	case len(args) == 2 && args[0] == "serve":
		serve(args[1])
	case len(args) == 4 && args[0] == "load":
		measure(args[1], args[2], args[3])
	case len(args) == 1 && args[0] == "version":
		fmt.Println(strings.TrimPrefix(runtime.Version(), "go"))
	default:
		log.Fatal("usage: version | serve ADDRESS | load KIND ADDRESS MILLIS")
	}
}
