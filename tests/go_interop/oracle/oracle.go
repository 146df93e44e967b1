// Package oracle answers what gob does with values of types that another
// program has made up: see the Rust tests beside it. A generated program names
// the types and hands them to Main.
package oracle

import (
	"bytes"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"reflect"
	"runtime/debug"
	"strconv"
)

// Case is a type with all that its values may need.
type Case struct {
	// Type is what is encoded and decoded.
	Type reflect.Type
	// Other is a type that decoding is tried with too, or nil.
	Other reflect.Type
	// Concretes are the types that interfaces hold.
	Concretes []reflect.Type
}

// Opaque is implemented by the pointers of types that encode themselves.
type Opaque interface {
	Set([]byte)
	Get() []byte
}

var opaqueType = reflect.TypeOf((*Opaque)(nil)).Elem()

// Question is what a process is asked, once.
type Question struct {
	Case   int      `json:"case"`
	Encode []Item   `json:"encode"`
	Decode []Stream `json:"decode"`
}

// Item is a value to be encoded.
type Item struct {
	Value json.RawMessage `json:"value"`
	// Other tells that it is of the other type.
	Other bool `json:"other"`
}

// Stream is bytes that should be decoded.
type Stream struct {
	Hex string `json:"hex"`
	// Own tells to decode what was encoded before.
	Own bool `json:"own"`
	// Other tells to decode into the other type.
	Other bool `json:"other"`
	// Turns tells to take the types in turns, the other one second.
	Turns bool `json:"turns"`
	// Skip tells to take no value.
	Skip bool `json:"skip"`
}

// Answer is what it answers.
type Answer struct {
	// Hex is what was encoded without an error.
	Hex string `json:"hex"`
	// Error is the error that ended it.
	Error string `json:"error"`
	// Decoded has one entry for each stream.
	Decoded []Decoded `json:"decoded"`
}

// Decoded is what was in a stream: values up to the first error. "EOF" is the
// end of the stream; gob says it of an end inside a value too, which is "EOF
// inside" here.
type Decoded struct {
	Values []any  `json:"values"`
	Error  string `json:"error"`
	// Later are the values that came after the error, with null for each error
	// more.
	Later []any `json:"later"`
}

// Main reads a question from standard input and answers it on standard output.
func Main(cases []Case) {
	debug.SetMaxStack(64 << 20)
	var question Question
	if err := json.NewDecoder(os.Stdin).Decode(&question); err != nil {
		fmt.Fprintln(os.Stderr, "oracle:", err)
		os.Exit(2)
	}
	c := cases[question.Case]
	for _, concrete := range c.Concretes {
		// Go knows the predeclared types already, by the same names.
		gob.Register(reflect.Zero(concrete).Interface())
	}
	var answer Answer
	out, err := c.encode(question.Encode)
	answer.Hex = hex.EncodeToString(out)
	if err != nil {
		answer.Error = err.Error()
	}
	for _, stream := range question.Decode {
		data, err := hex.DecodeString(stream.Hex)
		if err != nil {
			fmt.Fprintln(os.Stderr, "oracle:", err)
			os.Exit(2)
		}
		if stream.Own {
			data = out
		}
		types := []reflect.Type{c.Type}
		switch {
		case stream.Skip:
			types = []reflect.Type{nil}
		case stream.Other:
			types = []reflect.Type{c.Other}
		case stream.Turns:
			types = []reflect.Type{c.Type, c.Other}
		}
		answer.Decoded = append(answer.Decoded, c.decode(types, data))
	}
	if err := json.NewEncoder(os.Stdout).Encode(answer); err != nil {
		fmt.Fprintln(os.Stderr, "oracle:", err)
		os.Exit(2)
	}
}

func guard(do func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return do()
}

// encode writes values on one encoder. What a value that fails has written is
// not among the bytes.
func (c Case) encode(items []Item) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := gob.NewEncoder(&buffer)
	for _, item := range items {
		before := buffer.Len()
		ty := c.Type
		if item.Other {
			ty = c.Other
		}
		value := reflect.New(ty)
		if err := c.set(value.Elem(), item.Value); err != nil {
			fmt.Fprintln(os.Stderr, "oracle:", err)
			os.Exit(2)
		}
		err := guard(func() error {
			// A type that encodes itself is another thing by pointer.
			if value.Type().Implements(opaqueType) {
				return encoder.EncodeValue(value.Elem())
			}
			return encoder.EncodeValue(value)
		})
		if err != nil {
			buffer.Truncate(before)
			return buffer.Bytes(), err
		}
	}
	return buffer.Bytes(), nil
}

