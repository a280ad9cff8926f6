package environment

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coldstart/runner/paper"
)

// The catalogue has an environment for every figure of the paper.
func TestCatalogue(t *testing.T) {
	e, found := Catalogue().Find(Default)
	want := []string{"vllm==0.10.1.1", "transformers==4.57.3", "numpy==2.2.6", "tensorizer==2.10.1", "runai-model-streamer==0.15.5"}
	if diff := cmp.Diff(want, e.Packages); diff != "" || !found {
		t.Errorf("%s (-want +got):\n%s", Default, diff)
	}
	with, found := Catalogue().Find(WithFlashInfer)
	if diff := cmp.Diff(append(want, "flashinfer-python==0.2.11"), with.Packages); diff != "" || !found {
		t.Errorf("%s (-want +got):\n%s", WithFlashInfer, diff)
	}
	unasked := map[string][]string{ // what a release needs and does not ask for
		"0.4.0": {"numpy==1.26.4", "setuptools==79.0.1"}, "0.5.0": {"setuptools==79.0.1"}, "0.6.0": {"setuptools==79.0.1"},
	}
	for _, r := range paper.Releases() {
		e, found := Catalogue().Find("vllm-" + r.Version)
		want := append([]string{"vllm==" + r.Version, "transformers==" + r.Transformers}, unasked[r.Version]...)
		if diff := cmp.Diff(want, e.Packages); diff != "" || !found {
			t.Errorf("release %s (-want +got):\n%s", r.Version, diff)
		}
	}
	cpu, _ := Catalogue().Find("cpu")
	for _, text := range []string{"torch==2.7.1", "torchvision==0.22.1", "torchaudio==2.7.1", "transformers==4.57.3", "numpy==2.2.6"} {
		if !slices.Contains(cpu.Packages, text) {
			t.Errorf("cpu lacks %s", text)
		}
	}
	if got, want := len(Catalogue()), 6+len(paper.Releases()); got != want {
		t.Errorf("%d environments, want %d", got, want)
	}
}

// The catalogue's declarations are valid, and everything in them is pinned.
func TestCatalogueIsPinned(t *testing.T) {
	for _, e := range Catalogue() {
		if CheckName(e.Name) != nil || CheckPython(e.Python) != nil || len(e.Packages) == 0 {
			t.Errorf("%+v", e)
		}
		for _, text := range slices.Concat(e.Packages, e.NoDeps, e.Overrides) {
			if r, err := ParseRequirement(text); err != nil || r.Version == "" {
				t.Errorf("%s: %s is not pinned: %v", e.Name, text, err)
			}
		}
	}
}

