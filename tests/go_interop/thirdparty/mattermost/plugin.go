package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/mattermost/mattermost/server/public/model"
	"github.com/mattermost/mattermost/server/public/plugin"
)

// The censor rejects messages that contain a word, and has a command that
// greets.
type censor struct {
	plugin.MattermostPlugin
	word atomic.Pointer[string]
}

func (c *censor) OnConfigurationChange() error {
	var config struct{ Word string }
	if err := c.API.LoadPluginConfiguration(&config); err != nil {
		return err
	}
	if config.Word == "" {
		return model.NewAppError("Censor", "no word is configured", nil, "", http.StatusBadRequest)
	}
	c.word.Store(&config.Word)
	return nil
}

func (c *censor) OnActivate() error {
	if err := c.API.RegisterCommand(&model.Command{Trigger: "greet"}); err != nil {
		return err
	}
	if _, err := c.Driver.Conn(true); err != nil {
		c.API.LogDebug("no database", "error", err)
	}
	word := *c.word.Load()
	c.API.LogInfo("active", "word", word, "length", len(word))
	return nil
}

func (c *censor) OnDeactivate() error {
	c.API.LogInfo("not active any more")
	return nil
}

func (c *censor) MessageWillBePosted(_ *plugin.Context, post *model.Post) (*model.Post, string) {
	if word := *c.word.Load(); strings.Contains(post.Message, word) {
		return nil, "nobody says " + word + " here"
	}
	post.Message = strings.ReplaceAll(post.Message, ":shrug:", `¯\_(ツ)_/¯`)
	return post, ""
}

func (c *censor) ExecuteCommand(_ *plugin.Context, args *model.CommandArgs) (*model.CommandResponse, *model.AppError) {
	user, err := c.API.GetUser(args.UserId)
	if err != nil {
		return nil, err
	}
	key := "greetings_" + user.Id
	value, err := c.API.KVGet(key)
	if err != nil {
		return nil, err
	}
	count, _ := strconv.Atoi(string(value))
	count++
	if err := c.API.KVSet(key, []byte(strconv.Itoa(count))); err != nil {
		return nil, err
	}
	post, err := c.API.CreatePost(&model.Post{
		UserId:    user.Id,
		ChannelId: args.ChannelId,
		Message:   "Welcome, @" + user.Username + "!",
		Props:     model.StringInterface{"count": count},
	})
	if err != nil {
		return nil, err
	}
	return &model.CommandResponse{
		ResponseType: model.CommandResponseTypeEphemeral,
		Text:         fmt.Sprintf("greeting %d is %s", count, post.Id),
	}, nil
}

// ServeHTTP shouts.
func (c *censor) ServeHTTP(_ *plugin.Context, w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/shout" {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("X-From", r.Header.Get("X-Name"))
	w.WriteHeader(http.StatusCreated)
	_, _ = w.Write(bytes.ToUpper(body))
}
