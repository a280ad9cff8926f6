package models

import (
	"bytes"
	"cmp"
	"context"
	_ "embed" // the script
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"coldstart/reports/table"
	"coldstart/runner/environment"
	"coldstart/runner/privacy"
	"coldstart/runner/process"
)

//go:embed python/hub.py
var hubScript string

// Hub is the model hub, by its own client in a Python environment. The client runs a
// script that prints JSON, so that every release of it will do. Its token comes from
// HF_TOKEN in this process's environment alone; it is never an argument, written or
// printed.
type Hub struct{ Environment *environment.Installed }

// ask asks the hub about repositories; the answers are in their order. An error, such as
// a *failure, concerns all of them; what concerns one is its Failure.
func (h *Hub) ask(ctx context.Context, names []string) ([]repository, error) {
	var found []repository
	err := h.run(ctx, append([]string{"ask"}, names...), func(answer []byte) error {
		var r repository
		err := json.Unmarshal(answer, &r)
		found = append(found, r)
		return err
	})
	if err == nil && len(found) != len(names) {
		err = fmt.Errorf("the hub's client answered about %s", table.Part(len(found), len(names), "repository"))
	}
	return found, err
}

// fetch fetches files of a repository into a folder and checks their sizes. Complete files
// stay as they are.
func (h *Hub) fetch(ctx context.Context, r *repository, files []file, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	words := []string{"fetch", r.Name, r.Revision, dir}
	for _, f := range files {
		words = append(words, f.Name)
	}
	if err := h.run(ctx, words, func([]byte) error { return nil }); err != nil {
		return err
	}
	for _, f := range files {
		path := filepath.Join(dir, f.Name)
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		if info.Size() != f.Size {
			return &failure{Kind: "cut", Says: fmt.Sprintf("%s has %d bytes of %d", path, info.Size(), f.Size)}
		}
	}
	return nil
}

// run runs the script and calls hear with each of its answers.
func (h *Hub) run(ctx context.Context, words []string, hear func(answer []byte) error) error {
	heard := &listener{hear: hear, last: process.Tail{Keep: hubLines}}
	program := &process.Program{
		Args: append([]string{h.Environment.Python(), "-c", hubScript}, words...),
		Env:  h.Environment.Variables(hubVariables()),
	}
	filtered := privacy.Secrets(os.Environ()).Writer(heard)
	err := program.Run(ctx, filtered)
	switch err = errors.Join(err, filtered.Close()); {
	case ctx.Err() != nil:
		return ctx.Err()
	case heard.failure != nil:
		return heard.failure
	case err != nil || !heard.answered:
		return fmt.Errorf("the hub's client failed (%w): %s",
			cmp.Or(err, errors.New("no answer")), strings.Join(heard.last.Lines(), "\n    "))
	}
	return nil
}

// hubVariables are those of the client. An environment's variables may keep its engine
// offline; downloads are only the caller's to forbid.
func hubVariables() map[string]string {
	return map[string]string{
		"HF_HUB_OFFLINE": os.Getenv("HF_HUB_OFFLINE"), "TRANSFORMERS_OFFLINE": os.Getenv("TRANSFORMERS_OFFLINE"),
		"HF_HUB_DISABLE_IMPLICIT_TOKEN": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1",
		"PYTHONUNBUFFERED": "1",
	}
}

// listener reads what the script prints: answers in JSON, and the client's own lines.
type listener struct {
	hear     func(answer []byte) error
	failure  *failure
	answered bool
	last     process.Tail // of the client's own lines
}

// hubLines is how many lines show why the client failed.
const hubLines = 10

// Write takes whole lines, as a privacy.Filter hands them on.
func (l *listener) Write(line []byte) (int, error) {
	text := bytes.TrimSpace(line)
	var all struct{ Failed *failure }
	switch {
	case len(text) == 0:
	case text[0] != '{' || json.Unmarshal(text, &all) != nil:
		return l.last.Write(line)
	case all.Failed != nil:
		l.failure = all.Failed
	default:
		l.answered = true
		return len(line), l.hear(text)
	}
	return len(line), nil
}
