// Command files writes and reads gob files in the shapes that Go programs keep
// on disk: session stores, caches, tables.
//
//	files write session|cache|table FILE
//	files read session|cache|table FILE
package main

import (
	"bufio"
	"encoding/gob"
	"fmt"
	"io"
	"log"
	"os"
	"reflect"
	"time"
)

// Session is what a web session store keeps: gorilla/sessions has this type.
type Session map[interface{}]interface{}

// User is a type that a program registers for its sessions.
type User struct {
	Name  string
	Roles []string
}

// Item is an entry of a cache.
type Item struct {
	Object  string
	Expires time.Time
}

// Record is a row of a table.
type Record struct {
	ID    int
	Name  string
	Tags  []string
	Score float64
	Data  []byte
}

// Rows is how long the table is: about 100 MB.
const Rows = 1_000_000

func session() Session {
	return Session{
		"user":    User{Name: "Ada", Roles: []string{"admin", "author"}},
		"visits":  42,
		7:         "seven",
		"flashes": []interface{}{"saved", true, 2.5},
		true:      nil,
	}
}

func cache() map[string]Item {
	return map[string]Item{
		"never": {Object: "kept"},
		"utc":   {Object: "a", Expires: time.Date(2026, 11, 23, 12, 30, 0, 123456789, time.UTC)},
		"zone":  {Object: "b", Expires: time.Date(2026, 11, 23, 12, 30, 0, 0, time.FixedZone("", -5*3600-1800))},
	}
}

func record(i int) Record {
	r := Record{ID: i, Name: fmt.Sprintf("record number %d", i), Score: float64(i) / 8}
	if i%2 == 0 {
		r.Tags = []string{"even", "number"}
	}
	r.Data = make([]byte, 60)
	for j := range r.Data {
		r.Data[j] = byte(i + j)
	}
	return r
}

func table() []Record {
	records := make([]Record, Rows)
	for i := range records {
		records[i] = record(i)
	}
	return records
}

func write(shape string, w io.Writer) error {
	e := gob.NewEncoder(w)
	switch shape {
	case "session":
		return e.Encode(session())
	case "cache":
		return e.Encode(cache())
	case "table":
		return e.Encode(table())
	}
	return fmt.Errorf("no shape %q", shape)
}

// read tells whether what it reads is what write writes.
func read(shape string, r io.Reader) error {
	d := gob.NewDecoder(r)
	switch shape {
	case "session":
		var got Session
		if err := d.Decode(&got); err != nil {
			return err
		}
		want := session()
		// gob leaves out a nil interface in a struct, but keeps one in a map.
		if !reflect.DeepEqual(got, want) {
			return fmt.Errorf("got %v, want %v", got, want)
		}
	case "cache":
		var got map[string]Item
		if err := d.Decode(&got); err != nil {
			return err
		}
		for key, want := range cache() {
			item := got[key]
			_, offset := item.Expires.Zone()
			_, wanted := want.Expires.Zone()
			if item.Object != want.Object || !item.Expires.Equal(want.Expires) || offset != wanted {
				return fmt.Errorf("%s: got %v, want %v", key, item, want)
			}
		}
		if len(got) != len(cache()) {
			return fmt.Errorf("got %v", got)
		}
	case "table":
		var got []Record
		if err := d.Decode(&got); err != nil {
			return err
		}
		if len(got) != Rows {
			return fmt.Errorf("got %d rows", len(got))
		}
		for i := range got {
			if !reflect.DeepEqual(got[i], record(i)) {
				return fmt.Errorf("row %d is %v", i, got[i])
			}
		}
	default:
		return fmt.Errorf("no shape %q", shape)
	}
	if err := d.DecodeValue(reflect.Value{}); err != io.EOF {
		return fmt.Errorf("after the value: %v", err)
	}
	return nil
}

func run(verb, shape, path string) error {
	switch verb {
	case "write":
		f, err := os.Create(path)
		if err != nil {
			return err
		}
		w := bufio.NewWriterSize(f, 1<<20)
		if err := write(shape, w); err != nil {
			return err
		}
		if err := w.Flush(); err != nil {
			return err
		}
		return f.Close()
	case "read":
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		return read(shape, bufio.NewReaderSize(f, 1<<20))
	}
	return fmt.Errorf("no verb %q", verb)
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 4 {
		log.Fatal("usage: files write|read session|cache|table FILE")
	}
	gob.Register(User{})
	gob.Register([]interface{}{})
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		log.Fatal(err)
	}
}
