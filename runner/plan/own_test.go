package plan_test

import (
	"strings"
	"testing"

	"coldstart/reports/result"
	"coldstart/runner/catalogue"
	"coldstart/runner/matrix"
	"coldstart/runner/paper"
	"coldstart/runner/plan"
)

// A request says how its sets are started. A plan may, and nothing else may differ from the
// catalogue.
func TestStart(t *testing.T) {
	for _, start := range []result.Start{result.EngineOnly, result.Serve} {
		asked := session
		asked.Start = start
		p, _, err := plan.Make(ownLab(t), plan.Selection{Figures: "2,7,13"}, asked)
		if err != nil {
			t.Fatal(err)
		}
		for _, set := range p.Sets {
			if set.Start != start {
				t.Errorf("set %s starts %v, want %v", set.Name, set.Start, start)
			}
		}
		if err := plan.CheckSets(p, paper.Catalogue()); err != nil || p.Served() != (start == result.Serve) {
			t.Errorf("%v: %v, served %t", start, err, p.Served())
		}
		p.Sets[0].SampleCPU = !p.Sets[0].SampleCPU
		if err := plan.CheckSets(p, paper.Catalogue()); err == nil || !strings.Contains(err.Error(), "is not this program's") {
			t.Errorf("%v: another set: %v", start, err)
		}
	}
}

// A node starts a set of its own lab's file, as that file has it, and no other.
func TestOwnSets(t *testing.T) {
	const own = `
default_node: n1
nodes: {n1: {}}
models: {mine: {arguments: {max-model-len: 64}}}
sets:
  mine: {models: [mine], variables: {A: 1}, start: serve}
  other: {models: [mine]}
figures:
  a: {kind: bars, set: mine, phase: load_weights, nodes: [n1]}
  b: {kind: bars, set: other, phase: load_weights, nodes: [n1]}
`
	known := func(text string) (*matrix.Matrix, catalogue.Catalogue) {
		lab := parseLab(t, text)
		return lab, plan.CatalogueOf(lab)
	}
	lab, here := known(own)
	p, _, err := plan.Make(lab, plan.Selection{}, plan.Session{Name: "s1", Engine: "vllm", Iterations: 5})
	if err != nil {
		t.Fatal(err)
	}
	if p.Set("mine").Start != result.Serve || p.Set("other").Start != result.EngineOnly || p.Served() {
		t.Errorf("the sets start %v and %v", p.Set("mine").Start, p.Set("other").Start)
	}
	tests := []struct{ name, old, new, want string }{
		{name: "the same file"},
		{"another variable", "A: 1", "A: 2", "set mine of the plan is not this program's"},
		{"another start", ", start: serve", "", ""}, // a request's
		{"engine alone", "start: serve", "page_cache: dropped", "set mine of the plan is not this program's"},
		{"another argument", "max-model-len: 64", "max-model-len: 65", `set mine of the plan has a configuration "mine"`},
		{"another folder", "{arguments", "{folder: x, arguments", `set mine of the plan has a configuration "mine"`},
		{"no such set", "  mine: {models", "  hers: {models", `the plan has a set "mine", which neither`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text := strings.Replace(own, test.old, test.new, 1)
			text = strings.Replace(text, "set: mine", "set: other", 1)
			if _, here = known(text); test.name == "the same file" {
				_, here = known(own)
			}
			err := plan.CheckSets(p, here)
			if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// Figures whose files could not be told apart are refused.
func TestOneFileEach(t *testing.T) {
	lab := parseLab(t, `
default_node: x
nodes: {x: {}, c: {}, b-c: {}}
models: {mine: {}}
sets: {mine: {models: [mine]}}
figures:
  a: {kind: bars, set: mine, phase: load_weights, nodes: [b-c]}
  a-b: {kind: bars, set: mine, phase: load_weights, nodes: [c]}
`)
	_, _, err := plan.Make(lab, plan.Selection{}, plan.Session{Name: "s1", Engine: "vllm", Iterations: 5})
	if want := "figures a and a-b would both have files called figure-a-b-c.pdf"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %q", err, want)
	}
}

// A configuration that needs more GPUs than its model, role or node gives it is refused
// before anything is started.
func TestMoreGPUsThanGiven(t *testing.T) {
	const lab = `
default_node: n1
nodes: {n1: {NODE}}
models: {mine: {MODEL}}
sets: {mine: {models: [mine], arguments: {tensor-parallel-size: 2}}}
figures: {a: {kind: bars, set: mine, phase: load_weights, nodes: [n1]}}
`
	tests := []struct{ node, model, cell, own, want string }{
		{},
		{node: "gpu: [0, 1]", cell: "0,1"},
		{node: "gpu: 0", model: "gpu: [2, 3]", cell: "0", own: "2,3"},
		{node: "gpu: 0", want: "figure a on n1: mine needs 2 GPUs (tensor-parallel-size 2), but may use only GPU 0"},
		{node: "gpu: [0, 1]", model: "gpu: 1", want: "figure a on n1: mine needs 2 GPUs (tensor-parallel-size 2), but may use only GPU 1"},
	}
	for _, test := range tests {
		text := strings.NewReplacer("NODE", test.node, "MODEL", test.model).Replace(lab)
		p, _, err := plan.Make(parseLab(t, text), plan.Selection{}, plan.Session{Name: "s1", Engine: "vllm", Iterations: 5})
		if test.want != "" {
			if err == nil || err.Error() != test.want {
				t.Errorf("%+v: %v", test, err)
			}
			continue
		}
		if err != nil || string(p.Cells[0].GPU) != test.cell || string(p.Sets[0].Configurations[0].GPU) != test.own {
			t.Errorf("%+v: %v, %+v", test, err, p)
		}
	}
}

// A model that the paper has not is guessed by its size, and the cost says so.
func TestCostBySize(t *testing.T) {
	const lab = `
default_node: n1
nodes: {n1: {}}
models: {mine: {SIZE}}
sets: {mine: {models: [mine]}}
figures: {a: {kind: bars, set: mine, phase: load_weights, nodes: [n1]}}
`
	start := func(size string) float64 {
		p, _, err := plan.Make(parseLab(t, strings.Replace(lab, "SIZE", size, 1)), plan.Selection{},
			plan.Session{Name: "s1", Engine: "vllm", Iterations: 4})
		if err != nil {
			t.Fatal(err)
		}
		cost := plan.Total(plan.Costs(p))
		if cost.BySize != cost.Shared || cost.Guessed != 0 {
			t.Errorf("%s: all of %+v is a guess by size", size, cost)
		}
		return cost.Shared / 5
	}
	unknown, small, large, same := start(""), start("weights_gib: 1"), start("weights_gib: 60"), start("size_b: 32.21225472")
	if unknown != 60 || small < 15 || large < small+10 || large > 10*small || same < large-0.001 || same > large+0.001 {
		t.Errorf("starts of %g s (unknown), %g s (1 GiB), %g s (60 GiB), %g s (as many parameters)", unknown, small, large, same)
	}
}
