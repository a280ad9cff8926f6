package local

import (
	"slices"
	"testing"
)

// Words of a command line are arguments, and become the same words again.
func TestParseArguments(t *testing.T) {
	for _, words := range [][]string{
		nil, {"--enforce-eager"}, {"--max-num-seqs", "64", "--cuda-graph-sizes", "1", "2", "4"}, {"--extra", `{"a": 1}`},
	} {
		args, err := ParseArguments(words)
		if got := Arguments(args); err != nil || !slices.Equal(got, words) {
			t.Errorf("%q: %q, %v", words, got, err)
		}
	}
	args, err := ParseArguments([]string{"--a=b"})
	if got := Arguments(args); err != nil || !slices.Equal(got, []string{"--a", "b"}) {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := ParseArguments([]string{"64"}); err == nil {
		t.Error("a word without a name is an argument")
	}
}
