package environment

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/result"
)

// installed is an environment of these packages.
func installed(name string, packages ...string) *Installed {
	i := &Installed{Environment: Environment{Name: name}, Record: &Record{}}
	for _, p := range packages {
		i.Record.Packages = append(i.Record.Packages, result.Package{Name: p, Version: "1"})
	}
	return i
}

func TestLacking(t *testing.T) {
	arg := func(name, value string) []result.Arg {
		return []result.Arg{{Name: "max-model-len", Value: "16752"}, {Name: name, Value: value}}
	}
	set := func(name, value string) map[string]string {
		return map[string]string{"VLLM_LOGGING_LEVEL": "DEBUG", name: value}
	}
	tests := []struct {
		variables map[string]string
		args      []result.Arg
		want      []string // package and setting, in turns
	}{
		{nil, nil, nil},
		{set("VLLM_ATTENTION_BACKEND", "FLASHINFER"), nil, []string{"flashinfer-python", "VLLM_ATTENTION_BACKEND=FLASHINFER"}},
		{set("VLLM_ATTENTION_BACKEND", "FLASHINFER_VLLM_V1"), nil, []string{"flashinfer-python", "VLLM_ATTENTION_BACKEND=FLASHINFER_VLLM_V1"}},
		{set("VLLM_ATTENTION_BACKEND", "FLASHINFER_MLA"), nil, []string{"flashinfer-python", "VLLM_ATTENTION_BACKEND=FLASHINFER_MLA"}},
		{set("VLLM_ATTENTION_BACKEND", "FLASH_ATTN"), nil, nil},
		{set("VLLM_ATTENTION_BACKEND", "XFORMERS"), nil, []string{"xformers", "VLLM_ATTENTION_BACKEND=XFORMERS"}},
		{set("VLLM_ATTENTION_BACKEND", ""), nil, nil},
		{set("VLLM_USE_FLASHINFER_SAMPLER", "1"), nil, []string{"flashinfer-python", "VLLM_USE_FLASHINFER_SAMPLER=1"}},
		{set("VLLM_USE_FLASHINFER_SAMPLER", "0"), nil, nil},
		{set("VLLM_USE_MODELSCOPE", "True"), nil, []string{"modelscope", "VLLM_USE_MODELSCOPE=True"}},
		{nil, arg("load-format", "safetensors"), nil},
		{nil, arg("load-format", "tensorizer"), []string{"tensorizer", "--load-format tensorizer"}},
		{nil, arg("load_format", "runai_streamer"), []string{"runai-model-streamer", "--load_format runai_streamer"}},
		{nil, arg("load-format", "runai_streamer_sharded"), []string{"runai-model-streamer", "--load-format runai_streamer_sharded"}},
		{nil, arg("load-format", "fastsafetensors"), []string{"fastsafetensors", "--load-format fastsafetensors"}},
		{nil, arg("attention-backend", "FLASHINFER"), []string{"flashinfer-python", "--attention-backend FLASHINFER"}},
		{
			set("VLLM_ATTENTION_BACKEND", "FLASHINFER"), arg("load-format", "tensorizer"),
			[]string{"flashinfer-python", "VLLM_ATTENTION_BACKEND=FLASHINFER", "tensorizer", "--load-format tensorizer"},
		},
	}
	for _, test := range tests {
		var got, packages []string
		for _, e := range installed("bare", "vllm").lacking(test.variables, test.args) {
			got, packages = append(got, e.Package, e.Setting), append(packages, e.Package)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%v, %v (-want +got):\n%s", test.variables, test.args, diff)
		}
		if still := installed("whole", packages...).lacking(test.variables, test.args); len(still) > 0 {
			t.Errorf("%v, %v: %v, with all of it there", test.variables, test.args, still)
		}
	}
}

// Each row has a normalized package.
func TestNeedsNamePackages(t *testing.T) {
	for _, n := range needs {
		if (n.variable == "") == (n.argument == "") || n.value == "" || n.pack != normalize(n.pack) || n.pack == "" {
			t.Errorf("the row %+v", n)
		}
	}
}

