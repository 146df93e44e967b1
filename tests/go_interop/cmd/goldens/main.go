// Command goldens writes what encoding/gob makes of a list of values:
//
//	goldens DIR         NAME.gob for every case, and manifest.json
//	goldens -case NAME  the stream of one case, to stdout
//
// Go numbers types per process, in the order it meets them. So that every
// stream starts at the first free number, as that of a fresh program does,
// the program runs itself once per case.
package main

import (
	"bytes"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

type manifest struct {
	Go    string          `json:"go"`
	Cases []manifestEntry `json:"cases"`
}

type manifestEntry struct {
	Name string `json:"name"`
	// GoType has the declarations the case uses, GoValue the statements
	// that make the stream; both are the program's own source text.
	GoType  string `json:"go_type"`
	GoValue string `json:"go_value"`
	Hex     string `json:"hex"`
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("goldens: ")
	one := flag.String("case", "", "write the stream of this case to stdout")
	flag.Parse()

	var err error
	switch {
	case *one != "" && flag.NArg() == 0:
		err = writeCase(*one)
	case *one == "" && flag.NArg() == 1:
		err = writeAll(flag.Arg(0))
	default:
		log.Fatal("usage: goldens DIR | goldens -case NAME")
	}
	if err != nil {
		log.Fatal(err)
	}
}

func writeCase(name string) error {
	for _, c := range allCases() {
		if c.name == name {
			encoder := gob.NewEncoder(os.Stdout)
			c.write(func(v any) {
				if err := encoder.Encode(v); err != nil {
					log.Fatalf("%s: %v", name, err)
				}
			})
			return nil
		}
	}
	return fmt.Errorf("no case %q", name)
}

func writeAll(dir string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	texts, err := readSource()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	// Streams of cases that are no more.
	old, err := filepath.Glob(filepath.Join(dir, "*.gob"))
	if err != nil {
		return err
	}
	for _, path := range old {
		if err := os.Remove(path); err != nil {
			return err
		}
	}

	m := manifest{Go: runtime.Version()}
	seen := map[string]bool{}
	for _, c := range allCases() {
		if seen[c.name] {
			return fmt.Errorf("two cases are named %q", c.name)
		}
		seen[c.name] = true
		cmd := exec.Command(self, "-case", c.name)
		cmd.Stderr = os.Stderr
		stream, err := cmd.Output()
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		if err := os.WriteFile(filepath.Join(dir, c.name+".gob"), stream, 0o666); err != nil {
			return err
		}
		m.Cases = append(m.Cases, manifestEntry{
			Name:    c.name,
			GoType:  texts[c.name].types,
			GoValue: texts[c.name].body,
			Hex:     hex.EncodeToString(stream),
		})
	}

	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(m); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "manifest.json"), text.Bytes(), 0o666); err != nil {
		return err
	}
	fmt.Printf("%d cases, %s\n", len(m.Cases), m.Go)
	return nil
}
