package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"coldstart/runner/console"
	"coldstart/runner/hub"
	"coldstart/runner/models"
	"coldstart/runner/paper"
)

// Without a network and an environment, mistakes are told before either is asked for.
func TestModelsMistakes(t *testing.T) {
	dir := t.TempDir()
	if err := models.Tiny(filepath.Join(dir, "llama3-3b")); err != nil {
		t.Fatal(err)
	}
	original := filepath.Join(dir, "yi-6b")
	if err := os.MkdirAll(original, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"config.json": "{}", "tokenizer.json": "{}", "model.safetensors.index.json": `{"weight_map": {"a": "model-2.safetensors"}}`} {
		if err := os.WriteFile(filepath.Join(original, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	empty := t.TempDir()
	tests := []struct {
		args string
		code int
		err  string
	}{
		{"download", exitUsage, "say where the models are: --models DIR, or --node NODE"},
		{"download gpt-9 --models " + dir, exitUsage, `the catalogue has no model "gpt-9"; it has qwen-0.5b, `},
		{"download yi-6b --all --models " + dir, exitUsage, "one of these"},
		{"download --all --figures 2 --models " + dir, exitUsage, "one of these"},
		{"download --figures 99 --models " + dir, exitUsage, `there is no figure "99"`},
		{"download --node n9 --models " + dir, exitUsage, `has no node "n9"`},
		{"download --figures 2 --models " + dir, exitFailed, dir + " has stand-ins of models whose originals are asked for: 'coldstart models remove llama3-3b --models " + dir + "' removes them"},
		{"download yi-6b --environments " + empty + " --models " + dir, exitFailed, "environment vllm-0.10.1.1 is not set up in " + empty + "; 'coldstart setup --environment vllm-0.10.1.1' does it"},
		{"download yi-6b --environment x --models " + dir, exitUsage, `there is no environment "x"; choose of vllm-0.10.1.1, `},
		{"tensorize yi-6b --environments " + empty + " --models " + dir, exitFailed, "environment vllm-0.10.1.1 is not set up"},
		{"make --models " + dir, exitUsage, "name the models to make"},
		{"make qwen-14.3b --models " + dir, exitFailed, "a stand-in of qwen-14.3b cannot be made"},
		{"make yi-6b --models " + dir, exitFailed, "yi-6b is no stand-in, and is left alone"},
		{"remove yi-6b --models " + dir, exitFailed, "yi-6b is nothing that coldstart made, and is left alone"},
	}
	for _, test := range tests {
		t.Run(test.args, func(t *testing.T) {
			got := coldstart(t, append([]string{"models"}, strings.Fields(test.args)...)...)
			if got.code != test.code || !strings.Contains(got.err, test.err) {
				t.Errorf("exit %d, want %d; error %q lacks %q", got.code, test.code, got.err, test.err)
			}
		})
	}
}

// The list tells originals, stand-ins, halves and copies apart, and which figures need
// them.
func TestModelsList(t *testing.T) {
	dir := t.TempDir()
	if err := models.Tiny(filepath.Join(dir, "yi-6b-tensorized")); err != nil {
		t.Fatal(err)
	}
	if err := models.Tiny(filepath.Join(dir, "llama3-3b")); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "llama3-3b", "coldstart-standin.json")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "yi-9b"), 0o755); err != nil {
		t.Fatal(err)
	}
	got := coldstart(t, "models", "list", "--json", "--models", dir)
	var all []listed
	if err := json.Unmarshal([]byte(got.out), &all); err != nil || got.code != exitDone {
		t.Fatalf("exit %d, %v: %s", got.code, err, got.err)
	}
	if want := len(paper.Models()) + 4; len(all) != want {
		t.Errorf("%d are listed, want %d", len(all), want)
	}
	for _, want := range []listed{
		{Key: "llama3-3b", Repository: "meta-llama/Llama-3.2-3B", State: "original"},
		{Key: "yi-6b-tensorized", CopyOf: "yi-6b", State: "stand-in", Figures: []string{"14"}},
		{Key: "yi-9b", State: filepath.Join(dir, "yi-9b") + ": its configuration is missing (config.json)"},
		{Key: "opt-6.7b", State: "absent", Figures: []string{"1"}},
	} {
		i := slices.IndexFunc(all, func(m listed) bool { return m.Key == want.Key })
		if i < 0 {
			t.Errorf("%s is not listed", want.Key)
			continue
		}
		m := all[i]
		if m.State != want.State || m.CopyOf != want.CopyOf || want.Repository != "" && m.Repository != want.Repository || want.Figures != nil && !slices.Equal(m.Figures, want.Figures) {
			t.Errorf("listed is %+v, want %+v", m, want)
		}
	}
}

// The models that a node's figures need are chosen, each once, and the copies.
func TestModelsChosen(t *testing.T) {
	all := paper.Keys()
	tests := []struct {
		o            modelsDownload
		named        []string
		keys, copies string
	}{
		{modelsDownload{figures: "2"}, nil, "llama3-3b", ""},
		{modelsDownload{figures: "14"}, nil, "falcon-7b llama2-13b-hf llama2-7b-hf yi-6b", "falcon-7b llama2-13b-hf llama2-7b-hf yi-6b"},
		{modelsDownload{figures: "14", only: []string{"yi-6b"}}, nil, "yi-6b", "yi-6b"},
		{modelsDownload{figures: "all", modelsFlags: modelsFlags{node: "n2"}}, nil, "falcon-7b llama2-13b-hf llama2-7b-hf llama3-3b qwen-0.5b qwen-1.8b qwen-14b qwen-4b qwen-7b yi-6b yi-9b", ""},
		{modelsDownload{figures: "all"}, []string{"yi-9b", "qwen-0.5b"}, "yi-9b qwen-0.5b", ""},
		{modelsDownload{figures: "all", all: true}, nil, strings.Join(all, " "), "yi-6b llama2-13b-hf llama2-7b-hf falcon-7b"},
	}
	for _, test := range tests {
		test.o.matrix = filepath.Join("..", "hardware-matrix.yaml")
		keys, copies, err := test.o.choose(console.New(&bytes.Buffer{}, &bytes.Buffer{}), test.named)
		if err != nil || strings.Join(keys, " ") != test.keys || strings.Join(copies, " ") != test.copies {
			t.Errorf("%+v %v: %v and copies %v, %v", test.o, test.named, keys, copies, err)
		}
	}
}

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

// Before anything is fetched it is said what cannot be had, and seen whether there is
// room; nothing is taken for a model that is none.
func TestModelsDownload(t *testing.T) {
	weights := func(size int64) []hub.File { return []hub.File{{Name: "model.safetensors", Size: size}} }
	yi := hub.Repository{Name: "01-ai/Yi-6B", Page: "https://hub.example/01-ai/Yi-6B", Revision: "0123456789abcdef", Files: weights(900)}
	gated := hub.Repository{Name: "meta-llama/Llama-3.2-3B", Page: "https://hub.example/meta-llama/Llama-3.2-3B", Files: weights(1 << 60), Failure: &hub.Failure{Kind: "gated"}}
	bare := hub.Repository{Name: "Qwen/Qwen1.5-4B", Page: "https://hub.example/Qwen/Qwen1.5-4B", Files: []hub.File{{Name: "model.gguf", Size: 5}}}
	vast := yi
	vast.Files = weights(1 << 60)
	whole := func(dir string) error { return models.Tiny(dir) }
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
			var told bytes.Buffer
			d := download{console: console.New(&bytes.Buffer{}, &told), hub: &test.hub, dir: dir}
			if err := d.run(t.Context(), strings.Fields(test.keys)); err != nil {
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
