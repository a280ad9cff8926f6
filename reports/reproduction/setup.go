package reproduction

import (
	"fmt"
	"slices"
	"strings"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/table"
)

// Setup compares the engine's configuration, run by run, with recorded runs of the same
// configuration and release.
type Setup struct {
	Runs    int            `json:"runs"`              // number of runs with a recorded counterpart
	Differs []SetupSetting `json:"differs,omitempty"` // in the order found
}

// SetupSetting is a setting that differs from the recorded one in some runs.
type SetupSetting struct {
	Setting        string   `json:"setting"` // a field of the configuration line or of phase.Setup
	Recorded       string   `json:"recorded"`
	Here           string   `json:"here"`
	Runs           int      `json:"runs"`
	Configurations []string `json:"configurations"`
}

// configured names a configuration of a set on one of the paper's nodes.
type configured struct{ set, node, id string }

// recorded is the engine's configuration and release in a recorded run.
type recorded struct {
	setup   *phase.Setup
	release string
}

// holdSetups compares the configuration of every counted run.
func (r *reproducer) holdSetups() (s Setup) {
	known := recordedSetups(r.paper)
	for _, planned := range r.here.Plan.Cells {
		cell := r.here.Cells[planned.ID]
		if cell == nil || planned.Shares != "" {
			continue
		}
		for i := range cell.Runs {
			run := &cell.Runs[i]
			setup := cell.SetupOf(run)
			was, found := known[configured{planned.Set, r.parts[planned.Node], run.Configuration}]
			if setup == nil || !found || was.release != run.Release || !run.Counts() {
				continue
			}
			s.Runs++
			for _, d := range was.setup.Differences(setup) {
				s.add(d, run.Configuration)
			}
		}
	}
	return s
}

// recordedSetups are the configurations of the paper's runs. The key without a node has
// the configuration on the set's first node.
func recordedSetups(paper *result.Results) map[configured]recorded {
	known := map[configured]recorded{}
	for _, planned := range paper.Plan.Cells {
		cell := paper.Cells[planned.ID]
		if cell == nil {
			continue
		}
		for i := range cell.Runs {
			run := &cell.Runs[i]
			setup := cell.SetupOf(run)
			if setup == nil {
				continue
			}
			for _, node := range []string{planned.Node, ""} {
				key := configured{planned.Set, node, run.Configuration}
				if _, is := known[key]; !is {
					known[key] = recorded{setup, run.Release}
				}
			}
		}
	}
	return known
}

func (s *Setup) add(d phase.Setting, configuration string) {
	for i := range s.Differs {
		if f := &s.Differs[i]; f.Setting == d.Name && f.Recorded == d.A && f.Here == d.B {
			f.Runs++
			if !slices.Contains(f.Configurations, configuration) {
				f.Configurations = append(f.Configurations, configuration)
			}
			return
		}
	}
	s.Differs = append(s.Differs, SetupSetting{d.Name, d.A, d.B, 1, []string{configuration}})
}

// mostDiffers is the greatest number of settings in words.
const mostDiffers = 8

// words are sentences; none if no run has a recorded counterpart.
func (s *Setup) words() (sentences []string) {
	runs := table.Count(s.Runs, "run")
	switch {
	case s.Runs == 0:
		return nil
	case len(s.Differs) == 0:
		return []string{"Engine configuration as recorded, in every compared field of " + runs + "."}
	}
	for _, d := range s.Differs[:min(len(s.Differs), mostDiffers)] {
		sentences = append(sentences, fmt.Sprintf("Engine configuration: %s is %s in %d of %s (%s), and was recorded as %s.",
			d.Setting, orNone(d.Here), d.Runs, runs, strings.Join(d.Configurations, ", "), orNone(d.Recorded)))
	}
	if more := len(s.Differs) - mostDiffers; more > 0 {
		sentences = append(sentences,
			"Engine configuration: "+table.Count(more, "difference")+" more; data/claims.json has them.")
	}
	return sentences
}

func orNone(value string) string {
	if value == "" {
		return "absent"
	}
	return value
}
