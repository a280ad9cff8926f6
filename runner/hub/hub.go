// Package hub fetches models from the hub, by the hub's own client in a Python
// environment, which knows its protocols and goes on with what was begun.
//
//	repositories ──Ask──▶ files, sizes, who may have them ──Fetch──▶ a model's folder
//
// The client is told what to do by a script (python/hub.py) that prints JSON, so that
// any release of it will do. A token comes from HF_TOKEN in this process's environment
// alone: it is no argument, and is neither written nor printed.
package hub

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

	"coldstart/runner/environment"
	"coldstart/runner/privacy"
	"coldstart/runner/process"
)

//go:embed python/hub.py
var script string

// Client is the hub's client in an environment.
type Client struct{ Environment *environment.Installed }

// Repository is one of the hub, as it is now.
type Repository struct {
	Name     string   `json:"repository"` // such as "Qwen/Qwen1.5-0.5B"
	Page     string   `json:"page"`       // its address, for a browser
	Revision string   `json:"revision"`   // hash of the commit
	Files    []File   `json:"files"`
	Failure  *Failure `json:"failure"` // why it cannot be had; nil where it can
}

// File is one of a repository.
type File struct {
	Name string `json:"name"` // with slashes
	Size int64  `json:"size"` // bytes
}

// Bytes is the size of files.
func Bytes(files []File) (sum int64) {
	for _, f := range files {
		sum += f.Size
	}
	return sum
}

// Present is how many bytes of files are in a folder, with those of half files that
// the client keeps beside them.
func Present(dir string, files []File) (sum int64) {
	for _, f := range files {
		if info, err := os.Stat(filepath.Join(dir, f.Name)); err == nil {
			sum += min(info.Size(), f.Size)
		}
	}
	halves, _ := filepath.Glob(filepath.Join(dir, ".cache", "huggingface", "download", "*.incomplete"))
	for _, path := range halves {
		if info, err := os.Stat(path); err == nil {
			sum += info.Size()
		}
	}
	return min(sum, Bytes(files))
}

// Ask asks the hub about repositories; the answers are in their order. An error, such
// as a *Failure, concerns all of them; what concerns one is its Failure.
func (c *Client) Ask(ctx context.Context, names []string) ([]Repository, error) {
	var found []Repository
	err := c.run(ctx, append([]string{"ask"}, names...), func(answer []byte) error {
		var r Repository
		err := json.Unmarshal(answer, &r)
		found = append(found, r)
		return err
	})
	if err == nil && len(found) != len(names) {
		err = fmt.Errorf("the hub's client told of %d repositories, and was asked about %d", len(found), len(names))
	}
	return found, err
}

// Fetch fetches files of a repository, as Ask found it, into a folder. What is there
// whole stays. The files have the sizes that the hub told when it returns nil.
func (c *Client) Fetch(ctx context.Context, r *Repository, files []File, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	words := []string{"fetch", r.Name, r.Revision, dir}
	for _, f := range files {
		words = append(words, f.Name)
	}
	if err := c.run(ctx, words, func([]byte) error { return nil }); err != nil {
		return err
	}
	for _, f := range files {
		info, err := os.Stat(filepath.Join(dir, f.Name))
		if err != nil {
			return err
		}
		if info.Size() != f.Size {
			says := fmt.Sprintf("%s has %d bytes of %d", filepath.Join(dir, f.Name), info.Size(), f.Size)
			return &Failure{Kind: "cut", Says: says}
		}
	}
	return nil
}

// run runs the script and hears its answers, one after the other.
func (c *Client) run(ctx context.Context, words []string, hear func(answer []byte) error) error {
	heard := &listener{hear: hear, last: process.Tail{Keep: keptLines}}
	program := &process.Program{
		Args: append([]string{c.Environment.Python(), "-c", script}, words...),
		Env:  c.Environment.Variables(variables()),
	}
	filtered := privacy.Secrets(os.Environ()).Writer(heard)
	err := program.Run(ctx, filtered)
	switch err = errors.Join(err, filtered.Close()); {
	case ctx.Err() != nil:
		return ctx.Err()
	case heard.failure != nil:
		return heard.failure
	case err != nil || !heard.answered:
		return fmt.Errorf("the hub's client did not come to its end (%w): %s", cmp.Or(err, errors.New("it said nothing")),
			strings.Join(heard.last.Lines(), "\n    "))
	}
	return nil
}

// variables are those of the client. An environment may forbid its engine to ask the
// hub; here only the caller can.
func variables() map[string]string {
	return map[string]string{
		"HF_HUB_OFFLINE": os.Getenv("HF_HUB_OFFLINE"), "TRANSFORMERS_OFFLINE": os.Getenv("TRANSFORMERS_OFFLINE"),
		"HF_HUB_DISABLE_IMPLICIT_TOKEN": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1",
		"PYTHONUNBUFFERED": "1",
	}
}

// listener hears what the script prints: answers in JSON, and whatever the client
// prints besides.
type listener struct {
	hear     func(answer []byte) error
	failure  *Failure
	answered bool
	last     process.Tail // of the others
}

// keptLines is how many lines can show why the client failed.
const keptLines = 10

// Write takes whole lines, as a privacy.Filter hands them on.
func (l *listener) Write(line []byte) (int, error) {
	text := bytes.TrimSpace(line)
	var all struct{ Failed *Failure }
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
