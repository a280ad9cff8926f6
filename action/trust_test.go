package main

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coldstart/reports/result"
)

// replaced replaces part of a plan that command plan made.
func replaced(t *testing.T, dir, old, new string) {
	t.Helper()
	path := filepath.Join(dir, "plan.json")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	other := strings.Replace(string(text), old, new, 1)
	if other == string(text) {
		t.Fatalf("there is no %q in %s", old, text)
	}
	if err := os.WriteFile(path, []byte(other), 0o644); err != nil {
		t.Fatal(err)
	}
}

// A plan that another job replaced is not measured: its SHA-256 is wrong. Where nobody
// gives a SHA-256, it can still start nothing that this program's catalogue does not have.
func TestReplacedPlan(t *testing.T) {
	const another = `no plan has the SHA-256`
	tests := []struct{ name, old, new, want string }{
		{"a variable", `"VLLM_USE_V1": "1"`, `"VLLM_USE_V1": "1", "BASH_ENV": "$(touch ran)"`, "set breakdown of the plan is not this program's"},
		{"a variable less", `"VLLM_USE_V1": "1"`, `"VLLM_LOGGING_LEVEL": "INFO"`, "set breakdown of the plan is not this program's"},
		{"an argument", `"id": "llama3-3b",`, `"id": "llama3-3b", "args": [{"name": "download-dir", "value": "/"}],`, `set breakdown of the plan has a configuration "llama3-3b" that is not this program's`},
		{"a set", `"name": "breakdown"`, `"name": "mine"`, `"breakdown", which is no set of the plan`},
		{"an id that leads out", `"id": "llama3-3b"`, `"id": "../../evil"`, `"../../evil" cannot name a file`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			temp := t.TempDir()
			planned := use(t, temp, map[string]string{"INPUT_COMMAND": "plan", "INPUT_FIGURES": "2"})
			replaced(t, planned.outputs["path"], test.old, test.new)
			with := map[string]string{"INPUT_COMMAND": "measure", "INPUT_CELL": "figure2-n1", "INPUT_FROM": planned.outputs["path"]}
			if got := use(t, temp, with); got.ok || !strings.Contains(got.log, test.want) {
				t.Errorf("ok %t, the log %q lacks %q", got.ok, got.log, test.want)
			}
			with["INPUT_PLAN_SHA256"] = planned.outputs["plan-sha256"]
			if got := use(t, temp, with); got.ok || !strings.Contains(got.log, another) {
				t.Errorf("with its SHA-256: ok %t, the log %q lacks %q", got.ok, got.log, another)
			}
		})
	}
}

// The report follows the plan with the SHA-256. Plans of other jobs do not count.
func TestForeignPlan(t *testing.T) {
	temp := t.TempDir()
	planned := use(t, temp, map[string]string{"INPUT_COMMAND": "plan", "INPUT_FIGURES": "2"})
	sum := map[string]string{"INPUT_PLAN_SHA256": planned.outputs["plan-sha256"]}
	measure := map[string]string{"INPUT_COMMAND": "measure", "INPUT_CELL": "figure2-n1", "INPUT_FROM": planned.outputs["path"]}
	maps.Copy(measure, sum)
	if got := use(t, temp, measure); !got.ok {
		t.Fatal(got.log)
	}
	foreign := use(t, t.TempDir(), map[string]string{"INPUT_COMMAND": "plan", "INPUT_FIGURES": "7"}).outputs["path"]
	if err := os.CopyFS(filepath.Join(temp, "coldstart", "foreign"), os.DirFS(foreign)); err != nil {
		t.Fatal(err)
	}
	report := map[string]string{"INPUT_COMMAND": "report", "INPUT_FROM": filepath.Join(temp, "coldstart")}
	maps.Copy(report, sum)
	got := use(t, temp, report)
	if strings.Contains(got.summary, "figure7") || !strings.Contains(got.summary, "of 1 figure") && !strings.Contains(got.summary, "Complete: ") {
		t.Errorf("ok %t, summary %s, log %s", got.ok, got.summary, got.log)
	}
	if _, err := os.Stat(filepath.Join(got.outputs["path"], "figure2.pdf")); err != nil {
		t.Error(err)
	}
	if _, err := result.ReadPlanned(report["INPUT_FROM"], strings.Repeat("0", 64), 1); err == nil {
		t.Error("a SHA-256 that no plan has is not refused")
	}
}

// A report has no cell of a later attempt than its run's, whoever uploaded it.
func TestLaterAttempt(t *testing.T) {
	temp := t.TempDir()
	planned := use(t, temp, map[string]string{"INPUT_COMMAND": "plan", "INPUT_FIGURES": "2"})
	with := map[string]string{
		"INPUT_COMMAND": "measure", "INPUT_CELL": "figure2-n1", "INPUT_FROM": planned.outputs["path"],
		"INPUT_PLAN_SHA256": planned.outputs["plan-sha256"], "GITHUB_RUN_ATTEMPT": "2",
	}
	if got := use(t, temp, with); !got.ok {
		t.Fatal(got.log)
	}
	with["INPUT_COMMAND"], with["INPUT_FROM"] = "report", filepath.Join(temp, "coldstart")
	for attempt, want := range map[string]string{"1": "false", "2": "true"} {
		with["GITHUB_RUN_ATTEMPT"] = attempt
		got := use(t, t.TempDir(), with)
		if got.outputs["complete"] != want || strings.Contains(got.log, "this is attempt 2, and the workflow run is in attempt 1") != (want == "false") {
			t.Errorf("attempt %s: complete %s, log %s", attempt, got.outputs["complete"], got.log)
		}
	}
}
