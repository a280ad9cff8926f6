package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sethvargo/go-githubactions"

	"coldstart/reports/result"
	"coldstart/runner/plan"
)

// step is what one use of the action left.
type step struct {
	ok      bool
	log     string
	outputs map[string]string
	summary string
}

// use runs the action's program as a step of a workflow whose runner has its
// temporary files in temp.
func use(t *testing.T, temp string, with map[string]string) step {
	t.Helper()
	dir := t.TempDir()
	environment := map[string]string{
		"RUNNER_TEMP": temp, "GITHUB_OUTPUT": filepath.Join(dir, "output"), "GITHUB_STEP_SUMMARY": filepath.Join(dir, "summary"),
		"GITHUB_RUN_ATTEMPT": "1", "GITHUB_REPOSITORY": "lab/vllm", "GITHUB_WORKFLOW": "reproduce",
		"GITHUB_SERVER_URL": "https://github.example.com", "GITHUB_RUN_ID": "7", "INPUT_MATRIX": "../runner/lab/paper.yaml",
		"INPUT_FIGURES": "all", "INPUT_ENGINE": "replay", "INPUT_ITERATIONS": "", "INPUT_MAX_ITERATIONS": "",
	}
	for name, value := range with {
		environment[name] = value
	}
	var log bytes.Buffer
	gha := githubactions.New(githubactions.WithWriter(&log), githubactions.WithGetenv(func(name string) string { return environment[name] }))
	s := step{ok: run(context.Background(), gha)}
	s.log = log.String()
	s.outputs = readOutputs(t, environment["GITHUB_OUTPUT"])
	summary, _ := os.ReadFile(environment["GITHUB_STEP_SUMMARY"])
	s.summary = string(summary)
	return s
}

// readOutputs reads name<<MARK, value, MARK.
func readOutputs(t *testing.T, path string) map[string]string {
	t.Helper()
	outputs := map[string]string{}
	text, _ := os.ReadFile(path)
	lines := strings.Split(string(text), "\n")
	for i := 0; i+2 < len(lines); i += 3 {
		name, _, ok := strings.Cut(lines[i], "<<")
		if !ok {
			t.Fatalf("outputs are not as expected:\n%s", text)
		}
		outputs[name] = lines[i+1]
	}
	return outputs
}

// The three commands pass on to each other what a workflow passes on.
func TestPlanMeasureReport(t *testing.T) {
	temp := t.TempDir()
	planned := use(t, temp, map[string]string{"INPUT_COMMAND": "plan", "INPUT_FIGURES": "7, 10"})
	var matrix plan.JobMatrix
	if err := json.Unmarshal([]byte(planned.outputs["matrix"]), &matrix); err != nil || !planned.ok {
		t.Fatalf("%v: %s", err, planned.log)
	}
	if planned.outputs["cells"] != "7" || planned.outputs["artifact"] != "coldstart-plan-1" || len(matrix.Include) != 7 {
		t.Errorf("outputs %q", planned.outputs)
	}
	for _, job := range matrix.Include {
		measured := use(t, temp, map[string]string{"INPUT_COMMAND": "measure", "INPUT_CELL": job.Cell, "INPUT_FROM": planned.outputs["path"]})
		if !measured.ok || measured.outputs["complete"] != "true" || measured.outputs["artifact"] != "coldstart-cell-"+job.Cell+"-1" {
			t.Errorf("%s: outputs %q, log %s", job.Cell, measured.outputs, measured.log)
		}
		if !strings.Contains(measured.log, "probed: ") {
			t.Errorf("%s: the log does not tell of the runner's machine:\n%s", job.Cell, measured.log)
		}
		if job.Figure == "7" && !strings.Contains(measured.log, "::group::iteration 0, the warm-up\n") {
			t.Errorf("%s has no group for its warm-up:\n%s", job.Cell, measured.log)
		}
		if open, closed := strings.Count(measured.log, "::group::"), strings.Count(measured.log, "::endgroup::"); open != closed {
			t.Errorf("%s: %d groups were opened, %d closed", job.Cell, open, closed)
		}
	}
	reported := use(t, temp, map[string]string{"INPUT_COMMAND": "report", "INPUT_FROM": filepath.Join(temp, "coldstart")})
	if !reported.ok || reported.outputs["complete"] != "true" || !strings.Contains(reported.summary, "Complete: all 2 figures.") {
		t.Errorf("outputs %q, summary %q, log %s", reported.outputs, reported.summary, reported.log)
	}
	if !strings.Contains(reported.summary, "n1 declared") || !strings.Contains(reported.summary, "n1 probed") {
		t.Errorf("the summary's hardware table is not probed:\n%s", reported.summary)
	}
	for _, name := range []string{"figure7.pdf", "figure10.pdf", "report.pdf"} {
		if _, err := os.Stat(filepath.Join(reported.outputs["path"], name)); err != nil {
			t.Error(err)
		}
	}
}

