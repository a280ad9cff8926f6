package catalogue_test

import (
	"testing"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/runner/catalogue"
	"coldstart/runner/paper"
)

// The paper's recorded runs log every phase but those that Lacks says they cannot.
func TestLacksAsRecorded(t *testing.T) {
	for _, set := range paper.Catalogue().Sets {
		if set.SampleCPU { // of which there are no logs
			continue
		}
		for _, c := range set.Configurations {
			runs := paper.Runs(&set, &c, paper.MainNode, false)
			if len(runs) == 0 {
				t.Errorf("no recorded runs of %s in %s", c.ID, set.Name)
			}
			for p := range phase.All() {
				logged := p == phase.InitializeEngine || runs[0].Has(p) // the data have it of the old releases alone
				if why := catalogue.Lacks(&set, &c, result.OfPhase(p)); (why == "") != logged {
					t.Errorf("%s of %s: %v is logged: %t, but Lacks says %q", c.ID, set.Name, p, logged, why)
				}
			}
		}
	}
}

func TestLacks(t *testing.T) {
	tests := []struct {
		name  string
		set   result.Set
		c     result.Configuration
		phase phase.Phase
		lacks bool
	}{
		{"eager", result.Set{}, result.Configuration{Args: []result.Arg{{Name: "enforce-eager"}}}, phase.GraphCapturing, true},
		{"eager", result.Set{}, result.Configuration{Args: []result.Arg{{Name: "enforce-eager"}}}, phase.LoadWeights, false},
		{"served", result.Set{Start: result.Serve}, result.Configuration{}, phase.InitializeEngine, true},
		{"served", result.Set{Start: result.Serve}, result.Configuration{}, phase.InitEngine, false},
		{"a model's variable", result.Set{}, result.Configuration{Variables: map[string]string{"TORCH_COMPILE_DISABLE": "1"}}, phase.TorchCompile, true},
	}
	for _, test := range tests {
		if why := catalogue.Lacks(&test.set, &test.c, result.OfPhase(test.phase)); (why != "") != test.lacks {
			t.Errorf("%s: %v is lacking: %q, want %t", test.name, test.phase, why, test.lacks)
		}
	}
}
