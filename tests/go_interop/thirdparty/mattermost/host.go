package main

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
	"github.com/mattermost/mattermost/server/public/plugin"
	"github.com/mattermost/mattermost/server/public/shared/mlog"
)

const id = "test.censor"

const manifest = `{"id": "` + id + `", "version": "1.0.0", "server": {"executable": "plugin"}}`

// A server is what the plugin sees of Mattermost. Every call is printed.
type server struct {
	plugin.API // whatever the plugin does not call
	word       string
	taken      bool
	store      map[string][]byte
}

func (s *server) LoadPluginConfiguration(dest any) error {
	config := map[string]any{"word": nil}
	if s.word != "" {
		config["word"] = s.word
	}
	*dest.(*any) = config
	return nil
}

func (s *server) RegisterCommand(command *model.Command) error {
	fmt.Println("- command", command.Trigger)
	if s.taken {
		return errors.New("the command is taken")
	}
	return nil
}

func (s *server) LogDebug(text string, pairs ...any) { fmt.Println("- debug", text, pairs) }

func (s *server) LogInfo(text string, pairs ...any) { fmt.Println("- info", text, pairs) }

func (s *server) KVGet(key string) ([]byte, *model.AppError) { return s.store[key], nil }

func (s *server) KVSet(key string, value []byte) *model.AppError {
	fmt.Printf("- set %s = %s\n", key, value)
	s.store[key] = value
	return nil
}

func (s *server) GetUser(id string) (*model.User, *model.AppError) {
	if id != "ada" {
		return nil, model.NewAppError("GetUser", "no such user", nil, "id="+id, http.StatusNotFound)
	}
	return &model.User{Id: id, Username: "countess", Props: model.StringMap{"machine": "analytical"}}, nil
}

func (s *server) CreatePost(post *model.Post) (*model.Post, *model.AppError) {
	fmt.Println("- post", post.ChannelId, post.UserId, post.Message, post.Props["count"])
	if post.ChannelId == "archive" {
		return nil, model.NewAppError("CreatePost", "the channel is archived", nil, "", http.StatusForbidden)
	}
	post.Id = fmt.Sprint("post-", post.Props["count"])
	return post, nil
}

// A database to which no connection can be made.
type database struct{ plugin.AppDriver }

func (database) ConnWithPluginID(bool, string) (string, error) { return "", sql.ErrConnDone }

func (database) ShutdownConns(string) {}

// newLogger makes one that prints what should not happen.
func newLogger() (*mlog.Logger, error) {
	logger, err := mlog.NewLogger()
	if err != nil {
		return nil, err
	}
	return logger, logger.ConfigureTargets(mlog.LoggerConfiguration{"stderr": {
		Type:    "console",
		Format:  "plain",
		Levels:  []mlog.Level{mlog.LvlWarn, mlog.LvlError, mlog.LvlCritical, mlog.LvlFatal, mlog.LvlPanic},
		Options: []byte(`{"out": "stderr"}`),
	}}, nil)
}

// install makes a directory as it is when an administrator has uploaded the
// plugin.
func install(program string) (string, error) {
	dir, err := os.MkdirTemp("", "mattermost")
	if err != nil {
		return "", err
	}
	program, err = filepath.Abs(program)
	return dir, errors.Join(
		err,
		os.Mkdir(filepath.Join(dir, id), 0o700),
		os.WriteFile(filepath.Join(dir, id, "plugin.json"), []byte(manifest), 0o600),
		os.Symlink(program, filepath.Join(dir, id, "plugin")),
	)
}

func run(program string) error {
	logger, err := newLogger()
	if err != nil {
		return err
	}
	defer func() { _ = logger.Shutdown() }()
	mlog.InitGlobalLogger(logger)
	dir, err := install(program)
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	s := &server{word: "tabs", taken: true, store: map[string][]byte{}}
	newAPI := func(*model.Manifest) plugin.API { return s }
	env, err := plugin.NewEnvironment(newAPI, database{}, dir, filepath.Join(dir, "webapp"), logger, nil)
	if err != nil {
		return err
	}
	defer env.Shutdown()

	fmt.Println("activate:", activate(env))
	s.taken = false
	fmt.Println("activate:", activate(env))
	hooks, err := env.HooksForPlugin(id)
	if err != nil {
		return err
	}
	implemented, err := hooks.Implemented()
	if err != nil {
		return err
	}
	fmt.Println("implemented:", strings.Join(implemented, " "))

	post(hooks, "hello :shrug:")
	post(hooks, "I like tabs")

	command(hooks, "ada", "town-square")
	command(hooks, "ada", "town-square")
	command(hooks, "bob", "town-square")
	command(hooks, "ada", "archive")

	request(hooks, http.MethodPost, "/shout?loud", "hello")
	request(hooks, http.MethodPost, "/shout", strings.Repeat("x", 1<<20))
	request(hooks, http.MethodGet, "/whisper", "")

	s.word = ""
	fmt.Println("configure:", hooks.OnConfigurationChange())
	s.word = "spaces"
	fmt.Println("configure:", hooks.OnConfigurationChange())
	post(hooks, "I like tabs")
	post(hooks, "I like spaces")

	if err := env.PerformHealthCheck(id); err != nil {
		return err
	}
	fmt.Println("deactivate:", env.Deactivate(id))
	return nil
}

// activate starts the plugin, and gives it more time for that than Mattermost
// does.
func activate(env *plugin.Environment) (err error) {
	for range 20 {
		_, _, err = env.Activate(id)
		if err == nil || !strings.Contains(err.Error(), "timeout while waiting for plugin to start") {
			break
		}
	}
	return err
}

func post(hooks plugin.Hooks, message string) {
	newPost := func() *model.Post {
		return &model.Post{
			Id:       "post",
			CreateAt: 1,
			Message:  message,
			Props: model.StringInterface{
				"attachments": []*model.SlackAttachment{{Text: "a", Actions: []*model.PostAction{{Name: "b"}}}},
				"list":        []any{"a", 1, map[string]any{"b": 2.5}},
				"bot":         true,
			},
			Metadata: &model.PostMetadata{Emojis: []*model.Emoji{{Name: "shrug"}}},
		}
	}
	sent := newPost()
	post, reason := hooks.MessageWillBePosted(&plugin.Context{SessionId: "session"}, sent)
	want := newPost()
	want.Message = post.Message
	fmt.Printf("message: %s, the rest as it was: %t; %q\n", post.Message, reflect.DeepEqual(post, want), reason)
}

func command(hooks plugin.Hooks, user, channel string) {
	response, err := hooks.ExecuteCommand(&plugin.Context{}, &model.CommandArgs{
		UserId:       user,
		ChannelId:    channel,
		Command:      "/greet",
		UserMentions: model.UserMentionMap{"countess": "ada"},
	})
	if err != nil {
		fmt.Println("command:", err, err.StatusCode)
		return
	}
	fmt.Println("command:", response.ResponseType, response.Text)
}

func request(hooks plugin.Hooks, method, url, body string) {
	w := httptest.NewRecorder()
	r := httptest.NewRequest(method, url, strings.NewReader(body))
	r.Header.Set("X-Name", "gopher")
	if body == "" {
		r.Body = nil
	}
	hooks.ServeHTTP(&plugin.Context{}, w, r)
	reply, _ := io.ReadAll(w.Result().Body)
	fmt.Printf("http: %d, from %q, %d bytes, loud: %t\n",
		w.Code, w.Result().Header.Get("X-From"), len(reply), string(reply) == strings.ToUpper(body))
}