// decode takes values of these types in turns, nil for none.
func (c Case) decode(types []reflect.Type, data []byte) Decoded {
	decoded := Decoded{Values: []any{}, Later: []any{}}
	reader := bytes.NewReader(data)
	decoder := gob.NewDecoder(reader)
	for turn := 0; ; turn++ {
		ty := types[turn%len(types)]
		isOver := reader.Len() == 0
		if decoded.Error != "" && isOver {
			return decoded
		}
		got, err := c.next(decoder, ty)
		if err == io.EOF && isOver {
			decoded.Error = "EOF"
			return decoded
		}
		switch {
		case err == nil && decoded.Error == "":
			decoded.Values = append(decoded.Values, got)
		case err == nil:
			decoded.Later = append(decoded.Later, []any{got})
		case decoded.Error == "":
			decoded.Error = err.Error()
			if err == io.EOF {
				decoded.Error = "EOF inside"
			}
		default:
			decoded.Later = append(decoded.Later, nil)
		}
	}
}

func (c Case) next(decoder *gob.Decoder, ty reflect.Type) (any, error) {
	if ty == nil {
		return nil, guard(func() error { return decoder.DecodeValue(reflect.Value{}) })
	}
	value := reflect.New(ty)
	if err := guard(func() error { return decoder.DecodeValue(value) }); err != nil {
		return nil, err
	}
	got, err := c.get(value.Elem())
	if err != nil {
		fmt.Fprintln(os.Stderr, "oracle:", err)
		os.Exit(2)
	}
	return got, nil
}

// inInterface is a value in an interface: the number of its type among the
// concrete ones, and the value.
type inInterface struct {
	Type  int             `json:"type"`
	Value json.RawMessage `json:"value"`
}

// fieldsOf are the fields that gob sends.
func fieldsOf(t reflect.Type) []int {
	var fields []int
	for i := 0; i < t.NumField(); i++ {
		if t.Field(i).IsExported() && t.Field(i).Type.Kind() != reflect.Chan {
			fields = append(fields, i)
		}
	}
	return fields
}

func parse[T any](raw json.RawMessage) (T, error) {
	var value T
	err := json.Unmarshal(raw, &value)
	return value, err
}

// set fills a value from its notation.
func (c Case) set(v reflect.Value, raw json.RawMessage) error {
	if v.CanAddr() && v.Addr().Type().Implements(opaqueType) {
		data, err := unhex(raw)
		if err != nil {
			return err
		}
		v.Addr().Interface().(Opaque).Set(data)
		return nil
	}
	if string(raw) == "null" {
		return nil
	}
	switch v.Kind() {
	case reflect.Bool:
		value, err := parse[bool](raw)
		v.SetBool(value)
		return err
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		text, err := parse[string](raw)
		if err != nil {
			return err
		}
		value, err := strconv.ParseInt(text, 10, 64)
		v.SetInt(value)
		return err
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		text, err := parse[string](raw)
		if err != nil {
			return err
		}
		value, err := strconv.ParseUint(text, 10, 64)
		v.SetUint(value)
		return err
	case reflect.Float32, reflect.Float64:
		value, err := float(raw)
		v.SetFloat(value)
		return err
	case reflect.Complex64, reflect.Complex128:
		parts, err := parse[[2]json.RawMessage](raw)
		if err != nil {
			return err
		}
		re, err := float(parts[0])
		if err != nil {
			return err
		}
		im, err := float(parts[1])
		v.SetComplex(complex(re, im))
		return err
	case reflect.String:
		data, err := unhex(raw)
		v.SetString(string(data))
		return err
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			data, err := unhex(raw)
			v.SetBytes(data)
			return err
		}
		items, err := parse[[]json.RawMessage](raw)
		if err != nil {
			return err
		}
		v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
		for i, item := range items {
			if err := c.set(v.Index(i), item); err != nil {
				return err
			}
		}
		return nil
	case reflect.Array:
		items, err := parse[[]json.RawMessage](raw)
		if err != nil {
			return err
		}
		for i, item := range items {
			if err := c.set(v.Index(i), item); err != nil {
				return err
			}
		}
		return nil
	case reflect.Map:
		entries, err := parse[[][2]json.RawMessage](raw)
		if err != nil {
			return err
		}
		v.Set(reflect.MakeMap(v.Type()))
		for _, entry := range entries {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			if err := c.set(key, entry[0]); err != nil {
				return err
			}
			if err := c.set(value, entry[1]); err != nil {
				return err
			}
			v.SetMapIndex(key, value)
		}
		return nil
	case reflect.Struct:
		items, err := parse[[]json.RawMessage](raw)
		if err != nil {
			return err
		}
		for i, field := range fieldsOf(v.Type()) {
			if err := c.set(v.Field(field), items[i]); err != nil {
				return err
			}
		}
		return nil
	case reflect.Pointer:
		inner, err := parse[[1]json.RawMessage](raw)
		if err != nil {
			return err
		}
		v.Set(reflect.New(v.Type().Elem()))
		return c.set(v.Elem(), inner[0])
	case reflect.Interface:
		inner, err := parse[inInterface](raw)
		if err != nil {
			return err
		}
		value := reflect.New(c.Concretes[inner.Type]).Elem()
		if err := c.set(value, inner.Value); err != nil {
			return err
		}
		v.Set(value)
		return nil
	}
	return fmt.Errorf("a value of type %v", v.Type())
}

