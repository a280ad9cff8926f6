package models

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coldstart/reports/result"
	"coldstart/runner/paper"
)

// toldHub is a hub with canned answers.
type toldHub struct {
	found   []repository
	err     error // of asking
	write   func(dir string) error
	fetched []string
}

func (h *toldHub) ask(context.Context, []string) ([]repository, error) { return h.found, h.err }

func (h *toldHub) fetch(_ context.Context, r *repository, _ []file, dir string) error {
	h.fetched = append(h.fetched, r.Name)
	return h.write(dir)
}

// notes is a screen that keeps the notes.
type notes struct{ *strings.Builder }

func (n notes) Notef(format string, args ...any) { fmt.Fprintf(n, format+"\n", args...) }

func (notes) Transfer(string, int64) (set func(int64), stop func()) { return func(int64) {}, func() {} }

// Refused models and missing disk space are reported before the download; an incomplete
// model is an error.
func TestModelsDownload(t *testing.T) {
	weights := func(size int64) []file { return []file{{Name: "model.safetensors", Size: size}} }
	yi := repository{Name: "01-ai/Yi-6B", Page: "https://hub.example/01-ai/Yi-6B", Revision: "0123456789abcdef", Files: weights(900)}
	gated := repository{Name: "meta-llama/Llama-3.2-3B", Page: "https://hub.example/meta-llama/Llama-3.2-3B", Files: weights(1 << 60), Failure: &failure{Kind: "gated"}}
	bare := repository{Name: "Qwen/Qwen1.5-4B", Page: "https://hub.example/Qwen/Qwen1.5-4B", Files: []file{{Name: "model.gguf", Size: 5}}}
	vast := yi
	vast.Files = weights(1 << 60)
	whole := func(dir string) error { return Tiny(dir) }
	tests := []struct {
		name    string
		keys    string
		hub     toldHub
		fetched string
		want    []string // messages, in this order
	}{
		{"whole", "yi-6b", toldHub{found: []repository{yi}, write: whole}, "01-ai/Yi-6B", []string{"models to download into DIR: 1, 0.0 GB", "yi-6b: complete, 0.0 GB in ", " s, 01-ai/Yi-6B at 0123456789ab"}},
		{"gated, which takes no room", "llama3-3b yi-6b", toldHub{found: []repository{gated, yi}, write: whole}, "01-ai/Yi-6B",
			[]string{"llama3-3b: https://hub.example/meta-llama/Llama-3.2-3B: the model is gated: request access on its page", "models to download into DIR: 1", "yi-6b: complete", "not downloaded, for the reasons above: llama3-3b"}},
		{"no weights", "qwen-4b", toldHub{found: []repository{bare}}, "", []string{"qwen-4b: https://hub.example/Qwen/Qwen1.5-4B: vLLM reads no format of its weights", "not downloaded"}},
		{"no room", "yi-6b", toldHub{found: []repository{vast}}, "", []string{"GB free, but 1152921504.6 GB are needed: choose another directory with --models"}},
		{"no hub", "yi-6b", toldHub{err: &failure{Kind: "offline", Says: "refused"}}, "", []string{"cannot ask the hub about models: cannot reach the hub"}},
		{"a missing part", "yi-6b", toldHub{found: []repository{yi}, write: func(dir string) error {
			return errors.Join(whole(dir), os.Remove(filepath.Join(dir, "model.safetensors")))
		}}, "01-ai/Yi-6B", []string{"yi-6b is incomplete: DIR/yi-6b: its weight file is missing"}},
		{"interrupted", "yi-6b", toldHub{found: []repository{yi}, write: func(string) error { return context.Canceled }}, "01-ai/Yi-6B", []string{"interrupted; complete files are kept in DIR: run the same command again to continue"}},
		{"the disk is full", "yi-6b", toldHub{found: []repository{yi}, write: func(string) error { return &failure{Kind: "disk", Says: "No space left on device"} }}, "01-ai/Yi-6B", []string{"yi-6b is incomplete: the disk is full: free some space, then run the same command again to continue"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "models")
			var told strings.Builder
			d := Download{Hub: &test.hub, Dir: dir, Screen: notes{&told}}
			if err := d.Run(t.Context(), ofKeys(t, test.keys)); err != nil {
				told.WriteString(err.Error())
			}
			text := strings.ReplaceAll(told.String(), dir, "DIR")
			for rest, i := text, 0; i < len(test.want); i++ {
				_, after, found := strings.Cut(rest, test.want[i])
				if !found {
					t.Errorf("%q is missing, or out of order, in\n%s", test.want[i], text)
				}
				rest = after
			}
			if got := strings.Join(test.hub.fetched, " "); got != test.fetched {
				t.Errorf("fetched %q, want %q", got, test.fetched)
			}
		})
	}
}

// ofKeys are the catalogue's models of keys.
func ofKeys(t *testing.T, keys string) (all []result.Model) {
	t.Helper()
	for _, key := range strings.Fields(keys) {
		m, err := paper.Catalogue().Model(key)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, m)
	}
	return all
}