// example has results of a node that is none of the paper's.
var example = filepath.Join("..", "reports", "examples", "h200", "ssd")

// The job's summary compares the figures with the paper's if the input as names the
// paper's nodes.
func TestReportBesideThePaper(t *testing.T) {
	for as, want := range map[string]bool{"": false, "n1": true} {
		reported := use(t, t.TempDir(), map[string]string{"INPUT_COMMAND": "report", "INPUT_FROM": example, "INPUT_AS": as})
		if !reported.ok || strings.Contains(reported.summary, "## Comparison with the paper's numbers") != want {
			t.Errorf("as %q: ok %t, log %s, summary %s", as, reported.ok, reported.log, reported.summary)
		}
	}
}

// A cell that cannot be measured fails its job, leaves its reason to the report,
// and the report comes all the same.
func TestFailedCell(t *testing.T) {
	temp := t.TempDir()
	planned := use(t, temp, map[string]string{"INPUT_COMMAND": "plan", "INPUT_FIGURES": "7", "INPUT_NODES": "n1,n2"})
	for cell, ok := range map[string]bool{"figure7-n1": true, "figure7-n2": false} {
		measured := use(t, temp, map[string]string{"INPUT_COMMAND": "measure", "INPUT_CELL": cell, "INPUT_FROM": planned.outputs["path"]})
		if measured.ok != ok || measured.outputs["artifact"] == "" {
			t.Errorf("%s: ok %t, outputs %q", cell, measured.ok, measured.outputs)
		}
		if !ok && !strings.Contains(measured.log, "::error::the paper recorded no runs of no-torch-compile on n2, only on n1\n") {
			t.Errorf("%s: no annotation says why in\n%s", cell, measured.log)
		}
	}
	reported := use(t, temp, map[string]string{"INPUT_COMMAND": "report", "INPUT_FROM": filepath.Join(temp, "coldstart")})
	if reported.ok || reported.outputs["complete"] != "false" || !strings.Contains(reported.summary, "Incomplete: 1 of 2 figures.") {
		t.Errorf("ok %t, outputs %q, summary %s", reported.ok, reported.outputs, reported.summary)
	}
	if !strings.Contains(reported.log, "::error title=figure 7::figure7-n2: the paper recorded no runs") {
		t.Errorf("no annotation names what is missing:\n%s", reported.log)
	}
	if _, err := os.Stat(filepath.Join(reported.outputs["path"], "figure7.pdf")); err != nil {
		t.Error(err)
	}
}

