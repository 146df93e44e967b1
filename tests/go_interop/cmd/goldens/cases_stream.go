package main

import (
	"net/rpc"
)

type Args struct{ A, B int }

type Reply struct{ C int }

// Streams of several values.
var streamCases = []goldenCase{
	{"point_twice", func(Encode func(any)) {
		Encode(Point{1, 2})
		Encode(Point{3, 4})
	}},
	{"mixed_stream", func(Encode func(any)) {
		Encode(Point{1, 2})
		Encode(5)
		Encode("s")
		Encode(Inner{"x"})
		Encode([]int{1})
		Encode(Point{3, 4})
		Encode([]int{2})
	}},
	{"rpc_client_two_calls", func(Encode func(any)) {
		Encode(&rpc.Request{ServiceMethod: "Arith.Multiply", Seq: 0})
		Encode(&Args{7, 8})
		Encode(&rpc.Request{ServiceMethod: "Arith.Multiply", Seq: 1})
		Encode(&Args{1, 0})
	}},
	{"rpc_server_ok", func(Encode func(any)) {
		Encode(&rpc.Response{ServiceMethod: "Arith.Multiply", Seq: 0})
		Encode(&Reply{56})
		Encode(&rpc.Response{ServiceMethod: "Arith.Multiply", Seq: 1})
		Encode(&Reply{0})
	}},
	{"rpc_server_int_reply", func(Encode func(any)) {
		n := 56
		Encode(&rpc.Response{ServiceMethod: "Arith.Multiply", Seq: 0})
		Encode(&n)
	}},
	{"rpc_server_error", func(Encode func(any)) {
		Encode(&rpc.Response{ServiceMethod: "Arith.Nope", Seq: 3, Error: "rpc: can't find method Arith.Nope"})
		Encode(struct{}{})
	}},
}
