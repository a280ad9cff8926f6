package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// What is wanted of a node's models is what is to be measured there.
func TestDoctorLooksForTheModelsThatAreMeasured(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args []string
		want []string // models that it finds missing
	}{
		{[]string{"--figures", "12"}, []string{"qwen-4b"}},
		{[]string{"--figures", "2,12"}, []string{"llama3-3b", "qwen-4b"}},
		{[]string{"--figures", "4,8", "--only", "qwen-0.5b,llama2-7b-hf"}, []string{"llama2-7b-hf", "qwen-0.5b"}},
	} {
		args := append([]string{"doctor", "--node", "n1", "--models", t.TempDir(), "--api-url", "", "--json"}, c.args...)
		got := coldstart(t, args...)
		var findings []struct{ Check, Status, Says string }
		if err := json.Unmarshal([]byte(got.out), &findings); err != nil || got.code != exitFailed {
			t.Fatalf("%q: exit %d, %v: %s", c.args, got.code, err, got.err)
		}
		var missing []string
		for _, f := range findings {
			if path, is := strings.CutSuffix(f.Says, ": no such model folder"); is && f.Check == "models" {
				missing = append(missing, path[strings.LastIndexByte(path, '/')+1:])
			}
		}
		if slices.Sort(missing); !slices.Equal(missing, c.want) {
			t.Errorf("%q: missing %q, want %q", c.args, missing, c.want)
		}
	}
}
