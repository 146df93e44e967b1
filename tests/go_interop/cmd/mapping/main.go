// Command mapping writes values made up at random to a file, as gob, and
// prints what encoding/json makes of them once they have come back from it.
package main

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"log"
	"math"
	"math/rand"
	"os"
	"reflect"
	"testing/quick"
)

// Inner is a part of Value.
type Inner struct {
	Name string
	N    int
	More []Inner
}

// Value has all that both gob and JSON can tell alike. Of a float32 and of a
// pointer to a number gob does not say what it is.
type Value struct {
	Bool    bool
	I8      int8
	I64     int64
	U64     uint64
	F64     float64
	Str     string
	Bytes   []byte
	Octets  [4]byte
	Ints    []int
	Strs    []string
	Floats  []float64
	ByStr   map[string]int
	ByInt   map[int16]string
	ByUint  map[uint8]bool
	In      Inner
	Pointer *Inner
	Slice   []Inner
	Map     map[string]Inner
	Lists   [][]string
	Empty   struct{}
}

func main() {
	log.SetFlags(0)
	random := rand.New(rand.NewSource(1))
	var stream bytes.Buffer
	encoder := gob.NewEncoder(&stream)
	decoder := gob.NewDecoder(&stream)
	var file bytes.Buffer
	printer := json.NewEncoder(os.Stdout)
	printer.SetEscapeHTML(false)
	for i := 0; i < 300; i++ {
		made, ok := quick.Value(reflect.TypeOf(Value{}), random)
		if !ok {
			log.Fatal("no value")
		}
		value := made.Interface().(Value)
		switch i % 4 {
		case 1:
			value.F64 = float64(random.Intn(1000)) / 8
		case 2:
			value.F64 = math.Pow(10, float64(random.Intn(50)-25))
			value.Str = "<&>\u2028\u2029\b\f\n\r\t\x7f\\\"\x01é"
		case 3:
			value = Value{In: value.In}
		}
		// An empty slice among others is there on the wire, and nil to Go.
		for j := range value.Lists {
			value.Lists[j] = append(value.Lists[j], "x")
		}
		if err := encoder.Encode(value); err != nil {
			log.Fatal(err)
		}
		file.Write(stream.Bytes())
		var back Value
		if err := decoder.Decode(&back); err != nil {
			log.Fatal(err)
		}
		if err := printer.Encode(back); err != nil {
			log.Fatal(err)
		}
	}
	if err := os.WriteFile(os.Args[1], file.Bytes(), 0o644); err != nil {
		log.Fatal(err)
	}
}
