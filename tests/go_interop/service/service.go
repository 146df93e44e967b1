// Package service holds the net/rpc services, and their argument and reply
// types, that the interop server and client share.
//
// On the wire gob names a named struct by its bare identifier ("Args"), so
// living in a package other than main changes nothing for the types below.
// Two places do show the package and are kept out of the tests' way:
//   - composites of named structs print as "[]service.Node", so no field
//     here has such a type;
//   - gob.Register uses the full import path, so Known travels under
//     KnownName.
package service

import (
	"encoding/gob"
	"errors"
	"math/rand"
	"net/rpc"
	"os"
	"sort"
	"time"
)

// KnownName is the name gob.Register gives to Known.
const KnownName = "gobrpc.test/interop/service.Known"

func init() {
	gob.Register(Known{})
}

// StrMaxSize is the longest result, in bytes, that Concat gives.
const StrMaxSize = 1024

// ErrMaxSize is Concat's answer to arguments that are too long together.
var ErrMaxSize = errors.New("maximum size of 1024 bytes exceeded")

// StringRequest is the argument of StringService.Concat.
type StringRequest struct {
	SA string
	SB string
}

// StringService joins strings, slowly.
type StringService struct {
	// Delay is how long Concat sleeps before it answers.
	Delay time.Duration
}

// Concat joins the two strings of req.
func (s StringService) Concat(req StringRequest, ret *string) error {
	if len(req.SA)+len(req.SB) > StrMaxSize {
		*ret = ""
		return ErrMaxSize
	}
	*ret = req.SA + req.SB
	time.Sleep(s.Delay)
	return nil
}

// Args are two operands.
type Args struct {
	A, B int
}

// Quotient is the reply of Arith.Divide.
type Quotient struct {
	Quo, Rem int
}

// Node is a binary tree of numbers.
type Node struct {
	V    int
	L, R *Node
}

// Sum adds up the numbers of the tree.
func (n *Node) Sum() int {
	if n == nil {
		return 0
	}
	return n.V + n.L.Sum() + n.R.Sum()
}

// Nested is the struct inside Kinds.
type Nested struct {
	ID   int
	Name string
}

// Kinds has one field of every kind that net/rpc programs commonly send.
type Kinds struct {
	Bool    bool
	I8      int8
	I16     int16
	I32     int32
	I64     int64
	I       int
	U8      uint8
	U16     uint16
	U32     uint32
	U64     uint64
	U       uint
	F32     float32
	F64     float64
	Str     string
	Bytes   []byte
	Strs    []string
	Arr     [3]int
	Map     map[string]int
	Nested  Nested
	PNested *Nested
}

// Known is the one concrete type registered for Holder.Value.
type Known struct {
	N int
}

// Holder carries a value of any registered type.
type Holder struct {
	Name  string
	Value any
}

// Arith is a mixed bag of methods, each one there to exercise something of
// the protocol.
type Arith struct{}

// Multiply gives the product of A and B.
func (Arith) Multiply(args *Args, reply *int) error {
	*reply = args.A * args.B
	return nil
}

// Divide gives quotient and remainder of A by B.
func (Arith) Divide(args *Args, quo *Quotient) error {
	if args.B == 0 {
		return errors.New("divide by zero")
	}
	quo.Quo = args.A / args.B
	quo.Rem = args.A % args.B
	return nil
}

// Sleep answers after ms milliseconds.
func (Arith) Sleep(ms int, reply *int) error {
	time.Sleep(time.Duration(ms) * time.Millisecond)
	*reply = ms
	return nil
}

// Echo gives back its argument.
func (Arith) Echo(s string, reply *string) error {
	*reply = s
	return nil
}

// Shuffle gives back n after a random moment, so that answers to calls made
// together come back in another order.
func (Arith) Shuffle(n int, reply *int) error {
	time.Sleep(time.Duration(rand.Intn(21)) * time.Millisecond)
	*reply = n
	return nil
}

// Sum adds up the numbers.
func (Arith) Sum(ns []int, reply *int) error {
	for _, n := range ns {
		*reply += n
	}
	return nil
}

// Lookup gives the sorted keys of m.
func (Arith) Lookup(m map[string]int, reply *[]string) error {
	for k := range m {
		*reply = append(*reply, k)
	}
	sort.Strings(*reply)
	return nil
}

// Tree gives the sum of the tree.
func (Arith) Tree(n *Node, reply *int) error {
	*reply = n.Sum()
	return nil
}

// Kinds gives back its argument.
func (Arith) Kinds(in *Kinds, out *Kinds) error {
	*out = *in
	return nil
}

// Any gives the length of the holder's name.
func (Arith) Any(h *Holder, reply *int) error {
	*reply = len(h.Name)
	return nil
}

// Die ends the process in the middle of the call, without an answer.
func (Arith) Die(int, *int) error {
	os.Exit(3)
	return nil
}

// Unsendable is a type of which gob can send nothing.
type Unsendable struct {
	hidden int
}

// Nothing answers with what cannot be sent.
func (Arith) Nothing(n int, reply *Unsendable) error {
	reply.hidden = n
	return nil
}

// EmptyError fails without a word, which is no failure on the wire.
func (Arith) EmptyError(int, *int) error {
	return errors.New("")
}

// ErrorAndReply sets its reply and fails.
func (Arith) ErrorAndReply(n int, reply *int) error {
	*reply = n
	return errors.New("both")
}

// Wrap gives back its argument in an interface.
func (Arith) Wrap(n int, reply *any) error {
	*reply = Known{n}
	return nil
}

// NilInt replies with a pointer to nothing, of which gob sends the type alone.
func (Arith) NilInt(_ int, reply **int) error {
	*reply = nil
	return nil
}

// NilArgs does the same with a struct, which to gob is one of zeros.
func (Arith) NilArgs(_ int, reply **Args) error {
	*reply = nil
	return nil
}

// Panic does what its name says.
func (Arith) Panic(text string, _ *int) error {
	panic(text)
}

// Echo gives back values of all kinds that are no fields of anything.
type Echo struct{}

// Bool gives back its argument, as all methods of Echo do.
func (Echo) Bool(in bool, out *bool) error {
	*out = in
	return nil
}

// Float is for a float64.
func (Echo) Float(in float64, out *float64) error {
	*out = in
	return nil
}

// Uint is for a uint.
func (Echo) Uint(in uint, out *uint) error {
	*out = in
	return nil
}

// Bytes is for bytes.
func (Echo) Bytes(in []byte, out *[]byte) error {
	*out = in
	return nil
}

// Array is for an array.
func (Echo) Array(in [2]int, out *[2]int) error {
	*out = in
	return nil
}

// Map is for a map.
func (Echo) Map(in map[string]int, out *map[string]int) error {
	*out = in
	return nil
}

// Structs is for a slice of structs.
func (Echo) Structs(in []Args, out *[]Args) error {
	*out = in
	return nil
}

// Time is for a type that encodes itself.
func (Echo) Time(in time.Time, out *time.Time) error {
	*out = in
	return nil
}

// Any is for whatever an interface holds.
func (Echo) Any(in any, out *any) error {
	*out = in
	return nil
}

// NewServer gives an rpc.Server with all the services; Concat sleeps delay.
func NewServer(delay time.Duration) (*rpc.Server, error) {
	server := rpc.NewServer()
	if err := server.Register(StringService{Delay: delay}); err != nil {
		return nil, err
	}
	if err := server.Register(Arith{}); err != nil {
		return nil, err
	}
	if err := server.Register(Echo{}); err != nil {
		return nil, err
	}
	return server, nil
}
