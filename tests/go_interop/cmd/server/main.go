// Command server serves the interop services over net/rpc.
package main

import (
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/rpc"
	"net/rpc/jsonrpc"
	"os"
	"time"

	"gobrpc.test/interop/service"
)

func main() {
	network := flag.String("network", "tcp", "tcp or unix")
	addr := flag.String("addr", "localhost:9527", "address or socket path to listen on")
	useHTTP := flag.Bool("http", false, "serve over HTTP CONNECT")
	useJSON := flag.Bool("json", false, "serve JSON-RPC")
	certFile := flag.String("cert", "", "certificate to serve with over TLS")
	keyFile := flag.String("key", "", "its private key")
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

	if *certFile != "" {
		cert, err := tls.LoadX509KeyPair(*certFile, *keyFile)
		if err != nil {
			log.Fatal(err)
		}
		listener = tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{cert}})
	}

	// The end of stdin means that whoever started the server is gone.
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		// Removes the socket file of a unix listener.
		_ = listener.Close()
		os.Exit(0)
	}()

	fmt.Printf("listening %s\n", listener.Addr())
	switch {
	case *useHTTP:
		server.HandleHTTP(rpc.DefaultRPCPath, rpc.DefaultDebugPath)
		err = (&http.Server{}).Serve(listener)
	case *useJSON:
		err = serve(listener, func(conn net.Conn) { server.ServeCodec(jsonrpc.NewServerCodec(conn)) })
	default:
		err = serve(listener, func(conn net.Conn) { server.ServeConn(conn) })
	}
	// Closing the listener above lands here too, on the way to Exit(0);
	// give it the moment it needs.
	time.Sleep(time.Second)
	log.Fatal(err)
}

// serve is rpc.Server.Accept, less its log line when the listener closes.
func serve(listener net.Listener, serveConn func(net.Conn)) error {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return err
		}
		go serveConn(conn)
	}
}
