package lab

import (
	"context"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/result"
	"coldstart/runner/engine/vllm"
	"coldstart/runner/revision/repotest"
)

// smallLab has figure 2 on n1 and n2, and 4 on n1, in front of which stands more.
func smallLab(more string) string {
	return more + "\ndefault_node: n1\nnodes: {n1: {environment: own}, n2: {}}\nfigures: {2: {nodes: [n1, n2]}, 4: {nodes: [n1]}}\n"
}

// own declares the environment of n1.
func own(rest string) string {
	return "environments: {own: {python: 3.12, packages: [vllm==0.20.1]" + rest + "}}"
}

// change is a repository whose head, checked out, has another lab file than its base.
func change(t *testing.T, base, head string) (path string) {
	t.Helper()
	r := repotest.New(t)
	r.Commit(map[string]string{FileName: base})
	r.Git("checkout", "--quiet", "-b", "change")
	r.Commit(map[string]string{FileName: head})
	return filepath.Join(r.Dir, FileName)
}

// What a change touches is planned on both sides, and nothing else.
func TestSidesPlan(t *testing.T) {
	both := []string{"figure2-n1", "figure2-n2", "figure4-n1"}
	ofN1 := []string{"figure2-n1", "figure4-n1"}
	tests := []struct {
		name, engine string
		base, head   string
		cells        []string
		differs      map[string][2]string // of the first cell: what is declared
	}{
		{"nothing", vllm.Name, own(""), own("") + " # a remark", nil, nil},
		{"a release", vllm.Name, own(""), strings.Replace(own(""), "0.20.1", "0.20.2", 1), ofN1,
			map[string][2]string{"packages": {"vllm==0.20.1", "vllm==0.20.2"}}},
		{"a variable", vllm.Name, own(""), own(", variables: {VLLM_USE_V1: 0}"), ofN1,
			map[string][2]string{"variable VLLM_USE_V1": {"", "0"}}},
		{"a flag", vllm.Name, own(""), own("") + "\nengines: {vllm: {arguments: [--enforce-eager]}}", both,
			map[string][2]string{"arguments": {"", "--enforce-eager"}}},
		{"an environment that nothing uses", vllm.Name, own(""), strings.Replace(own(""), "{own", "{other: {python: 3.12, packages: [vllm]}, own", 1), nil, nil},
		{"an engine that is not asked for", vllm.Name, own(""), own("") + "\nengines: {other: {command: [sh]}}", nil, nil},
		{"a flag of a command", "mine", own("") + "\nengines: {mine: {command: [sh, -c]}}", own("") + "\nengines: {mine: {command: [sh, -x]}}", both,
			map[string][2]string{"command": {"sh -c", "sh -x"}}},
		{"an environment of the node, which a command does not use", "mine", own("") + "\nengines: {mine: {command: [sh]}}",
			own(", variables: {A: b}") + "\nengines: {mine: {command: [sh]}}", nil, nil},
		{"the environment of a command", "mine", own("") + "\nengines: {mine: {command: [sh], environment: own}}",
			own(", variables: {A: b}") + "\nengines: {mine: {command: [sh], environment: own}}", both,
			map[string][2]string{"variable A": {"", "b"}}},
		{"a secret", "mine", own("") + "\nengines: {mine: {command: [sh]}}",
			own("") + "\nengines: {mine: {command: [sh, --hf-token, hf_abcdefghijklmnopqrstuvwxyzABCDEFGH]}}", both,
			map[string][2]string{"command": {"sh", "sh --hf-token ***"}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			sides, err := OpenSides(context.Background(), change(t, smallLab(test.base), smallLab(test.head)), "main")
			if err != nil {
				t.Fatal(err)
			}
			a, notes, err := sides.Plan(context.Background(), Request{Engine: test.engine, Iterations: 3, MaxIterations: 20})
			if err != nil || len(notes) > 0 {
				t.Fatalf("%v, notes %q", err, notes)
			}
			for _, side := range []*result.Plan{a, a.Against} {
				if diff := cmp.Diff(test.cells, idsOf(side)); diff != "" {
					t.Errorf("cells (-want +got):\n%s", diff)
				}
			}
			if err := sides.Check(a); err != nil || a.Commit == a.Against.Commit || a.Session == a.Against.Session {
				t.Errorf("%v; commits %s and %s, sessions %s and %s", err, a.Commit, a.Against.Commit, a.Session, a.Against.Session)
			}
			if len(a.Cells) == 0 {
				return
			}
			if diff := cmp.Diff(test.differs, differences(a.Cells[0].Declared, a.Against.Cells[0].Declared)); diff != "" {
				t.Errorf("declared (-want +got):\n%s", diff)
			}
			if _, err := result.Create(t.TempDir(), a); err != nil {
				t.Error(err)
			}
		})
	}
}

