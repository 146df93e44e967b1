// Command server serves the interop services over net/rpc.
package main

import (
	"crypto/tls"
	"flag"
	"log"
	"net"
	"net/http"
	"net/rpc"
	"net/rpc/jsonrpc"
	"time"

	"gobrpc.test/interop/peer"
	"gobrpc.test/interop/service"
)

func main() {
	network := flag.String("network", "tcp", "tcp or unix")
	addr := flag.String("addr", "localhost:9527", "address or socket path to listen on")
	useHTTP := flag.Bool("http", false, "serve over HTTP CONNECT")
	path := flag.String("path", rpc.DefaultRPCPath, "path of RPC over HTTP")
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

	peer.Announce(listener)
	switch {
	case *useHTTP:
		server.HandleHTTP(*path, rpc.DefaultDebugPath)
		err = (&http.Server{}).Serve(listener)
	case *useJSON:
		err = peer.Serve(listener, func(conn net.Conn) { server.ServeCodec(jsonrpc.NewServerCodec(conn)) })
	default:
		err = peer.Serve(listener, func(conn net.Conn) { server.ServeConn(conn) })
	}
	// Closing the listener above lands here too, on the way to Exit(0);
	// give it the moment it needs.
	time.Sleep(time.Second)
	log.Fatal(err)
}
