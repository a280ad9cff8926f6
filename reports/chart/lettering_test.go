package chart

import (
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
)

func TestWrap(t *testing.T) {
	k := Letters(10)
	width := k.Width("aaaa bbbb")
	tests := map[string]struct {
		text  string
		lines int
		want  []string
	}{
		"nothing":               {"", 3, nil},
		"one line":              {"aaaa bbbb", 3, []string{"aaaa bbbb"}},
		"two lines":             {"aaaa bbbb aaaa", 3, []string{"aaaa bbbb", "aaaa"}},
		"no more lines":         {"aaaa bbbb aaaa", 1, []string{"aaaa bb…"}},
		"a number and its unit": {"aaaaa 0.15 s", 3, []string{"aaaaa", "0.15 s"}},
		"too wide together":     {"aaaaaaa = 123", 3, []string{"aaaaaaa", "= 123"}},
		"line breaks are space": {"aaaa\nbbbb", 3, []string{"aaaa bbbb"}},

		"a word that is wider":                {"a " + strings.Repeat("a", 20) + " b", 5, []string{"a", "aaaaaaaa", "aaaaaaaa", "aaaa b"}},
		"a word that is wider, with a hyphen": {"aaaa-bbbbbbb", 3, []string{"aaaa-", "bbbbbbb"}},
		"wider than all lines":                {strings.Repeat("a", 30), 3, []string{"aaaaaaaa", "aaaaaaaa", "aaaaaa…"}},
		"no character":                        {strings.Repeat("\xff", 2), 3, []string{"\xff\xff"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := k.Wrap(test.text, width, test.lines)
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestCutKeepsWholeCharacters(t *testing.T) {
	k := Letters(10)
	for width := vg.Length(0); width < k.Width("µµ§…×±"); width++ {
		if got := k.cut("µµ§…×±µµ", width); !strings.HasSuffix(got, "…") || strings.Contains(got, "\uFFFD") {
			t.Errorf("at %v: %q", width, got)
		}
	}
}
