package command

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/result"
	"coldstart/runner/engine"
)

func testMaker(models string) *Maker {
	return &Maker{
		Words: []string{"sh", "start"}, Variables: map[string]string{"A": "engine", "B": "engine", "C": "engine"},
		Models: func(string) string { return models }, LogSettings: "/settings.json",
	}
}

// The command gets the model and the engine arguments behind its own words, and its
// variables from the engine, then the set, then the configuration: the last one wins.
func TestCommand(t *testing.T) {
	gpu := 1
	command, err := testMaker("/models").Command(engine.Run{
		Set: &result.Set{Name: "breakdown", Variables: map[string]string{"B": "set", "C": "set"}},
		Configuration: &result.Configuration{
			ID: "small", Model: "qwen-0.5b", Release: "0.9.0", Variables: map[string]string{"C": "configuration"},
			Args: []result.Arg{{Name: "max-model-len", Value: "4096"}},
		},
		Node: "n1", GPU: &gpu, Iteration: 2,
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("sh start --model /models/qwen-0.5b --max-model-len 4096", strings.Join(command.Args, " ")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for _, setting := range []string{
		"COLDSTART_SET=breakdown", "COLDSTART_NODE=n1", "COLDSTART_ITERATION=2", "COLDSTART_CONFIGURATION=small",
		"COLDSTART_RELEASE=0.9.0", "VLLM_LOGGING_CONFIG_PATH=/settings.json", "CUDA_VISIBLE_DEVICES=1",
		"A=engine", "B=set", "C=configuration",
	} {
		if !slices.Contains(command.Env, setting) {
			t.Errorf("the environment lacks %s", setting)
		}
	}
	if command.Grouped {
		t.Error("the processes of a container are taken for those of the command")
	}
}

// A command that is not there cannot be measured. Models are looked for only if their
// directory is known.
func TestCheck(t *testing.T) {
	set := &result.Set{Configurations: []result.Configuration{{ID: "m", Model: "m"}}}
	missing := testMaker("")
	missing.Words = []string{"no-such-engine"}
	tests := []struct {
		name, want string
		maker      *Maker
	}{
		{"no command", "the engine's command cannot be started: ", missing},
		{"models that only the command sees", "", testMaker("")},
		{"a model that is not there", "m: no such model folder", testMaker(t.TempDir())},
	}
	for _, test := range tests {
		err := test.maker.Check(set, "n1")
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want %q", test.name, err, test.want)
		}
	}
}