// get gives the notation of a value.
func (c Case) get(v reflect.Value) (any, error) {
	if reflect.PointerTo(v.Type()).Implements(opaqueType) {
		at := reflect.New(v.Type())
		at.Elem().Set(v)
		return hex.EncodeToString(at.Interface().(Opaque).Get()), nil
	}
	switch v.Kind() {
	case reflect.Bool:
		return v.Bool(), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return strconv.FormatUint(v.Uint(), 10), nil
	case reflect.Float32, reflect.Float64:
		return bits(v.Float()), nil
	case reflect.Complex64, reflect.Complex128:
		return [2]string{bits(real(v.Complex())), bits(imag(v.Complex()))}, nil
	case reflect.String:
		return hex.EncodeToString([]byte(v.String())), nil
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			if v.IsNil() {
				return nil, nil
			}
			return hex.EncodeToString(v.Bytes()), nil
		}
		if v.IsNil() {
			return nil, nil
		}
		return c.items(v)
	case reflect.Array:
		return c.items(v)
	case reflect.Map:
		if v.IsNil() {
			return nil, nil
		}
		entries := [][2]any{}
		for iter := v.MapRange(); iter.Next(); {
			key, err := c.get(iter.Key())
			if err != nil {
				return nil, err
			}
			value, err := c.get(iter.Value())
			if err != nil {
				return nil, err
			}
			entries = append(entries, [2]any{key, value})
		}
		return entries, nil
	case reflect.Struct:
		items := []any{}
		for _, field := range fieldsOf(v.Type()) {
			item, err := c.get(v.Field(field))
			if err != nil {
				return nil, err
			}
			items = append(items, item)
		}
		return items, nil
	case reflect.Pointer:
		if v.IsNil() {
			return nil, nil
		}
		inner, err := c.get(v.Elem())
		return [1]any{inner}, err
	case reflect.Interface:
		if v.IsNil() {
			return nil, nil
		}
		for i, concrete := range c.Concretes {
			if concrete == v.Elem().Type() {
				inner, err := c.get(v.Elem())
				return map[string]any{"type": i, "value": inner}, err
			}
		}
		// One of those that gob registers by itself.
		return map[string]any{"type": -1, "value": v.Elem().Type().String()}, nil
	}
	return nil, errors.New("a value of type " + v.Type().String())
}

func (c Case) items(v reflect.Value) (any, error) {
	items := make([]any, v.Len())
	for i := range items {
		item, err := c.get(v.Index(i))
		if err != nil {
			return nil, err
		}
		items[i] = item
	}
	return items, nil
}

func unhex(raw json.RawMessage) ([]byte, error) {
	text, err := parse[string](raw)
	if err != nil {
		return nil, err
	}
	return hex.DecodeString(text)
}

func float(raw json.RawMessage) (float64, error) {
	text, err := parse[string](raw)
	if err != nil {
		return 0, err
	}
	value, err := strconv.ParseUint(text, 16, 64)
	return math.Float64frombits(value), err
}

func bits(value float64) string {
	return strconv.FormatUint(math.Float64bits(value), 16)
}
