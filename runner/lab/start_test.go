package lab

import (
	"strings"
	"testing"

	"coldstart/reports/result"
	"coldstart/runner/catalogue"
)

// A folder of any name gives a key that files can be named after.
func TestKeyOf(t *testing.T) {
	for folder, want := range map[string]string{
		"My Model":                     "My-Model",
		"Qwen3-0.6B":                   "Qwen3-0.6B",
		"模型":                           "model",
		"模型-7b":                        "7b",
		"..":                           "model",
		strings.Repeat("x", 300):       strings.Repeat("x", 64),
		strings.Repeat("x", 63) + "-y": strings.Repeat("x", 63),
	} {
		if got := keyOf(folder); got != want {
			t.Errorf("%s: %q, want %q", folder, got, want)
		}
	}
}

// Only a repository that the catalogue names is a model of it.
func TestOfRepository(t *testing.T) {
	known := result.Model{Key: "yi-6b", Label: "Yi-6B", Repository: "01-ai/Yi-6B", SizeB: 6}
	all := catalogue.Catalogue{Models: []result.Model{known, {Key: "tiny-2"}}}
	for name, want := range map[string]result.Model{
		"01-ai/Yi-6B": known,
		"me/yi-6b":    {Key: "yi-6b-2", Label: "yi-6b", Repository: "me/yi-6b", Folder: "me/yi-6b"},
		"me/tiny":     {Key: "tiny", Label: "tiny", Repository: "me/tiny", Folder: "me/tiny"},
	} {
		if got := ofRepository(name, all); got != want {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
}
