// Command client takes the steps that it is told, as package steps has them.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"flag"
	"fmt"
	"net"
	"net/rpc"
	"net/rpc/jsonrpc"
	"os"

	"gobrpc.test/interop/steps"
)

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
	path := flag.String("path", rpc.DefaultRPCPath, "path of RPC over HTTP")
	useJSON := flag.Bool("json", false, "speak JSON-RPC")
	caFile := flag.String("ca", "", "connect over TLS, and trust this certificate")
	flag.Parse()
	if err := steps.Check(flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}

	dial := rpc.Dial
	switch {
	case *useHTTP:
		dial = func(network, address string) (*rpc.Client, error) {
			return rpc.DialHTTPPath(network, address, *path)
		}
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
		steps.Report("connect", nil, err)
		return
	}
	steps.Run(client, flag.Args())
}
