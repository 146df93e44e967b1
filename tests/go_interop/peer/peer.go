// Package peer is what the programs have in common that the tests start.
package peer

import (
	"fmt"
	"io"
	"net"
	"os"
)

// EndWithStdin calls f and exits when stdin ends, which means that whoever
// started the program is gone.
func EndWithStdin(f func()) {
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		f()
		os.Exit(0)
	}()
}

// Announce says where the program listens, for as long as stdin is open.
func Announce(listener net.Listener) {
	// Closing removes the socket file of a unix listener.
	EndWithStdin(func() { _ = listener.Close() })
	fmt.Printf("listening %s\n", listener.Addr())
}

// Serve is rpc.Server.Accept, less its log line when the listener closes.
func Serve(listener net.Listener, serveConn func(net.Conn)) error {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return err
		}
		go serveConn(conn)
	}
}
