package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coldstart/reports/hardware"
	"coldstart/reports/result"
)

func TestHardware(t *testing.T) {
	t.Parallel()
	got := coldstart(t, "hardware")
	if got.code != exitDone || !strings.Contains(got.out, "\nKernel\t") || strings.Contains(got.out, "declared") {
		t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
	}
	if !strings.Contains(got.err, "unknown environment: no Python environment was named") {
		t.Errorf("no reason for what is unknown: %s", got.err)
	}
}

// What is declared of a node stands beside, and that this machine is not it is no
// failure.
func TestHardwareOfNode(t *testing.T) {
	t.Parallel()
	got := coldstart(t, "hardware", "--node", "n3")
	if got.code != exitDone || !strings.Contains(got.out, "\tn3 declared\t") || !strings.Contains(got.out, "\t≠ ") {
		t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
	}
	if got := coldstart(t, "hardware", "--node", "n9"); got.code != exitUsage || !strings.Contains(got.err, `paper.yaml has no node "n9"`) {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
}

func TestHardwareJSON(t *testing.T) {
	t.Parallel()
	got := coldstart(t, "hardware", "--json", "--node", "n3")
	var found jsonHardware
	if err := json.Unmarshal([]byte(got.out), &found); err != nil {
		t.Fatal(err)
	}
	if found.Probe == nil || found.Unknown["models"] == "" || len(found.Comparison) != 11 {
		t.Errorf("got %s", got.out)
	}
	verdicts := map[string]hardware.Verdict{}
	for _, fact := range found.Comparison {
		verdicts[fact.Name] = fact.Verdict
	}
	if verdicts["Kernel"] != hardware.Different || verdicts["PyTorch"] != hardware.Unknown {
		t.Errorf("verdicts %v", verdicts)
	}
}

// A node is probed into results, and every form of the hardware table shows it
// beside what is declared.
func TestMeasureHardware(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	got := coldstart(t, "measure", "--figure", "hardware", "--node", "n3", "--models", dir, "--out", dir)
	if got.code != exitDone || !strings.Contains(got.err, "hardware-n3        probed; ") || !strings.Contains(got.err, " differ from what is declared") {
		t.Fatalf("exit %d: %s", got.code, got.err)
	}
	if got := coldstart(t, "measure", "--figure", "2", "--node", "n1", "--out", dir); got.code != exitDone {
		t.Fatal(got.err)
	}
	report := filepath.Join(dir, "report")
	if got := coldstart(t, "report", "--from", dir, "--out", report); got.code != exitDone || !strings.Contains(got.out, "n3 probed") || strings.Contains(got.out, "n1 probed") {
		t.Fatalf("exit %d: %s%s", got.code, got.out, got.err)
	}
	for name, want := range map[string]string{
		"hardware.md": "n3 declared", "hardware.csv": "n3 probed", "summary.md": "* n3: Kernel is declared as 5.14.0-503.34.1.el9_5, but the node has ",
	} {
		if text, err := os.ReadFile(filepath.Join(report, name)); err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s lacks %q (%v)", name, want, err)
		}
	}
	if _, err := os.Stat(filepath.Join(report, "hardware.pdf")); err != nil {
		t.Error(err)
	}
	results, err := result.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if replayed := results.Cells["figure2-n1"]; replayed.Probed != nil {
		t.Error("a replay probed this machine, which is not the node")
	}
	for _, args := range [][]string{{"--node", "n9"}, {"--node", "n1", "--role", "gpu0"}} {
		args = append([]string{"measure", "--figure", "hardware", "--out", dir}, args...)
		if got := coldstart(t, args...); got.code != exitUsage {
			t.Errorf("%q: exit %d: %s", args, got.code, got.err)
		}
	}
}
