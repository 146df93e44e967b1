// Command server serves the interop services over net/rpc.
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/rpc"
	"os"
	"time"

	"gobrpc.test/interop/service"
)

func main() {
	network := flag.String("network", "tcp", "tcp or unix")
	addr := flag.String("addr", "localhost:9527", "address or socket path to listen on")
	useHTTP := flag.Bool("http", false, "serve over HTTP CONNECT")
	delay := flag.Duration("delay", 2*time.Second, "sleep of StringService.Concat")
	flag.Parse()
	log.SetFlags(0)
	log.SetPrefix("server: ")

	server, err := service.NewServer(*delay)
	if err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen(*network, *addr)
	if err != nil {
		log.Fatal(err)
	}

	// The end of stdin means that whoever started the server is gone.
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		// Removes the socket file of a unix listener.
		_ = listener.Close()
		os.Exit(0)
	}()

	fmt.Printf("listening %s\n", listener.Addr())
	if *useHTTP {
		server.HandleHTTP(rpc.DefaultRPCPath, rpc.DefaultDebugPath)
		err = (&http.Server{}).Serve(listener)
	} else {
		err = serve(server, listener)
	}
	// Closing the listener above lands here too, on the way to Exit(0);
	// give it the moment it needs.
	time.Sleep(time.Second)
	log.Fatal(err)
}

// serve is rpc.Server.Accept, less its log line when the listener closes.
func serve(server *rpc.Server, listener net.Listener) error {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return err
		}
		go server.ServeConn(conn)
	}
}
