package lab

import (
	"strings"
	"testing"
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