// labWithModels is the path of a lab of one node that has models, and figure 2.
func labWithModels(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "lab.yaml")
	const lab = "default_node: n1\nnodes: {n1: {models: /models}}\nfigures: {2: {nodes: [n1]}}\n"
	if err := os.WriteFile(path, []byte(lab), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// A rule of when to stop is the plan's, for every cell's job.
func TestPlanWithConfidence(t *testing.T) {
	got := use(t, t.TempDir(), map[string]string{"INPUT_COMMAND": "plan", "INPUT_MATRIX": labWithModels(t), "INPUT_ENGINE": "vllm", "INPUT_FIGURES": "2", "INPUT_ITERATIONS": "3", "INPUT_CONFIDENCE": "5%", "INPUT_MAX_ITERATIONS": "9"})
	if !got.ok {
		t.Fatal(got.log)
	}
	plan, err := result.ReadPlan(got.outputs["path"])
	if err != nil || plan.Stop == nil || *plan.Stop != (result.Stop{Within: 0.05, Most: 9}) {
		t.Fatalf("%v, the plan is %+v", err, plan)
	}
}

// How the engine is started is the plan's, for every cell's job.
func TestPlanThatServes(t *testing.T) {
	for start, served := range map[string]bool{"": false, "engine": false, "serve": true} {
		got := use(t, t.TempDir(), map[string]string{
			"INPUT_COMMAND": "plan", "INPUT_MATRIX": labWithModels(t), "INPUT_ENGINE": "vllm", "INPUT_START": start,
		})
		if !got.ok {
			t.Fatal(got.log)
		}
		plan, err := result.ReadPlan(got.outputs["path"])
		if err != nil || plan.Served() != served {
			t.Errorf("start %q: %v, served %t", start, err, plan.Served())
		}
	}
}

// Mistakes are annotations that name the input.
func TestInputMistakes(t *testing.T) {
	temp := t.TempDir()
	tests := []struct {
		with map[string]string
		want string
	}{
		{map[string]string{"INPUT_COMMAND": "dance"}, `::error title=input command::input command: must be plan, measure or report, not "dance"`},
		{map[string]string{"INPUT_COMMAND": "plan", "INPUT_FIGURES": "7;touch pwned"}, `::error title=input figures::input figures: must be all, rest, or comma-separated numbers or names, not "7;touch pwned"`},
		{map[string]string{"INPUT_COMMAND": "plan", "INPUT_FIGURES": "7\n::set-output name=x::y"}, `not "7\n::set-output name=x::y"`},
		{map[string]string{"INPUT_COMMAND": "plan", "INPUT_FIGURES": "16"}, `there is no figure "16"`},
		{map[string]string{"INPUT_COMMAND": "plan", "INPUT_NODES": "$(id)"}, `::error title=input nodes::input nodes: must be comma-separated names, not "$(id)"`},
		{map[string]string{"INPUT_COMMAND": "plan", "INPUT_NODES": "n9"}, `there is no node "n9"`},
		{map[string]string{"INPUT_COMMAND": "plan", "INPUT_ENGINE": "warp"}, `there is no engine "warp"`},
		{map[string]string{"INPUT_COMMAND": "plan", "INPUT_ENGINE": "vllm", "INPUT_FIGURES": "10"}, `::error title=input matrix::input matrix: engine vllm needs models: say with models: in `},
		{map[string]string{"INPUT_COMMAND": "plan", "INPUT_ITERATIONS": "many"}, `::error title=input iterations::input iterations: must be a whole number from 1 to 1000, not "many"`},
		{map[string]string{"INPUT_COMMAND": "plan", "INPUT_ENGINE": "vllm", "INPUT_CONFIDENCE": "$(id)"}, `::error title=input confidence::input confidence: must be a percentage above 0 and below 100, such as 5%25, not "$(id)"`},
		{map[string]string{"INPUT_COMMAND": "plan", "INPUT_ENGINE": "vllm", "INPUT_CONFIDENCE": "500%"}, `input confidence: must be a percentage above 0 and below 100`},
		{map[string]string{"INPUT_COMMAND": "plan", "INPUT_ENGINE": "vllm", "INPUT_START": "$(id)"}, `::error title=input start::input start: must be engine or serve, not "$(id)"`},
		{map[string]string{"INPUT_COMMAND": "plan", "INPUT_START": "serve"}, `::error title=input start::input start: --start serve needs an engine that measures`},
		{map[string]string{"INPUT_COMMAND": "plan", "INPUT_CONFIDENCE": "5%"}, `a replay has only the recorded runs`},
		{map[string]string{"INPUT_COMMAND": "measure", "INPUT_CELL": "../../etc"}, `::error title=input cell::`},
		{map[string]string{"INPUT_COMMAND": "measure", "INPUT_CELL": "figure7-n1"}, `::error title=input from::`},
		{map[string]string{"INPUT_COMMAND": "measure", "INPUT_CELL": "figure7-n1", "INPUT_FROM": temp}, `no results found`},
		{map[string]string{"INPUT_COMMAND": "report", "INPUT_FROM": temp, "INPUT_PULL_REQUEST": "12a"}, `::error title=input pull-request::`},
		{map[string]string{"INPUT_COMMAND": "report", "INPUT_FROM": example, "INPUT_AS": "$(id)"}, `::error title=input as::input as: must be n1, or comma-separated NODE=n1, not "$(id)"`},
		{map[string]string{"INPUT_COMMAND": "report", "INPUT_FROM": example, "INPUT_AS": "h200=n4"}, `::error title=input as::input as: the paper has no figure on a node "n4"; it has n1, n2, n3`},
	}
	for _, test := range tests {
		got := use(t, temp, test.with)
		if got.ok || !strings.Contains(got.log, test.want) || strings.Count(got.log, "\n") > 1 {
			t.Errorf("%q: ok %t, log %q lacks %q, or is more than a line", test.with, got.ok, got.log, test.want)
		}
	}
}

// A mistake in the lab's file is shown at its line.
func TestLabFileMistakeIsAnnotatedInPlace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lab.yaml")
	if err := os.WriteFile(path, []byte("default_node: n1\nnodes: {n1: {hardwear: {}}}\nfigures: {7: {nodes: [n1]}}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	got := use(t, t.TempDir(), map[string]string{"INPUT_COMMAND": "plan", "INPUT_MATRIX": path})
	if want := "::error col=14,file=" + path + `,line=2::unknown key "hardwear"`; got.ok || !strings.Contains(got.log, want) {
		t.Errorf("log %q lacks %q", got.log, want)
	}
}

// The token is masked before anything else is printed.
func TestTokenIsMasked(t *testing.T) {
	got := use(t, t.TempDir(), map[string]string{"INPUT_COMMAND": "dance", "INPUT_TOKEN": "ghs_secret"})
	if !strings.HasPrefix(got.log, "::add-mask::ghs_secret\n") || strings.Count(got.log, "ghs_secret") != 1 {
		t.Errorf("log %q", got.log)
	}
}