func idsOf(p *result.Plan) (ids []string) {
	for _, cell := range p.Cells {
		ids = append(ids, cell.ID)
	}
	return ids
}

func differences(a, b map[string]string) map[string][2]string {
	found := map[string][2]string{}
	for _, name := range slices.Concat(slices.Collect(maps.Keys(a)), slices.Collect(maps.Keys(b))) {
		if a[name] != b[name] {
			found[name] = [2]string{a[name], b[name]}
		}
	}
	return found
}

// A set that the lab declares itself differs if what it starts does, or from where, or on
// which GPUs.
func TestSidesPlanOfOwnSet(t *testing.T) {
	const file = `engines: {mine: {command: [sh]}}
models: {ours: {label: Ours}}
sets: {two: {models: [ours], arguments: {max-model-len: 2048}, variables: {A: b, C: d}}}
default_node: n1
nodes: {n1: {models: /models}}
figures: {two: {kind: bars, set: two, phase: load_weights, nodes: [n1]}}
`
	tests := []struct {
		name, from, to string               // what the head has instead
		differs        map[string][2]string // what is declared; nil if no cell is measured
	}{
		{"nothing", "engines:", "# a remark\nengines:", nil},
		{"an argument", "2048", "4096",
			map[string][2]string{"configuration ours": {"ours --max-model-len 2048", "ours --max-model-len 4096"}}},
		{"the GPU of a model", "label: Ours", "label: Ours, gpu: 1",
			map[string][2]string{"GPUs of configuration ours": {"", "1"}}},
		{"the node's models", "models: /models", "models: /scratch",
			map[string][2]string{"models directory": {"/models", "/scratch"}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			head := strings.Replace(file, test.from, test.to, 1)
			sides, err := OpenSides(t.Context(), change(t, file, head), "main")
			if err != nil {
				t.Fatal(err)
			}
			a, _, err := sides.Plan(t.Context(), Request{Engine: "mine", Iterations: 3, MaxIterations: 20})
			if err != nil || (len(a.Cells) == 1) != (test.differs != nil) {
				t.Fatalf("%v, cells %q", err, idsOf(a))
			}
			if err := sides.Check(a); err != nil {
				t.Error(err)
			}
			if test.differs == nil {
				return
			}
			differs := differences(a.Cells[0].Declared, a.Against.Cells[0].Declared)
			if diff := cmp.Diff(test.differs, differs); diff != "" {
				t.Errorf("declared (-want +got):\n%s", diff)
			}
		})
	}
}

// A cell that is asked for is measured although its node's GPU differs, which is told.
func TestSidesPlanCellOnAnotherGPU(t *testing.T) {
	base := smallLab(own(""))
	head := strings.Replace(base, "n1: {", "n1: {gpu: 1, ", 1)
	sides, err := OpenSides(t.Context(), change(t, base, head), "main")
	if err != nil {
		t.Fatal(err)
	}
	request := Request{Figures: "2", Engine: vllm.Name, Iterations: 3, MaxIterations: 20}
	a, _, notes, err := sides.PlanCell(t.Context(), request, "n1", "")
	if err != nil || len(notes) > 0 {
		t.Fatalf("%v, notes %q", err, notes)
	}
	differs := differences(a.Cells[0].Declared, a.Against.Cells[0].Declared)
	if diff := cmp.Diff(map[string][2]string{"GPUs": {"", "1"}}, differs); diff != "" {
		t.Errorf("declared (-want +got):\n%s", diff)
	}
}

// An environment that is built from the repository differs if its files do, wherever in the
// repository the lab's file is.
func TestSidesPlanOfSource(t *testing.T) {
	file := smallLab("environments: {own: {python: 3.12, source: ./code}}")
	for name, test := range map[string]struct {
		lab   string // where its file is
		path  string // that the head changes
		cells int
	}{
		"the code":                   {".", "code/module.py", 2},
		"something else":             {".", "README.md", 0},
		"the code beside the lab":    {"labs/ours", "code/module.py", 2},
		"something of the same name": {"labs/ours", "labs/ours/code/module.py", 0},
	} {
		r := repotest.New(t)
		path := filepath.Join(test.lab, FileName)
		r.Commit(map[string]string{path: file, "code/module.py": "a = 1\n"})
		r.Git("checkout", "--quiet", "-b", "change")
		r.Commit(map[string]string{test.path: "a = 2\n"})
		sides, err := OpenSides(context.Background(), filepath.Join(r.Dir, path), "main")
		if err != nil {
			t.Fatal(err)
		}
		a, _, err := sides.Plan(context.Background(), Request{Engine: vllm.Name, Iterations: 3, MaxIterations: 20})
		if err != nil || len(a.Cells) != test.cells {
			t.Fatalf("%s: %v, cells %q, want %d", name, err, idsOf(a), test.cells)
		}
		for _, side := range []*Lab{sides.Base, sides.Head} {
			if e, err := side.Environment("own"); err != nil || e.Commit != side.commit {
				t.Errorf("%s: built from commit %s, %v, want %s", name, e.Commit, err, side.commit)
			}
		}
	}
}

