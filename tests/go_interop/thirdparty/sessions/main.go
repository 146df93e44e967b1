// Command sessions keeps web sessions in the stores of github.com/gorilla/sessions
// and of github.com/alexedwards/scs, or prints those that it finds there:
//
//	sessions write gorilla|scs DIR
//	sessions read gorilla|scs DIR
package main

import (
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/gorilla/sessions"
)

// User is registered as it is.
type User struct {
	Name  string
	Roles []string
}

// Cart is registered as a pointer.
type Cart struct {
	Items map[string]int
	Since time.Time
}

// key is what programs have for a key of their own.
type key int

const lastPage key = 1

// hashKey signs the sessions of gorilla/sessions.
var hashKey = []byte("a key that both sides know")

func date(nanos int, zone *time.Location) time.Time {
	return time.Date(2026, 11, 26, 17, 30, 0, nanos, zone)
}

func values() map[string]any {
	return map[string]any{
		"name":    "Ada",
		"visits":  42,
		"quota":   int64(1) << 40,
		"level":   uint8(3),
		"ratio":   2.5,
		"admin":   true,
		"token":   []byte{0x00, 0x7f, 0x80, 0xff},
		"seen":    date(123456789, time.UTC),
		"local":   date(0, time.FixedZone("", -5*3600-1800)),
		"idle":    90 * time.Second,
		"user":    User{Name: "Ada", Roles: []string{"admin", "author"}},
		"cart":    &Cart{Items: map[string]int{"tea": 2}, Since: date(0, time.UTC)},
		"nothing": nil,
		"settings": map[string]any{
			"theme": "dark",
			"size":  12,
			"inner": map[string]any{"beta": true},
		},
	}
}

// show prints a value with the types of all that it holds.
func show(value any) string {
	switch value := value.(type) {
	case time.Time:
		return value.Format(time.RFC3339Nano)
	case *Cart:
		return fmt.Sprintf("*main.Cart{%v %s}", value.Items, show(value.Since))
	case map[string]any:
		var entries []string
		for key, value := range value {
			entries = append(entries, fmt.Sprintf("%q: %s", key, show(value)))
		}
		slices.Sort(entries)
		return "{" + strings.Join(entries, ", ") + "}"
	}
	return fmt.Sprintf("%T(%#v)", value, value)
}

func printAll[K comparable](title string, values map[K]any) {
	var lines []string
	for key, value := range values {
		lines = append(lines, fmt.Sprintf("%s: %s = %s", title, show(key), show(value)))
	}
	slices.Sort(lines)
	for _, line := range lines {
		fmt.Println(line)
	}
}

// gorillaStores is a store for sessions in files, and one for sessions in
// cookies. Each session is called like its store.
func gorillaStores(dir string) map[string]sessions.Store {
	return map[string]sessions.Store{
		"file":   sessions.NewFilesystemStore(dir, hashKey),
		"cookie": sessions.NewCookieStore(hashKey),
	}
}

func writeGorilla(dir string) error {
	for name, store := range gorillaStores(dir) {
		request, response := httptest.NewRequest("GET", "/", nil), httptest.NewRecorder()
		session, err := store.Get(request, name)
		if err != nil {
			return err
		}
		for key, value := range values() {
			session.Values[key] = value
		}
		session.Values[lastPage] = "/basket"
		session.Values[7] = "seven"
		session.AddFlash("saved")
		session.AddFlash(404)
		if err := session.Save(request, response); err != nil {
			return err
		}
		cookie := response.Result().Cookies()[0]
		if err := os.WriteFile(filepath.Join(dir, name), []byte(cookie.Value), 0o600); err != nil {
			return err
		}
	}
	return nil
}

func readGorilla(dir string) error {
	for _, name := range []string{"cookie", "file"} {
		value, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		request := httptest.NewRequest("GET", "/", nil)
		request.AddCookie(&http.Cookie{Name: name, Value: string(value)})
		session, err := gorillaStores(dir)[name].Get(request, name)
		if err != nil {
			return err
		}
		if session.IsNew {
			return fmt.Errorf("%s: the session was not found", name)
		}
		printAll(name, session.Values)
	}
	return nil
}

// folder is a store for scs: a file for each session.
type folder string

func (f folder) path(token string) string {
	return filepath.Join(string(f), filepath.Base(token))
}

func (f folder) Delete(token string) error {
	return os.Remove(f.path(token))
}

func (f folder) Find(token string) ([]byte, bool, error) {
	data, err := os.ReadFile(f.path(token))
	if errors.Is(err, os.ErrNotExist) {
		return nil, false, nil
	}
	return data, err == nil, err
}

func (f folder) Commit(token string, data []byte, _ time.Time) error {
	return os.WriteFile(f.path(token), data, 0o600)
}

func scsManager(dir string) *scs.SessionManager {
	manager := scs.New()
	manager.Store = folder(dir)
	return manager
}

func writeScs(dir string) error {
	manager := scsManager(dir)
	ctx, err := manager.Load(context.Background(), "")
	if err != nil {
		return err
	}
	for key, value := range values() {
		manager.Put(ctx, key, value)
	}
	manager.SetDeadline(ctx, date(0, time.UTC).AddDate(10, 0, 0))
	_, _, err = manager.Commit(ctx)
	return err
}

func readScs(dir string) error {
	files, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, file := range files {
		manager := scsManager(dir)
		ctx, err := manager.Load(context.Background(), file.Name())
		if err != nil {
			return err
		}
		fmt.Println("deadline:", show(manager.Deadline(ctx)))
		values := map[string]any{}
		for _, key := range manager.Keys(ctx) {
			values[key] = manager.Get(ctx, key)
		}
		printAll("scs", values)
	}
	return nil
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("sessions: ")
	if len(os.Args) != 4 {
		log.Fatal("usage: sessions write|read gorilla|scs DIR")
	}
	gob.Register(User{})
	gob.Register(&Cart{})
	gob.Register(lastPage)
	gob.Register(time.Time{})
	gob.Register(time.Duration(0))
	gob.Register(map[string]any{})
	err := fmt.Errorf("%s %s?", os.Args[1], os.Args[2])
	switch os.Args[1] + " " + os.Args[2] {
	case "write gorilla":
		err = writeGorilla(os.Args[3])
	case "read gorilla":
		err = readGorilla(os.Args[3])
	case "write scs":
		err = writeScs(os.Args[3])
	case "read scs":
		err = readScs(os.Args[3])
	}
	if err != nil {
		log.Fatal(err)
	}
}
