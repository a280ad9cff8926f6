package result_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/testkit"
)

// sides is a plan of two sides.
func sides() *result.Plan {
	a := smallPlan("s")
	a.Cells = a.Cells[:1]
	b := *a
	result.InTurns(a, &b)
	return a
}

// A download of artifacts has the plan of both sides, and for each cell the results of both,
// which are told apart by their sessions.
func TestReadSides(t *testing.T) {
	for _, artifact := range []string{"cells", "cells/coldstart-cell-figure7-n1-1"} { // a single one is unpacked flat
		dir, a := t.TempDir(), sides()
		if _, err := result.Create(filepath.Join(dir, "plan"), a); err != nil {
			t.Fatal(err)
		}
		attempt(t, filepath.Join(dir, artifact, "A"), a.Alone(), 1, noon, 1)
		attempt(t, filepath.Join(dir, artifact, "B"), a.Against, 1, noon, 2)
		sum, err := result.PlanSum(filepath.Join(dir, "plan"))
		if err != nil {
			t.Fatal(err)
		}
		results, err := result.ReadPlanned(dir, sum, 1)
		if err != nil {
			t.Fatal(err)
		}
		if results.Against == nil || len(results.Warnings) > 0 {
			t.Fatalf("other side %v, warnings %q", results.Against, results.Warnings)
		}
		for want, side := range map[float64]*result.Results{1: results, 2: results.Against} {
			if got, _ := side.Cells["figure7-n1"].Runs[0].Seconds.Get(phase.KVCacheProfiling); got != want {
				t.Errorf("%s: %g s, want %g", artifact, got, want)
			}
		}
	}
}

// A plan whose other side is no side of it is neither written nor read.
func TestOtherSideIsRefused(t *testing.T) {
	for name, change := range map[string]func(a *result.Plan){
		"sides of a side":       func(a *result.Plan) { a.Against.Against = smallPlan("t") },
		"the same session":      func(a *result.Plan) { a.Against.Session = a.Session },
		"other cells":           func(a *result.Plan) { a.Against.Cells = nil },
		"another engine":        func(a *result.Plan) { a.Against.Engine = "other" },
		"a name that leads out": func(a *result.Plan) { a.Against.Sets[0].Configurations[0].ID = "../x" },
	} {
		dir, a := t.TempDir(), sides()
		change(a)
		if _, err := result.Create(dir, a); err == nil || !strings.Contains(err.Error(), "the plan could not be read back: ") {
			t.Errorf("%s: %v", name, err)
		}
		text, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		testkit.WriteFiles(t, dir, map[string]string{"plan.json": string(text)})
		if _, err := result.Read(dir); err == nil || !strings.Contains(err.Error(), "coldstart did not write this plan") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
