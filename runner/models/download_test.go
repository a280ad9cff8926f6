package models

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coldstart/runner/hub"
)

// toldHub is a hub that says what it is told to.
type toldHub struct {
	found   []hub.Repository
	err     error // of asking
	fetch   func(dir string) error
	fetched []string
}

func (h *toldHub) Ask(context.Context, []string) ([]hub.Repository, error) { return h.found, h.err }

func (h *toldHub) Fetch(_ context.Context, r *hub.Repository, _ []hub.File, dir string) error {
	h.fetched = append(h.fetched, r.Name)
	return h.fetch(dir)
}

// notes is a screen that keeps the notes.
type notes struct{ *strings.Builder }

func (n notes) Notef(format string, args ...any) { fmt.Fprintf(n, format+"\n", args...) }

func (notes) Transfer(string, int64) (set func(int64), stop func()) { return func(int64) {}, func() {} }

// Before anything is fetched it is said what cannot be had, and seen whether there is
// room; nothing is taken for a model that is none.
func TestModelsDownload(t *testing.T) {
	weights := func(size int64) []hub.File { return []hub.File{{Name: "model.safetensors", Size: size}} }
	yi := hub.Repository{Name: "01-ai/Yi-6B", Page: "https://hub.example/01-ai/Yi-6B", Revision: "0123456789abcdef", Files: weights(900)}
	gated := hub.Repository{Name: "meta-llama/Llama-3.2-3B", Page: "https://hub.example/meta-llama/Llama-3.2-3B", Files: weights(1 << 60), Failure: &hub.Failure{Kind: "gated"}}
	bare := hub.Repository{Name: "Qwen/Qwen1.5-4B", Page: "https://hub.example/Qwen/Qwen1.5-4B", Files: []hub.File{{Name: "model.gguf", Size: 5}}}
	vast := yi
	vast.Files = weights(1 << 60)
	whole := func(dir string) error { return Tiny(dir) }
	tests := []struct {
		name    string
		keys    string
		hub     toldHub
		fetched string
		want    []string // what is told, in this order
	}{
		{"whole", "yi-6b", toldHub{found: []hub.Repository{yi}, fetch: whole}, "01-ai/Yi-6B", []string{"models to fetch into DIR: 1, 0.0 GB", "yi-6b: complete, 0.0 GB in ", " s, 01-ai/Yi-6B at 0123456789ab"}},
		{"gated, which takes no room", "llama3-3b yi-6b", toldHub{found: []hub.Repository{gated, yi}, fetch: whole}, "01-ai/Yi-6B",
			[]string{"llama3-3b: https://hub.example/meta-llama/Llama-3.2-3B, it is gated: ask for access on its page", "models to fetch into DIR: 1", "yi-6b: complete", "not fetched, for the reasons above: llama3-3b"}},
		{"no weights", "qwen-4b", toldHub{found: []hub.Repository{bare}}, "", []string{"qwen-4b: https://hub.example/Qwen/Qwen1.5-4B has no weights that vLLM reads", "not fetched"}},
		{"no room", "yi-6b", toldHub{found: []hub.Repository{vast}}, "", []string{"GB free, and 1152921504.6 GB are needed: choose another directory with --models"}},
		{"no hub", "yi-6b", toldHub{err: &hub.Failure{Kind: "offline", Says: "refused"}}, "", []string{"cannot ask the hub about models: the hub cannot be reached"}},
		{"a missing part", "yi-6b", toldHub{found: []hub.Repository{yi}, fetch: func(dir string) error {
			return errors.Join(whole(dir), os.Remove(filepath.Join(dir, "model.safetensors")))
		}}, "01-ai/Yi-6B", []string{"yi-6b is not complete: DIR/yi-6b: its weight file is missing"}},
		{"interrupted", "yi-6b", toldHub{found: []hub.Repository{yi}, fetch: func(string) error { return context.Canceled }}, "01-ai/Yi-6B", []string{"interrupted; the files that came whole are kept in DIR, and the same command goes on"}},
		{"the disk is full", "yi-6b", toldHub{found: []hub.Repository{yi}, fetch: func(string) error { return &hub.Failure{Kind: "disk", Says: "No space left on device"} }}, "01-ai/Yi-6B", []string{"yi-6b is not complete: the disk is full: make room, and the same command goes on"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "models")
			var told strings.Builder
			d := Download{Hub: &test.hub, Dir: dir, Screen: notes{&told}}
			if err := d.Run(t.Context(), strings.Fields(test.keys)); err != nil {
				told.WriteString(err.Error())
			}
			text := strings.ReplaceAll(told.String(), dir, "DIR")
			for rest, i := text, 0; i < len(test.want); i++ {
				_, after, found := strings.Cut(rest, test.want[i])
				if !found {
					t.Errorf("%q is not told, or not there, in\n%s", test.want[i], text)
				}
				rest = after
			}
			if got := strings.Join(test.hub.fetched, " "); got != test.fetched {
				t.Errorf("fetched %q, want %q", got, test.fetched)
			}
		})
	}
}
