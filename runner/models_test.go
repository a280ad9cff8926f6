package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"coldstart/runner/console"
	"coldstart/runner/models"
	"coldstart/runner/paper"
)

// Mistakes are reported before the network or an environment is needed.
func TestModelsMistakes(t *testing.T) {
	t.Parallel()
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
		{"download yi-6b --all --models " + dir, exitUsage, "only one of these"},
		{"download --all --figures 2 --models " + dir, exitUsage, "only one of these"},
		{"download --figures 99 --models " + dir, exitUsage, `there is no figure "99"`},
		{"download --node n9 --models " + dir, exitUsage, `has no node "n9"`},
		{"download --figures 2 --models " + dir, exitFailed, dir + " has stand-ins in place of the originals: remove them with 'coldstart models remove llama3-3b --models " + dir + "'"},
		{"download yi-6b --environments " + empty + " --models " + dir, exitFailed, "environment vllm-0.10.1.1 is not set up in " + empty + "; run 'coldstart setup --environment vllm-0.10.1.1'"},
		{"download yi-6b --environment x --models " + dir, exitUsage, `there is no environment "x"; choose one of vllm-0.10.1.1, `},
		{"tensorize yi-6b --environments " + empty + " --models " + dir, exitFailed, "environment vllm-0.10.1.1 is not set up"},
		{"make --models " + dir, exitUsage, "name the models to make"},
		{"make qwen-14.3b --models " + dir, exitFailed, "cannot make a stand-in of qwen-14.3b"},
		{"make yi-6b --models " + dir, exitFailed, "yi-6b is not a stand-in, and coldstart does not overwrite it"},
		{"remove yi-6b --models " + dir, exitFailed, "coldstart did not make " + filepath.Join(dir, "yi-6b")},
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

// The list tells originals, stand-ins, incomplete models and copies apart, and which
// figures need them.
func TestModelsList(t *testing.T) {
	t.Parallel()
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
	var all []models.Listed
	if err := json.Unmarshal([]byte(got.out), &all); err != nil || got.code != exitDone {
		t.Fatalf("exit %d, %v: %s", got.code, err, got.err)
	}
	if want := len(paper.Models()) + 4; len(all) != want {
		t.Errorf("%d are listed, want %d", len(all), want)
	}
	for _, want := range []models.Listed{
		{Key: "llama3-3b", Repository: "meta-llama/Llama-3.2-3B", State: "original"},
		{Key: "yi-6b-tensorized", CopyOf: "yi-6b", State: "stand-in", Figures: []string{"14"}},
		{Key: "yi-9b", State: filepath.Join(dir, "yi-9b") + ": its configuration is missing (config.json)"},
		{Key: "opt-6.7b", State: "absent", Figures: []string{"1"}},
	} {
		i := slices.IndexFunc(all, func(m models.Listed) bool { return m.Key == want.Key })
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

// Download chooses the models that a node's figures need, each once, and the copies.
func TestModelsChosen(t *testing.T) {
	t.Parallel()
	all := paper.Catalogue().Keys()
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
		{modelsDownload{figures: "all"}, []string{"Qwen/Qwen3-0.6B"}, "Qwen/Qwen3-0.6B", ""},
		{modelsDownload{figures: "all", all: true}, nil, strings.Join(all, " "), "yi-6b llama2-13b-hf llama2-7b-hf falcon-7b"},
	}
	for _, test := range tests {
		test.o.matrix = papersLab
		wanted, copies, err := test.o.choose(console.New(&bytes.Buffer{}, &bytes.Buffer{}), test.named)
		var keys []string
		for _, m := range wanted {
			keys = append(keys, m.Key)
		}
		if err != nil || strings.Join(keys, " ") != test.keys || strings.Join(copies, " ") != test.copies {
			t.Errorf("%+v %v: %v and copies %v, %v", test.o, test.named, keys, copies, err)
		}
	}
}
