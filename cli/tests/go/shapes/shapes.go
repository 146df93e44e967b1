// Package shapes has a declaration of every kind that can be translated, and
// some that cannot.
//
// Code in a comment is code:
//
//	for range []int{1} { *p = x<y> }
//
// See https://go.dev/doc and [Everything].
package shapes

import (
	"encoding/json"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"time"
)

// Untyped constants have the type that Go gives them.
const (
	Answer         = 42
	Huge           = 1 << 63
	Pi             = 3.14159265358979323846264338327950288419716939937510582097494459
	Third          = 1.0 / 3
	Letter         = 'ß'
	Greeting       = "hello, \"world\"\n" + `\raw`
	Debug          = !true
	Timeout        = 90 * time.Second
	Small    uint8 = 1<<8 - 1
	internal       = 1
)

// ThisConstantHasAVeryLongName is followed by a value that does not fit beside it.
const ThisConstantHasAVeryLongName = "and its value is long as well, so that both do not fit on one line"

// Color is a number with names.
type Color int

// The colors.
const (
	// ColorRed is the first.
	ColorRed Color = iota + 1
	ColorGreen
	_
	ColorDarkBlue // with a comment after it
)

// Level is a text with names.
type Level string

const (
	Info  Level = "info"
	Error Level = "error"
)

// Mask is a set of bits.
type Mask uint8

const (
	Read Mask = 1 << iota
	Write
	All = Read | Write
	Not = ^Read
)

// Celsius is a number without names.
type Celsius float64

const Boiling Celsius = 100

type Names []string

type Index map[string][]int

type Digest [48]byte

type Point struct{ X, Y int }

// Location is made of a Point, and none.
type Location Point

// Spot is a Point.
type Spot = Point

// Result has the name of one of Rust's own types.
type Result struct {
	Option *Option
	Vec    []String
	Value  Value
}

type Option struct{ Some int }

type String struct{ Box map[string]bool }

type Value struct{ Clone, Default bool }

// Snake_Case is not how Rust spells types.
type Snake_Case struct {
	Type   string `json:"type"`
	Self   int
	Match  []Level
	HTTPIs bool `json:"httpIs,omitempty"`
	A_B    int
	AB     int
}

// Node leads to itself.
type Node struct {
	Value int
	Next  *Node
	Kids  []Node
	Named map[string]*Node
	Pair  [2]Edge
}

type Edge struct {
	To     *Node
	Weight float32
}

type Chain []Chain

type Link *Node

// Pair is generic.
type Pair[K comparable, V any] struct {
	Key   K
	Value V
}

type Table[K comparable, V any] struct {
	Rows  map[K]V
	Pairs []Pair[K, V]
	Inner struct{ Last V }
}

type IntPair Pair[int, string]

type Tagged[T any] struct{ ID string }

type Number interface {
	~int | ~float64
}

type Sum[T Number] struct{ Total T }

// Shape is anything with an area.
type Shape interface {
	Area() float64
}

type Base struct {
	ID int
}

// Secret encodes itself.
type Secret struct {
	text string
}

func (s Secret) GobEncode() ([]byte, error) { return []byte(s.text), nil }

func (s *Secret) GobDecode(data []byte) error {
	s.text = string(data)
	return nil
}

// Stamp encodes itself by what it embeds.
type Stamp struct {
	time.Time
	Note string
}

// NewSecret makes one.
func NewSecret(text string) Secret { return Secret{text} }

// Everything has a field of every type.
type Everything struct {
	Base
	*Option
	Bool   bool
	I      int
	I8     int8
	R      rune
	U      uint
	U16    uint16
	Ptr    uintptr
	F32    float32
	F64    float64
	Str    string
	Bytes  []byte
	Names  Names
	Index  Index
	Digest Digest
	Raw    json.RawMessage
	// Long is longer than serde's arrays.
	Long     [40]uint16
	Longs    []([33]int)
	Matrix   [2][3]int
	Set      map[string]struct{}
	Points   map[Point]Color
	Colors   []Color
	Level    Level
	Mask     Mask
	Celsius  Celsius
	Location Location
	Spot     *Spot
	Result   Result
	Snake    Snake_Case
	Node     *Node
	Chain    Chain
	Link     Link
	Table    Table[string, Point]
	IntPair  IntPair
	Tagged   Tagged[int]
	Sum      Sum[float64]
	Any      any
	Shape    Shape
	Nested   struct {
		A, B int
		Deep []struct{ C string }
	}
	Empty     struct{}
	Seen      time.Time
	Gone      *time.Time
	Wait      time.Duration
	Month     time.Month
	Big       *big.Int
	Rat       big.Rat
	Addr      netip.Addr
	IP        net.IP
	Header    http.Header
	C64       complex64
	C128      complex128
	URL       *url.URL
	Strings   *[]string
	Sizes     [Answer - 40]int8
	LongField map[string]map[string]map[string]map[string]map[string]map[string]map[string]Snake_Case
}

// Kept has what can be sent, but not as it is.
type Kept struct {
	Secret   Secret
	Stamp    *Stamp
	Unsent   chan int
	Callback func(int) error
	hidden   int
	N        int
}

// Locked has a field that Go could not send either.
type Locked struct {
	Lock *sync.Mutex
	N    int
}

// ByFloat has a map that Rust has not.
type ByFloat struct {
	Names map[float64]string
	N     int
}

// Hidden has nothing that can be sent.
type Hidden struct {
	mu sync.Mutex
}

// Store is served.
type Store struct {
	mu    sync.Mutex
	items map[string]Everything
}

// Get gives an item back.
func (s *Store) Get(key string, item *Everything) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	*item = s.items[key]
	return nil
}

// GetURL has an initialism.
func (s *Store) GetURL(_ struct{}, url **string) error { return nil }

// New has a name that Rust's client needs for itself.
func (s *Store) New(args struct{ Name, Owner string }, reply *struct{ ID int }) error { return nil }

// PutAllOfThese has a signature of more than one line.
func (s *Store) PutAllOfThese(items map[string]Everything, previousItemsByTheirKeys *map[string]Everything) error {
	return nil
}

// Close is not served.
func (s *Store) Close() error { return nil }

// Watch is not served either.
func (s *Store) Watch(key string, events chan Everything) error { return nil }

// count is not exported.
func (s *Store) count(key string, n *int) error { return nil }

type counter struct{ N int }

// Add is served under a name that is not exported.
func (c *counter) Add(n int, sum *int) error { return nil }
