package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/rhysd/actionlint"
)

// Workflows, and the action as they use it, are what GitHub takes.
func TestActionlint(t *testing.T) {
	var out bytes.Buffer
	// n1 is a node, not a label of GitHub's.
	linter, err := actionlint.NewLinter(&out, &actionlint.LinterOptions{IgnorePatterns: []string{`label "n1" is unknown`}})
	if err != nil {
		t.Fatal(err)
	}
	workflows, err := filepath.Glob("../.github/workflows/*.yml")
	if err != nil || len(workflows) != 2 {
		t.Fatalf("want two workflows, not %q (%v)", workflows, err)
	}
	mistakes, err := linter.LintFiles(append(append(workflows, examples...), keeping), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(mistakes) > 0 {
		t.Errorf("%d mistakes:\n%s", len(mistakes), out.String())
	}
}

// hardened are the files that a cautious administrator reads.
var hardened = []string{"../.github/workflows/reproduce.yml", "../.github/workflows/ci.yml", "action.yml", keeping}

// keeping is a workflow to copy, whose last job pushes to a branch.
const keeping = "examples/history.yml"

// examples are workflows to copy.
var examples = []string{"examples/compare.yml", "examples/call.yml"}

// What people copy names actions by the commits that this repository's own workflows have,
// allows nothing at its top, and leaves no credentials where a pull request's code runs.
func TestExamplesAreHardened(t *testing.T) {
	var own strings.Builder
	for _, path := range hardened {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		own.Write(text)
	}
	uses := regexp.MustCompile(`uses: ([^\s,}]+)`)
	for _, path := range examples {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		found := uses.FindAllStringSubmatch(string(text), -1)
		for _, use := range found {
			ours := use[1] == "OWNER/coldstart/action@COMMIT" || use[1] == "./.github/workflows/reproduce.yml"
			if !ours && !strings.Contains(own.String(), "uses: "+use[1]+" # v") {
				t.Errorf("%s: %s is not pinned as in the own workflows", path, use[1])
			}
		}
		if len(found) == 0 || !strings.Contains(string(text), "\npermissions: {}\n") ||
			strings.Count(string(text), "actions/checkout@") != strings.Count(string(text), "persist-credentials: false") {
			t.Errorf("%s uses nothing, allows something at its top, or keeps credentials", path)
		}
		if lines := strings.Count(string(text), "\n"); lines > 32 {
			t.Errorf("%s has %d lines, more than anybody copies", path, lines)
		}
	}
}

// What a linter does not see.
func TestWorkflowsAreHardened(t *testing.T) {
	pinned := regexp.MustCompile(`^(\./action|\./\.github/workflows/reproduce\.yml|actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$`)
	uses := regexp.MustCompile(`uses: (.*)`)
	for _, path := range hardened {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, use := range uses.FindAllStringSubmatch(string(text), -1) {
			if !pinned.MatchString(use[1]) {
				t.Errorf("%s: %s is not pinned by commit and named by version", path, use[1])
			}
		}
		if path != "action.yml" && !strings.Contains(string(text), "\npermissions: {}\n") {
			t.Errorf("%s allows something at its top", path)
		}
		without := strings.Count(string(text), "persist-credentials: false")
		if n := strings.Count(string(text), "actions/checkout@"); n != without && path != keeping {
			t.Errorf("%s: %d checkouts, %d of them without credentials", path, n, without)
		}
	}
}

// A script with an expression in it would run what a person typed.
func TestScriptsHaveNoExpressions(t *testing.T) {
	scripts := 0
	for _, path := range hardened {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var workflow any
		if err := yaml.Unmarshal(text, &workflow); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		eachScript(workflow, func(script string) {
			scripts++
			if strings.Contains(script, "${{") {
				t.Errorf("%s: a script has an expression in it:\n%s", path, script)
			}
		})
	}
	if scripts < 3 {
		t.Errorf("only %d scripts were found; the test does not see them", scripts)
	}
}

func eachScript(node any, visit func(string)) {
	switch node := node.(type) {
	case map[string]any:
		for key, value := range node {
			if script, ok := value.(string); ok && key == "run" {
				visit(script)
			}
			eachScript(value, visit)
		}
	case []any:
		for _, value := range node {
			eachScript(value, visit)
		}
	}
}

// A guard that names an event lets the others through: by workflow_call, this workflow gets
// the event of whoever calls it, such as pull_request_review.
func TestGuardsDoNotNameTheEvent(t *testing.T) {
	text, err := os.ReadFile(hardened[0])
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "github.event_name") || !strings.Contains(string(text), "!github.event.pull_request || (") {
		t.Error("reproduce.yml does not decide by github.event.pull_request alone")
	}
}

// A workflow that calls this one on a pull request has its event, and by default the engine
// replay, which takes no base: the pull request's base is that of an engine that measures.
func TestReplayHasNoBase(t *testing.T) {
	text, err := os.ReadFile(hardened[0])
	if err != nil {
		t.Fatal(err)
	}
	var workflow struct {
		Jobs struct {
			Plan struct {
				Env   map[string]string
				Steps []struct {
					ID   string
					With map[string]string
				}
			}
		}
	}
	if err := yaml.Unmarshal(text, &workflow); err != nil {
		t.Fatal(err)
	}
	plan := workflow.Jobs.Plan
	want := map[string]string{
		"base":   "${{ inputs.base || env.ENGINE != 'replay' && github.event.pull_request.base.sha || '' }}",
		"engine": "${{ env.ENGINE }}",
	}
	for _, step := range plan.Steps {
		if step.ID == "plan" {
			if diff := cmp.Diff(want, map[string]string{"base": step.With["base"], "engine": step.With["engine"]}); diff != "" {
				t.Errorf("inputs of the plan (-want +got):\n%s", diff)
			}
		}
	}
	const engine = "${{ inputs.engine || vars.COLDSTART_ENGINE || github.event.pull_request && 'vllm' || 'replay' }}"
	if plan.Env["ENGINE"] != engine {
		t.Errorf("the engine is %s, want %s", plan.Env["ENGINE"], engine)
	}
	if n := strings.Count(string(text), "github.event.pull_request.base"); n != 1 {
		t.Errorf("the pull request's base is named %d times, want once, by the plan", n)
	}
}

// Only the job that comments may write to pull requests, and no other may write
// anything. It runs the branch's own code, not a commit that is measured.
func TestOnlyTheReportMayWrite(t *testing.T) {
	text, err := os.ReadFile(hardened[0])
	if err != nil {
		t.Fatal(err)
	}
	var workflow struct {
		Jobs map[string]struct {
			Permissions map[string]string
			Steps       []struct{ With map[string]any }
		}
	}
	if err := yaml.Unmarshal(text, &workflow); err != nil {
		t.Fatal(err)
	}
	want := map[string]map[string]string{
		"plan":    {"contents": "read"},
		"measure": {"contents": "read"},
		"report":  {"contents": "read", "pull-requests": "write"},
	}
	for job, permissions := range want {
		if diff := cmp.Diff(permissions, workflow.Jobs[job].Permissions); diff != "" {
			t.Errorf("permissions of %s (-want +got):\n%s", job, diff)
		}
	}
	for _, step := range workflow.Jobs["report"].Steps {
		if step.With["ref"] != nil || step.With["program"] != nil {
			t.Errorf("the job that may write runs the measured commit's code: %v", step.With)
		}
	}
}
