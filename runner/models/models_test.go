package models

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	const index = `{"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors", "c": "model-00001-of-00002.safetensors"}}`
	sharded := map[string]string{
		"config.json": "{}", "tokenizer.json": "{}", "model.safetensors.index.json": index,
		"model-00001-of-00002.safetensors": "w", "model-00002-of-00002.safetensors": "w",
	}
	without := func(names ...string) map[string]string {
		files := map[string]string{}
		for name, text := range sharded {
			files[name] = text
		}
		for _, name := range names {
			delete(files, name)
		}
		return files
	}
	with := func(files map[string]string, name, text string) map[string]string {
		files[name] = text
		return files
	}
	tests := []struct {
		name  string
		files map[string]string
		want  string // part of the error; empty for a complete model
	}{
		{"sharded", sharded, ""},
		{"one file", map[string]string{"config.json": "{}", "tokenizer.model": "x", "model.safetensors": "w"}, ""},
		{"tensorized", map[string]string{"config.json": "{}", "tokenizer.model": "x", "model.tensors": "w"}, ""},
		{"older weights", map[string]string{"config.json": "{}", "vocab.json": "x", "pytorch_model.bin": "w"}, ""},
		{"a stand-in", with(without(), standInFile, `{"model": "m"}`), ""},
		{"the stand-in of another model", with(without(), standInFile, `{"model": "llama3-3b"}`), "this is the stand-in of llama3-3b: rename the folder back, or remove it and make m"},
		{"the mark of a stand-in cut off", with(without(), standInFile, `{"model`), standInFile + ": unexpected end"},
		{"no configuration", without("config.json"), "its configuration is missing (config.json)"},
		{"no tokenizer", without("tokenizer.json"), "its tokenizer is missing (tokenizer.json)"},
		{"a shard lacks", without("model-00002-of-00002.safetensors"), "model-00002-of-00002.safetensors is missing"},
		{"a shard is empty", with(without(), "model-00002-of-00002.safetensors", ""), "model-00002-of-00002.safetensors is empty"},
		{"no weights", map[string]string{"config.json": "{}", "tokenizer.json": "{}"}, "its weight file is missing (model.safetensors)"},
		{"an index cut off", with(without(), "model.safetensors.index.json", `{"weight_map": {`), "model.safetensors.index.json is not a valid index of weights: unexpected end"},
		{"an index of nothing", with(without(), "model.safetensors.index.json", `{}`), "names no weight files"},
		{"an index that leads out", with(without(), "model.safetensors.index.json", `{"weight_map": {"a": "../../etc/passwd"}}`), "is outside of the folder"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.Mkdir(filepath.Join(dir, "m"), 0o755); err != nil {
				t.Fatal(err)
			}
			for name, text := range test.files {
				if err := os.WriteFile(filepath.Join(dir, "m", name), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			err := Check(dir, "m")
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
}

func TestCheckWithoutFolder(t *testing.T) {
	dir := t.TempDir()
	var missing *MissingError
	if err := Check(dir, "m"); !errors.As(err, &missing) {
		t.Errorf("error %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "m"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Check(dir, "m"); err == nil || !strings.Contains(err.Error(), "not a folder") {
		t.Errorf("error %v", err)
	}
}