func TestParseRequirement(t *testing.T) {
	tests := map[string]Requirement{
		"torch":                                                {Name: "torch"},
		"vllm==0.10.1.1":                                       {Name: "vllm", Version: "0.10.1.1"},
		"vllm == 0.10.1.1 ":                                    {Name: "vllm", Version: "0.10.1.1 "},
		"Prometheus_Client===0.26.0":                           {Name: "prometheus-client", Version: "0.26.0"},
		"torch==2.7.1+cu126":                                   {Name: "torch", Version: "2.7.1+cu126"},
		"torch==2.7.*":                                         {Name: "torch"},
		"lm-format-enforcer<0.11,>=0.10.11":                    {Name: "lm-format-enforcer"},
		"mistral.common[audio,image]>=1.8.2":                   {Name: "mistral-common"},
		`six>=1.16.0; python_version > "3.11"`:                 {Name: "six", Marker: `python_version > "3.11"`},
		"vllm @ git+https://host/fork.git@main":                {Name: "vllm"},
		"vllm@https://host/vllm.whl ; sys_platform == 'linux'": {Name: "vllm", Marker: "sys_platform == 'linux'"},
	}
	tests["vllm == 0.10.1.1 "] = Requirement{Name: "vllm", Version: "0.10.1.1"}
	for text, want := range tests {
		got, err := ParseRequirement(text)
		if err != nil || got != want {
			t.Errorf("%q: %+v, %v; want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "-e .", "--index-url=x", "vllm=0.10.1.1", "vllm==", "vllm==1,", "vllm==1.0 torch==2", "vllm @ fork", "vllm==*", "vllm;", "./vllm", "vllm==$(id)"} {
		if got, err := ParseRequirement(text); err == nil {
			t.Errorf("%q was taken for %+v", text, got)
		}
	}
	if _, err := ParseRequirement("vllm @ git+https://token@host/fork.git"); !errors.Is(err, errCredentials) {
		t.Errorf("a token in a URL: %v", err)
	}
	if _, err := ParseRequirement("vllm @ git+ssh://git@host/fork.git"); err != nil {
		t.Error(err)
	}
}

func TestSameVersion(t *testing.T) {
	for pair, want := range map[[2]string]bool{
		{"2.7.1", "2.7.1"}: true, {"2.7.1", "2.7.1+cu126"}: true, {"2.7.1+cpu", "2.7.1+cu126"}: false,
		{"2.7", "2.7.0"}: true, {"v2.7", "2.7"}: true, {"0.10.1.1", "0.10.1"}: false, {"1.10", "1.1"}: false,
	} {
		if got := sameVersion(pair[0], pair[1]); got != want {
			t.Errorf("%v: %v", pair, got)
		}
	}
}

// An environment's folder depends on what is installed, not on its variables.
func TestKey(t *testing.T) {
	e := Catalogue()[0]
	other := e
	other.Variables = map[string]string{"X": "1"}
	if e.key() != other.key() || !strings.HasPrefix(e.key(), e.Name+"-") {
		t.Errorf("%s and %s", e.key(), other.key())
	}
	other.Overrides = []string{"numpy==2.0"}
	if e.key() == other.key() {
		t.Error("an override makes no difference")
	}
}

func TestIndexHoldsNoCredentials(t *testing.T) {
	for text, want := range map[string]string{
		"https://host/simple": "", "file:///srv/index": "",
		"https://me:secret@host/simple": "must not contain credentials", "host/simple": "must be the URL", "ftp://host": "must be the URL",
	} {
		err := CheckIndex(text)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v", text, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("the error contains the password: %v", err)
		}
	}
}

func TestWith(t *testing.T) {
	list := List{{Name: "a"}, {Name: "b"}}.With(Environment{Name: "b", Python: "3.12"}, Environment{Name: "c"})
	if diff := cmp.Diff([]string{"a", "b", "c"}, list.Names()); diff != "" || list[1].Python != "3.12" {
		t.Errorf("%v", list)
	}
}

// A process in an environment sees only its packages.
func TestVariables(t *testing.T) {
	t.Setenv("PYTHONPATH", "/elsewhere")
	t.Setenv("VIRTUAL_ENV", "/elsewhere")
	t.Setenv("PYTHONDONTWRITEBYTECODE", "1")
	t.Setenv("KEPT", "yes")
	i := &Installed{Dir: "/e", Environment: Environment{Variables: map[string]string{"A": "1", "B": "1"}}}
	got := map[string]string{}
	for _, setting := range i.Variables(map[string]string{"B": "2"}) {
		name, value, _ := strings.Cut(setting, "=")
		got[name] = value
	}
	for name, want := range map[string]string{"A": "1", "B": "2", "KEPT": "yes", "VIRTUAL_ENV": "/e/venv", "PYTHONNOUSERSITE": "1", "PYTHONPATH": "", "PYTHONDONTWRITEBYTECODE": "", "PATH": "/e/venv/bin:" + os.Getenv("PATH")} {
		if got[name] != want {
			t.Errorf("%s=%q, want %q", name, got[name], want)
		}
	}
}

// A probe gets only the variables that lead to packages; others may be secret.
func TestLeading(t *testing.T) {
	e := &Environment{Variables: map[string]string{"PYTHONPATH": "/opt/vllm", "HF_TOKEN": "hf_x"}}
	if diff := cmp.Diff(map[string]string{"PYTHONPATH": "/opt/vllm"}, e.Leading()); diff != "" || len(e.Variables) != 2 {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
