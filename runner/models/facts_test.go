package models

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coldstart/reports/result"
)

// What the lab's file says comes before what the files state, and what they do not state
// stays unknown.
func TestWithFacts(t *testing.T) {
	const header = `{"__metadata__":{"format":"pt"},` +
		`"a":{"dtype":"BF16","shape":[1000,500],"data_offsets":[0,1000000]},` +
		`"b":{"dtype":"F32","shape":[1000],"data_offsets":[1000000,1004000]}}`
	packed := strings.Replace(header, "BF16", "I32", 1)
	tests := []struct {
		name  string
		files map[string]string
		told  result.Model
		want  result.Model
		err   string
	}{
		{
			name:  "all",
			files: map[string]string{"config.json": `{"num_hidden_layers": 7}`, "tokenizer.json": "12345", "model.safetensors": header},
			want:  result.Model{Layers: 7, TokenizerMB: 5e-6, SizeB: 501_000.0 / 1e9, WeightsGiB: 1_002_000.0 / (1 << 30)},
		},
		{
			name:  "what the lab says",
			files: map[string]string{"config.json": `{"num_hidden_layers": 7}`, "tokenizer.json": "12345", "model.safetensors": header},
			told:  result.Model{Layers: 8, TokenizerMB: 1, SizeB: 2, WeightsGiB: 3, CompiledGraphKB: 4},
			want:  result.Model{Layers: 8, TokenizerMB: 1, SizeB: 2, WeightsGiB: 3, CompiledGraphKB: 4},
		},
		{
			name:  "quantized, of several kinds of input",
			files: map[string]string{"config.json": `{"text_config": {"n_layer": 3}}`, "model-00001-of-00001.safetensors": packed},
			want:  result.Model{Layers: 3, WeightsGiB: 1_002_000.0 / (1 << 30)},
		},
		{
			name:  "another format",
			files: map[string]string{"config.json": `{}`, "pytorch_model.bin": strings.Repeat("x", 1<<20)},
			want:  result.Model{WeightsGiB: 1.0 / 1024},
		},
		{name: "no configuration", err: "config.json"},
		{name: "not JSON", files: map[string]string{"config.json": `{`}, err: "config.json is not a valid configuration"},
		{
			name:  "not safetensors",
			files: map[string]string{"config.json": `{}`, "model.safetensors": "-"},
			err:   "model.safetensors is not a safetensors file",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			place := filepath.Join(dir, "sub", "mine")
			if err := os.MkdirAll(place, 0o755); err != nil {
				t.Fatal(err)
			}
			for name, text := range test.files {
				if text == header || text == packed {
					text = string([]byte{byte(len(text)), byte(len(text) >> 8), 0, 0, 0, 0, 0, 0}) + text
				}
				if err := os.WriteFile(filepath.Join(place, name), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			test.told.Key, test.told.Folder, test.want.Key, test.want.Folder = "mine", "sub/mine", "mine", "sub/mine"
			got, err := WithFacts(dir, test.told)
			switch {
			case test.err != "":
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("got %v, want %s", err, test.err)
				}
			case err != nil || got != test.want:
				t.Errorf("got %+v, %v; want %+v", got, err, test.want)
			}
		})
	}
}
