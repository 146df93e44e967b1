// Command cancel serves calls that can be cancelled, or cancels some, with
// github.com/keegancsmith/rpc:
//
//	cancel server
//	cancel client ADDR
package main

import (
	"context"
	"fmt"
	"log"
	"net"
	"os"
	"sync/atomic"
	"time"

	"github.com/keegancsmith/rpc"

	"gobrpc.test/interop/peer"
)

// Slow counts the calls that begin and those that are cancelled.
type Slow struct{ begun, cancelled atomic.Int64 }

// Wait takes so many milliseconds, unless it is cancelled.
func (s *Slow) Wait(ctx context.Context, millis uint64, reply *uint64) error {
	s.begun.Add(1)
	select {
	case <-ctx.Done():
		s.cancelled.Add(1)
		return ctx.Err()
	case <-time.After(time.Duration(millis) * time.Millisecond):
		*reply = millis
		return nil
	}
}

// Begun is how many calls of Wait have begun.
func (s *Slow) Begun(_ context.Context, _ struct{}, reply *int64) error {
	*reply = s.begun.Load()
	return nil
}

// Cancelled is how many calls of Wait were cancelled.
func (s *Slow) Cancelled(_ context.Context, _ struct{}, reply *int64) error {
	*reply = s.cancelled.Load()
	return nil
}

func serve() error {
	server := rpc.NewServer()
	if err := server.Register(&Slow{}); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	peer.Announce(listener)
	return peer.Serve(listener, func(conn net.Conn) { server.ServeConn(conn) })
}

// until waits for a count of the server.
func until(client *rpc.Client, count string, want int64) error {
	for range 1000 {
		var got int64
		if err := client.Call(context.Background(), "Slow."+count, struct{}{}, &got); err != nil || got >= want {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
	return fmt.Errorf("%s: never %d", count, want)
}

// call cancels a call while another runs, and prints how both end.
func call(addr string) error {
	client, err := rpc.Dial("tcp", addr)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	victim := make(chan error, 1)
	go func() {
		var reply uint64
		victim <- client.Call(ctx, "Slow.Wait", uint64(60000), &reply)
	}()
	var reply uint64
	other := client.Go("Slow.Wait", uint64(500), &reply, nil)
	if err := until(client, "Begun", 2); err != nil {
		return err
	}
	cancel()
	fmt.Println("victim:", <-victim)
	err = until(client, "Cancelled", 1)
	fmt.Println("cancelled:", err)
	<-other.Done
	fmt.Println("other:", reply, other.Error)
	return client.Close()
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("cancel: ")
	err := fmt.Errorf("server or client?")
	switch {
	case len(os.Args) == 2 && os.Args[1] == "server":
		err = serve()
	case len(os.Args) == 3 && os.Args[1] == "client":
		err = call(os.Args[2])
	}
	if err != nil {
		log.Fatal(err)
	}
}
