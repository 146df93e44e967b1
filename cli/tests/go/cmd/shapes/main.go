// Command shapes writes values of the types in package shapes, and says
// whether those in a file are the same.
package main

import (
	"encoding/gob"
	"encoding/json"
	"fmt"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"reflect"
	"time"

	"gobrpc.test/cli/shapes"
)

// node has no nil map: Rust's are never nil.
func node(value int) *shapes.Node {
	return &shapes.Node{Value: value, Named: map[string]*shapes.Node{}}
}

func everything() shapes.Everything {
	seen := time.Date(2026, 11, 26, 5, 0, 0, 7, time.UTC)
	tree := node(1)
	tree.Kids = []shapes.Node{*node(2)}
	tree.Named["a"] = node(3)
	tree.Next = node(4)
	tree.Pair = [2]shapes.Edge{{To: node(5), Weight: 0.5}, {Weight: 1}}
	e := shapes.Everything{
		Base: shapes.Base{ID: 7}, Option: &shapes.Option{Some: 8},
		Bool: true, I: -1, I8: -8, R: 'ß', U: 1, U16: 16, Ptr: 64, F32: 0.25, F64: 0.1, Str: "text", Bytes: []byte{1, 2},
		Names: shapes.Names{"a", "b"}, Index: shapes.Index{"x": {1, 2}}, Digest: shapes.Digest{47: 9},
		Raw: json.RawMessage("{}"), Long: [40]uint16{39: 1}, Longs: [][33]int{{32: 1}}, Matrix: [2][3]int{1: {2: 5}},
		Set: map[string]struct{}{"in": {}}, Points: map[shapes.Point]shapes.Color{{X: 1, Y: 2}: shapes.ColorGreen},
		Colors: []shapes.Color{shapes.ColorRed, 77}, Level: "other", Mask: shapes.All, Celsius: shapes.Boiling,
		Location: shapes.Location{X: 1}, Spot: &shapes.Spot{Y: 2},
		Result: shapes.Result{
			Option: &shapes.Option{Some: 1}, Vec: []shapes.String{{Box: map[string]bool{"b": true}}},
			Value: shapes.Value{Default: true},
		},
		Snake: shapes.Snake_Case{Type: "t", Self: 1, Match: []shapes.Level{shapes.Info}, HTTPIs: true, A_B: 2, AB: 3},
		Node:  tree, Chain: shapes.Chain{nil, {nil}}, Link: node(6),
		IntPair: shapes.IntPair{Key: 1, Value: "one"}, Tagged: shapes.Tagged[int]{ID: "t"}, Sum: shapes.Sum[float64]{Total: 1.5},
		Any: 12, Shape: nil, Seen: seen, Gone: &seen, Wait: 3 * time.Second, Month: time.November,
		Big: big.NewInt(-12345678901234567), Rat: *big.NewRat(1, 3), Addr: netip.MustParseAddr("::1"), IP: net.IPv4(10, 0, 0, 1),
		Header: http.Header{"Accept": {"*/*"}}, C64: 1 + 2i, C128: -1i, URL: &url.URL{Scheme: "https", Host: "go.dev", Path: "/"},
		Strings: &[]string{"s"}, Sizes: [2]int8{1, -1}, LongField: map[string]map[string]map[string]map[string]map[string]map[string]map[string]shapes.Snake_Case{},
	}
	e.Table = shapes.Table[string, shapes.Point]{
		Rows:  map[string]shapes.Point{"r": {X: 1}},
		Pairs: []shapes.Pair[string, shapes.Point]{{Key: "k", Value: shapes.Point{Y: 1}}},
	}
	e.Table.Inner.Last.X = 9
	e.Nested.A = 1
	e.Nested.Deep = []struct{ C string }{{"c"}}
	return e
}

func kept() shapes.Kept {
	stamp := &shapes.Stamp{Time: time.Unix(1, 0).UTC()}
	return shapes.Kept{Secret: shapes.NewSecret("s3cret"), Stamp: stamp, N: 5}
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: shapes write|check FILE")
	}
	switch os.Args[1] {
	case "write":
		file, err := os.Create(os.Args[2])
		if err != nil {
			log.Fatal(err)
		}
		encoder := gob.NewEncoder(file)
		// Some types encode themselves only by pointer.
		e, k := everything(), kept()
		for _, value := range []any{&e, &k} {
			if err := encoder.Encode(value); err != nil {
				log.Fatal(err)
			}
		}
		if err := file.Close(); err != nil {
			log.Fatal(err)
		}
	case "check":
		file, err := os.Open(os.Args[2])
		if err != nil {
			log.Fatal(err)
		}
		decoder := gob.NewDecoder(file)
		var gotEverything shapes.Everything
		var gotKept shapes.Kept
		for _, value := range []any{&gotEverything, &gotKept} {
			if err := decoder.Decode(value); err != nil {
				log.Fatal(err)
			}
		}
		same(gotEverything, everything())
		same(gotKept, kept())
	}
}

// same ends the program if the values are not the same, as far as gob sends
// them.
func same(got, want any) {
	if g, w := fmt.Sprintf("%#v", got), fmt.Sprintf("%#v", want); !reflect.DeepEqual(got, want) {
		log.Fatalf("got  %s\nwant %s", g, w)
	}
}
