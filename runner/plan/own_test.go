package plan_test

import (
	"strings"
	"testing"

	"coldstart/reports/result"
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
		if err := plan.CheckSets(p); err != nil || p.Served() != (start == result.Serve) {
			t.Errorf("%v: %v, served %t", start, err, p.Served())
		}
		p.Sets[0].SampleCPU = !p.Sets[0].SampleCPU
		if err := plan.CheckSets(p); err == nil || !strings.Contains(err.Error(), "is not this program's") {
			t.Errorf("%v: another set: %v", start, err)
		}
	}
}