func TestLackErrorSays(t *testing.T) {
	const flashinfer = "VLLM_ATTENTION_BACKEND=FLASHINFER"
	tests := []struct {
		err  LackError
		want string
	}{
		{
			LackError{Environment: "vllm-0.10.1.1", Package: "flashinfer-python", Setting: flashinfer, Configurations: []string{"granite4.0-h-3b"}},
			"environment vllm-0.10.1.1 has no flashinfer-python, which VLLM_ATTENTION_BACKEND=FLASHINFER of granite4.0-h-3b needs: " +
				"add it to packages: of the environment and run 'coldstart setup --environment vllm-0.10.1.1', or choose another environment with --environment",
		},
		{
			LackError{Environment: "own", Package: "tensorizer", Setting: "--load-format tensorizer", Configurations: []string{"a", "b", "c", "d"}, found: true},
			"environment own has no tensorizer, which --load-format tensorizer of a, b, c, d needs: " +
				"install it there and run 'coldstart setup --environment own --renew', or choose another environment with --environment",
		},
		{
			LackError{Environment: "own", Package: "tensorizer", Setting: "--load-format tensorizer", Configurations: []string{"a", "b", "c", "d", "e"}},
			"environment own has no tensorizer, which --load-format tensorizer of a, b, c and 2 more needs: " +
				"add it to packages: of the environment and run 'coldstart setup --environment own', or choose another environment with --environment",
		},
	}
	for _, test := range tests {
		if got := test.err.Error(); got != test.want {
			t.Errorf("got\n%s\nwant\n%s", got, test.want)
		}
	}
}

// Each missing package is reported once, with all configurations that need it; each
// environment is opened once.
func TestCheck(t *testing.T) {
	broken := errors.New("environment vllm-0.9.0 is not set up")
	set := &result.Set{
		Variables: map[string]string{"VLLM_ATTENTION_BACKEND": "FLASHINFER"},
		Configurations: []result.Configuration{
			{ID: "yi-6b"},
			{ID: "yi-6b-tensorizer", Args: []result.Arg{{Name: "load-format", Value: "tensorizer"}}},
			{ID: "0.9.0", Release: "0.9.0"},
			{ID: "0.11.0", Release: "0.11.0"},
		},
	}
	var opened []string
	checker := Checker{Open: func(c *result.Configuration) (*Installed, error) {
		opened = append(opened, c.ID)
		switch c.Release {
		case "0.9.0":
			return nil, broken
		case "0.11.0":
			return installed("vllm-0.11.0", "flashinfer-python"), nil
		}
		return installed("paper", "vllm"), nil
	}}
	err := checker.Check(set)
	if again := checker.Check(set); again == nil || err == nil || again.Error() != err.Error() {
		t.Errorf("checked again:\n%v\nand before:\n%v", again, err)
	}
	want := broken.Error() + "\n" +
		"environment paper has no flashinfer-python, which VLLM_ATTENTION_BACKEND=FLASHINFER of yi-6b, yi-6b-tensorizer needs: " +
		"add it to packages: of the environment and run 'coldstart setup --environment paper', or choose another environment with --environment\n" +
		"environment paper has no tensorizer, which --load-format tensorizer of yi-6b-tensorizer needs: " +
		"add it to packages: of the environment and run 'coldstart setup --environment paper', or choose another environment with --environment"
	if err == nil || err.Error() != want || !errors.Is(err, broken) {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
	if want := []string{"yi-6b", "0.9.0", "0.11.0"}; !slices.Equal(opened, want) {
		t.Errorf("opened for %q, want %q", opened, want)
	}
}

// The environment's own variables count. Those of every start win over them, and the set's over
// both.
func TestCheckTakesAllVariables(t *testing.T) {
	own := installed("own", "vllm")
	own.Environment.Variables = map[string]string{"VLLM_USE_FLASHINFER_SAMPLER": "1"}
	checker := Checker{Open: func(*result.Configuration) (*Installed, error) { return own, nil }}
	set := &result.Set{Configurations: []result.Configuration{{ID: "yi-6b"}}}
	var lack *LackError
	if err := checker.Check(set); !errors.As(err, &lack) || lack.Setting != "VLLM_USE_FLASHINFER_SAMPLER=1" {
		t.Errorf("error %v", err)
	}
	checker.Variables = map[string]string{"VLLM_USE_FLASHINFER_SAMPLER": "0"}
	if err := checker.Check(set); err != nil {
		t.Error(err)
	}
	set.Variables = map[string]string{"VLLM_USE_FLASHINFER_SAMPLER": "1"}
	if err := checker.Check(set); !errors.As(err, &lack) {
		t.Errorf("error %v", err)
	}
}
