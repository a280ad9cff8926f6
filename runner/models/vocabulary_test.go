package models

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"coldstart/runner/paper"
)

// The tokenizer of a made model has the model's number of tokens, and the size of the
// original's file within a tenth.
func TestMadeTokenizers(t *testing.T) {
	for _, m := range paper.Models() {
		if !slices.Contains(Makeable(), m.Key) {
			continue
		}
		shape := paper.Shapes()[m.Key]
		text, err := madeTokenizer(shape.Vocabulary, m.TokenizerMB)
		if err != nil {
			t.Errorf("%s: %v", m.Key, err)
			continue
		}
		if ratio := float64(len(text)) / (m.TokenizerMB * 1e6); ratio < 0.999 || ratio > 1.1 {
			t.Errorf("%s: %d bytes, ×%.2f of %v MB", m.Key, len(text), ratio, m.TokenizerMB)
		}
		blanks := len(text) - len(strings.TrimRight(string(text), " "))
		if blanks > len(text)/10 {
			t.Errorf("%s: %d of %d bytes are blanks", m.Key, blanks, len(text))
		}
		var read struct {
			Model struct {
				Vocab  map[string]int
				Merges []string
			}
		}
		if err := json.Unmarshal(text, &read); err != nil {
			t.Fatal(err)
		}
		if len(read.Model.Vocab) != shape.Vocabulary {
			t.Errorf("%s: %d tokens, want %d", m.Key, len(read.Model.Vocab), shape.Vocabulary)
		}
		for _, merge := range read.Model.Merges {
			left, right, _ := strings.Cut(merge, " ")
			for _, token := range []string{left, right, left + right} {
				if _, known := read.Model.Vocab[token]; !known {
					t.Fatalf("%s: merge %q names unknown tokens", m.Key, merge)
				}
			}
		}
	}
}