// What the base does not measure has nothing to be compared with, also if it is all that is
// asked for.
func TestSidesPlanOfWhatIsNew(t *testing.T) {
	onN2 := strings.Replace(smallLab(own(", variables: {A: b}")), "4: {nodes: [n1]}", "4: {nodes: [n1, n2]}", 1)
	figure := strings.Replace(onN2, "4: {nodes: [n1, n2]}", "5: {nodes: [n1]}, 7: {nodes: [n1]}", 1)
	node := strings.NewReplacer(
		"n2: {}", "n2: {}, n9: {environment: own}", "2: {nodes: [n1, n2]}", "2: {nodes: [n1, n9]}",
	).Replace(onN2)
	const absent = "figure 7 on n1 shows kv_cache_profiling, which no run will have: vLLM 0.20.1 prints it only with " +
		"--enforce-eager: a trial capture of CUDA graphs is otherwise part of the profiling, and no line says when it begins"
	tests := []struct {
		name, head, figures string
		nodes               []string
		cells, notes        []string
	}{
		{"a figure's node", onN2, "", nil, []string{"figure2-n1", "figure4-n1"},
			[]string{"figure4-n2 is left out: the base has no measurement set models on n2"}},
		{"a figure", figure, "7", nil, nil,
			[]string{absent, "figure7-n1 is left out: the base has no measurement set no-torch-compile on n1"}},
		{"a figure of a known set", figure, "5", nil, []string{"figure5-n1"}, nil},
		{"a figure beside another", figure, "2,7", nil, []string{"figure2-n1"},
			[]string{absent, "figure7-n1 is left out: the base has no measurement set no-torch-compile on n1"}},
		{"a node", node, "2", []string{"n9"}, nil,
			[]string{"figure2-n9 is left out: the base has no measurement set breakdown on n9"}},
		{"a node beside another", node, "2", []string{"n9", "n1"}, []string{"figure2-n1"},
			[]string{"figure2-n9 is left out: the base has no measurement set breakdown on n9"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			sides, err := OpenSides(t.Context(), change(t, smallLab(own("")), test.head), "main")
			if err != nil {
				t.Fatal(err)
			}
			request := Request{Figures: test.figures, Nodes: test.nodes, Engine: vllm.Name, Iterations: 3, MaxIterations: 20}
			a, notes, err := sides.Plan(t.Context(), request)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.notes, notes); diff != "" {
				t.Errorf("notes (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.cells, idsOf(a)); diff != "" {
				t.Errorf("cells (-want +got):\n%s", diff)
			}
			if err := sides.Check(a); err != nil {
				t.Error(err)
			}
		})
	}
}

// A plan of other commits is not measured, nor a base that cannot be read.
func TestSidesRefuse(t *testing.T) {
	path := change(t, smallLab(own("")), smallLab(own(", variables: {A: b}")))
	ctx := context.Background()
	sides, err := OpenSides(ctx, path, "main")
	if err != nil {
		t.Fatal(err)
	}
	a, _, err := sides.Plan(ctx, Request{Engine: vllm.Name, Iterations: 3, MaxIterations: 20})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := sides.Plan(ctx, Request{Engine: "replay", Iterations: 3, MaxIterations: 20}); err == nil || !strings.HasPrefix(err.Error(), "a replay starts nothing") {
		t.Errorf("a replay: %v", err)
	}
	other, err := OpenSides(ctx, path, "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Check(a); err == nil || !strings.HasPrefix(err.Error(), "the plan is not of the base ") {
		t.Errorf("a plan of another base: %v", err)
	}
	for name, test := range map[string]struct{ base, revision, want string }{
		"no such branch":  {smallLab(own("")), "nowhere", `this repository has no commit, branch or tag "nowhere"`},
		"a mistake":       {smallLab("hardwear: 1"), "main", "has mistakes:\n"},
		"no file at base": {"", "main", "has no file hardware-matrix.yaml, so that there is nothing to compare with"},
	} {
		path := change(t, test.base, smallLab(own("")))
		if test.base == "" {
			r := repotest.New(t)
			r.Commit(nil)
			r.Git("checkout", "--quiet", "-b", "change")
			r.Commit(map[string]string{FileName: smallLab(own(""))})
			path = filepath.Join(r.Dir, FileName)
		}
		if _, err := OpenSides(ctx, path, test.revision); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q in it", name, err, test.want)
		}
	}
}
