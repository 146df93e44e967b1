// Command greeter is a plugin that greets, and a host of such plugins:
//
//	greeter                started by a host: serves it
//	greeter tcp            the same, over TCP, as go-plugin does it on Windows
//	greeter host [-auto-mtls] PLUGIN
//	                       starts PLUGIN, and prints what it says
package main

import (
	"encoding/gob"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"net/rpc"
	"os"
	"os/exec"
	"strings"
	"sync"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
)

var handshake = plugin.HandshakeConfig{
	ProtocolVersion:  1,
	MagicCookieKey:   "BASIC_PLUGIN",
	MagicCookieValue: "hello",
}

var plugins = plugin.PluginSet{"greeter": kind{}}

// A kind of plugin has two sides, which both know how to open streams.
type kind struct{}

func (kind) Server(b *plugin.MuxBroker) (any, error) { return &greeter{b}, nil }

func (kind) Client(b *plugin.MuxBroker, c *rpc.Client) (any, error) { return &remote{b, c}, nil }

// The greeter is the side of the plugin.
type greeter struct{ broker *plugin.MuxBroker }

func (g *greeter) Greet(_ any, reply *string) error {
	fmt.Println("printed by the plugin")
	*reply = "Hello!"
	return nil
}

func (g *greeter) GreetNamed(name string, reply *string) error {
	if name == "" {
		return errors.New("nobody is there")
	}
	*reply = "Hello, " + name + "!"
	return nil
}

// An Outcome holds an error as Mattermost returns them: it is not the call
// that has failed.
type Outcome struct{ A error }

func (g *greeter) Check(name string, reply *Outcome) error {
	if name == "" {
		reply.A = plugin.NewBasicError(errors.New("nobody is there"))
	}
	return nil
}

func (g *greeter) GreetHost(id uint32, reply *string) error {
	conn, err := g.broker.Dial(id)
	if err != nil {
		return err
	}
	client := rpc.NewClient(conn)
	defer client.Close()
	var name string
	if err := client.Call("Plugin.Name", struct{}{}, &name); err != nil {
		return err
	}
	return g.GreetNamed(name, reply)
}

// The remote greeter is the side of the host.
type remote struct {
	broker *plugin.MuxBroker
	client *rpc.Client
}

func (r *remote) call(method string, args any) string {
	var reply string
	if err := r.client.Call("Plugin."+method, args, &reply); err != nil {
		return "error: " + err.Error()
	}
	return reply
}

// A host has a name, which it tells when it has been asked for it by all that
// will ask: if they wait for each other, nobody gets it.
type host struct {
	name   string
	asking *sync.WaitGroup
}

func (h *host) Name(_ struct{}, reply *string) error {
	h.asking.Done()
	h.asking.Wait()
	if h.name == "" {
		return errors.New("the host has no name")
	}
	*reply = h.name
	return nil
}

// greetHosts has the plugin greet hosts of these names at the same time.
func (r *remote) greetHosts(names ...string) []string {
	var asking, done sync.WaitGroup
	asking.Add(len(names))
	replies := make([]string, len(names))
	for i, name := range names {
		done.Go(func() {
			id := r.broker.NextId()
			go r.broker.AcceptAndServe(id, &host{name, &asking})
			replies[i] = r.call("GreetHost", id)
		})
	}
	done.Wait()
	return replies
}

func run(args []string) error {
	flags := flag.NewFlagSet("host", flag.ExitOnError)
	autoMTLS := flags.Bool("auto-mtls", false, "have the plugin use TLS")
	_ = flags.Parse(args)
	cmd := exec.Command(flags.Arg(0))
	client := plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig: handshake,
		Plugins:         plugin.PluginSet{"greeter": kind{}, "stranger": kind{}},
		Cmd:             cmd,
		AutoMTLS:        *autoMTLS,
		Logger:          hclog.New(&hclog.LoggerOptions{Level: hclog.Warn}),
	})
	defer client.Kill()
	protocol, err := client.Client()
	if err != nil {
		return err
	}
	fmt.Println("ping:", protocol.Ping())
	_, err = protocol.Dispense("stranger")
	fmt.Println("stranger:", err)
	raw, err := protocol.Dispense("greeter")
	if err != nil {
		return err
	}
	r := raw.(*remote)
	fmt.Println(r.call("Greet", new(any)))
	fmt.Println(r.call("GreetNamed", "gopher"))
	fmt.Println(r.call("GreetNamed", ""))
	fmt.Println(r.greetHosts("A", "B", "C", "D", "E", "F", "G", "H"))
	fmt.Println(r.greetHosts(""))
	// More than any window of a stream holds.
	for range 3 {
		name := strings.Repeat("x", 8<<20)
		fmt.Println("large:", r.call("GreetNamed", name) == "Hello, "+name+"!")
	}
	fmt.Println("ping:", protocol.Ping())
	client.Kill()
	fmt.Println("end:", cmd.ProcessState)
	return nil
}

// serveTCP is plugin.Serve on an operating system without unix sockets.
func serveTCP() error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	done := make(chan struct{})
	server := &plugin.RPCServer{
		Plugins: plugins,
		Stdout:  strings.NewReader(""),
		Stderr:  strings.NewReader(""),
		DoneCh:  done,
	}
	go server.Serve(listener)
	fmt.Printf("%d|%d|tcp|%s|netrpc\n", plugin.CoreProtocolVersion, handshake.ProtocolVersion, listener.Addr())
	<-done
	return nil
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("greeter: ")
	gob.Register(&plugin.BasicError{})
	var err error
	switch args := os.Args[1:]; {
	case len(args) > 1 && args[0] == "host":
		err = run(args[1:])
	case len(args) == 1 && args[0] == "tcp":
		err = serveTCP()
	default:
		plugin.Serve(&plugin.ServeConfig{HandshakeConfig: handshake, Plugins: plugins})
	}
	if err != nil {
		log.Fatal(err)
	}
}
