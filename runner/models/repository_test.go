package models

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coldstart/runner/process"
)

// A model needs the files at the top of its repository, with one format of weights.
func TestNeeded(t *testing.T) {
	tests := []struct{ name, files, want string }{
		{"two formats", "config.json tokenizer.json model.safetensors.index.json model-1.safetensors pytorch_model.bin.index.json pytorch_model-1.bin",
			"config.json tokenizer.json model.safetensors.index.json model-1.safetensors"},
		{"one file, and an index of the other format", "config.json model.safetensors pytorch_model.bin.index.json pytorch_model-1.bin", "config.json model.safetensors"},
		{"older weights alone", "config.json pytorch_model.bin.index.json pytorch_model-1.bin flax_model.msgpack tf_model.h5", "config.json pytorch_model.bin.index.json pytorch_model-1.bin"},
		{"another layout beside", "config.json model.safetensors consolidated.safetensors params.json tokenizer.model gemma-7b.gguf", "config.json model.safetensors params.json tokenizer.model"},
		{"folders", "config.json model.safetensors original/model.safetensors onnx/model.onnx .eval/README.md", "config.json model.safetensors"},
		{"code and terms", "config.json modeling_x.py LICENSE README.md model.safetensors", "config.json modeling_x.py LICENSE README.md model.safetensors"},
		{"no weights that vLLM reads", "config.json model.gguf training_args.bin", ""},
		{"nothing", "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var files []file
			for _, name := range strings.Fields(test.files) {
				files = append(files, file{Name: name})
			}
			var got []string
			for _, f := range needed(files) {
				got = append(got, f.Name)
			}
			if diff := cmp.Diff(strings.Fields(test.want), got, cmp.Transformer("", func(s []string) string { return strings.Join(s, " ") })); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// Present bytes include partial files, and are never more than the model's.
func TestPresent(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, size int) {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, make([]byte, size), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	files := []file{{"config.json", 10}, {"model-1.safetensors", 1000}, {"model-2.safetensors", 1000}}
	check := func(want int64) {
		t.Helper()
		if got := present(dir, files); got != want {
			t.Errorf("%d bytes, want %d", got, want)
		}
	}
	check(0)
	write("pytorch_model.bin", 5000)
	write("config.json", 10)
	write("model-1.safetensors", 1000)
	check(1010)
	write(".cache/huggingface/download/a.b.incomplete", 700)
	check(1710)
	write(".cache/huggingface/download/c.d.incomplete", 900)
	check(2010)
}

// The listener reads answers and failures, and keeps the last other lines.
func TestListener(t *testing.T) {
	heard := 0
	l := &listener{hear: func([]byte) error { heard++; return nil }, last: process.Tail{Keep: hubLines}}
	for _, line := range []string{"warning: one\n", `{"repository": "a/b", "failure": {"kind": "gated"}}` + "\n", "{not JSON\n", "\n"} {
		if _, err := l.Write([]byte(line)); err != nil {
			t.Fatal(err)
		}
	}
	if heard != 1 || l.failure != nil || strings.Join(l.last.Lines(), "|") != "warning: one|{not JSON" {
		t.Errorf("%d answers, failure %v, lines %q", heard, l.failure, l.last.Lines())
	}
	l.Write([]byte(`{"failed": {"kind": "token", "says": "401"}}` + "\n"))
	if l.failure == nil || !strings.Contains(l.failure.Error(), "rejects the token in HF_TOKEN") || heard != 1 {
		t.Errorf("failure %v", l.failure)
	}
}
