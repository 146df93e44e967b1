// Command go measures encoding/gob on request: one line of input, as in
// "Encode/P1/60", is measured for that many milliseconds and answered with a
// line of three numbers, nanoseconds, allocations and allocated bytes of one
// operation. "dump/P1" is answered with the stream of one value in hexadecimal.
package main

import (
	"bufio"
	"bytes"
	"encoding/gob"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

// cycle reads a stream to its end, and then its tail again and again.
type cycle struct {
	bytes    []byte
	tail, at int
}

func (c *cycle) Read(p []byte) (int, error) {
	n := copy(p, c.bytes[c.at:])
	c.at += n
	if c.at == len(c.bytes) {
		c.at = c.tail
	}
	return n, nil
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func stream(v any, times int) []byte {
	var buf bytes.Buffer
	enc := gob.NewEncoder(&buf)
	for range times {
		check(enc.Encode(v))
	}
	return buf.Bytes()
}

// operations are what is done with one payload, each by its table.
func operations[T any](v T) map[string]func() func() {
	return map[string]func() func(){
		"Encode": func() func() {
			enc := gob.NewEncoder(io.Discard)
			return func() { check(enc.Encode(&v)) }
		},
		"Decode": func() func() {
			dec := gob.NewDecoder(&cycle{bytes: stream(&v, 2), tail: len(stream(&v, 1))})
			return func() {
				var v T
				check(dec.Decode(&v))
			}
		},
		"Encode, cold": func() func() {
			return func() { check(gob.NewEncoder(io.Discard).Encode(&v)) }
		},
		"Decode, cold": func() func() {
			in := stream(&v, 1)
			return func() {
				var v T
				check(gob.NewDecoder(bytes.NewReader(in)).Decode(&v))
			}
		},
		"dump": func() func() {
			return func() { fmt.Println(hex.EncodeToString(stream(&v, 1))) }
		},
	}
}

// measure is the median of some stretches, as in the Rust program.
func measure(op func(), budget time.Duration) (ns, allocs, size float64) {
	const stretches = 5
	op()
	count := 1
	for {
		start := time.Now()
		for range count {
			op()
		}
		if took := time.Since(start); took >= budget/stretches/2 {
			count = max(1, int(float64(count)*float64(budget/stretches)/float64(took)))
			break
		}
		count *= 2
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	times := make([]float64, stretches)
	for i := range times {
		start := time.Now()
		for range count {
			op()
		}
		times[i] = float64(time.Since(start)) / float64(count)
	}
	runtime.ReadMemStats(&after)
	slices.Sort(times)
	total := float64(count * stretches)
	return times[stretches/2], float64(after.Mallocs-before.Mallocs) / total,
		float64(after.TotalAlloc-before.TotalAlloc) / total
}

func main() {
	payloads := map[string]map[string]func() func(){
		"P1": operations(p1()),
		"P2": operations(p2()),
		"P3": operations(p3()),
		"P4": operations(p4()),
		"P5": operations(p5()),
		"P6": operations(p6()),
		"P7": operations(p7()),
		"P8": operations(p8()),
		"P9": operations(p9()),
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if lines.Text() == "version" {
			fmt.Println(strings.TrimPrefix(runtime.Version(), "go"))
			continue
		}
		// "Decode, cold/P1/60"
		parts := bytes.Split(lines.Bytes(), []byte("/"))
		op := payloads[string(parts[1])][string(parts[0])]()
		if len(parts) == 2 {
			op()
			continue
		}
		var milliseconds int
		_, err := fmt.Sscan(string(parts[2]), &milliseconds)
		check(err)
		runtime.GC()
		fmt.Println(measure(op, time.Duration(milliseconds)*time.Millisecond))
	}
	check(lines.Err())
}
