// Command msgpack serves the interop services, or is a client of them, over
// github.com/hashicorp/net-rpc-msgpackrpc:
//
//	msgpack server -addr ADDR -delay D
//	msgpack client -addr ADDR STEP...
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"time"

	msgpackrpc "github.com/hashicorp/net-rpc-msgpackrpc/v2"

	"gobrpc.test/interop/peer"
	"gobrpc.test/interop/service"
	"gobrpc.test/interop/steps"
)

func serve(addr string, delay time.Duration) error {
	server, err := service.NewServer(delay)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	peer.Announce(listener)
	return peer.Serve(listener, func(conn net.Conn) { server.ServeCodec(msgpackrpc.NewServerCodec(conn)) })
}

func call(addr string, names []string) error {
	if err := steps.Check(names); err != nil {
		return err
	}
	client, err := msgpackrpc.Dial("tcp", addr)
	if err != nil {
		return err
	}
	steps.Run(client, names)
	return nil
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("msgpack: ")
	flags := flag.NewFlagSet("msgpack", flag.ExitOnError)
	addr := flags.String("addr", "localhost:9527", "address of the server")
	delay := flags.Duration("delay", 2*time.Second, "sleep of StringService.Concat")
	if len(os.Args) < 2 {
		log.Fatal("server or client?")
	}
	_ = flags.Parse(os.Args[2:])
	err := fmt.Errorf("%s: server or client?", os.Args[1])
	switch os.Args[1] {
	case "server":
		err = serve(*addr, *delay)
	case "client":
		err = call(*addr, flags.Args())
	}
	if err != nil {
		log.Fatal(err)
	}
}
