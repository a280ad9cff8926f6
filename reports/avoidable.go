package reports

import (
	"fmt"
	"slices"
	"strings"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/table"
)

// Avoidable is a finding in the counted runs of one model. These follow a warm-up, so that a
// cache that was missed is a fault.
type Avoidable struct {
	Finding phase.Finding // with the mean time of the runs whose logs say
	Model   string        // its label
	Runs    int           // with the finding
	All     int           // counted runs of the model
	Share   float64       // mean of the start-ups' whole times; 0: not known
}

// Avoidable are the findings of all models, in the order of the plan, without those that a
// set asks for.
func (r *Report) Avoidable() (all []Avoidable) {
	counted := map[string]int{} // runs, by model
	var means []mean
	for _, cell := range r.Results.Plan.Cells {
		found, set := r.Results.Cells[cell.ID], r.Results.Plan.Set(cell.Set)
		if found == nil || set == nil {
			continue
		}
		for i := range found.Runs {
			run := &found.Runs[i]
			if !run.Counts() {
				continue
			}
			model := r.modelOf(set, run)
			counted[model]++
			for _, f := range run.Findings {
				if f.Wanted(set.Variables) {
					continue
				}
				at := slices.IndexFunc(all, func(a Avoidable) bool { return a.Model == model && a.Finding.Name == f.Name })
				if at < 0 {
					at, all, means = len(all), append(all, Avoidable{Finding: f, Model: model}), append(means, mean{})
				}
				all[at].Runs++
				means[at].add(&f, run)
			}
		}
	}
	for i := range all {
		all[i].All = counted[all[i].Model]
		all[i].Finding.Seconds, all[i].Share = means[i].values()
	}
	return all
}

// mean adds up a finding's times and shares.
type mean struct {
	seconds, share float64
	timed, shared  int
}

func (m *mean) add(f *phase.Finding, run *result.Run) {
	if f.Seconds <= 0 {
		return
	}
	m.seconds, m.timed = m.seconds+f.Seconds, m.timed+1
	if whole, ok := run.Seconds.Get(phase.ActualTotalTime); ok && whole > 0 {
		m.share, m.shared = m.share+f.Seconds/whole, m.shared+1
	}
}

func (m *mean) values() (seconds, share float64) {
	return m.seconds / float64(max(m.timed, 1)), m.share / float64(max(m.shared, 1))
}

// modelOf is the label of a run's model.
func (r *Report) modelOf(set *result.Set, run *result.Run) string {
	at := slices.IndexFunc(set.Configurations, func(c result.Configuration) bool { return c.ID == run.Configuration })
	if at < 0 {
		return run.Configuration
	}
	key := set.Configurations[at].Model
	if model := r.Results.Plan.Model(key); model != nil {
		return model.Label
	}
	return key
}

// avoidableTable has one row per model and finding.
func avoidableTable(all []Avoidable) table.Table {
	t := table.Table{
		Header: []string{"Model", "Finding", "Runs", "Time (s)", "Share", "Meaning"},
		Align:  []table.Align{table.Left, table.Left, table.Right, table.Right, table.Right, table.Left},
	}
	for _, a := range all {
		runs := fmt.Sprintf("%d of %d", a.Runs, a.All)
		share := ""
		if a.Share > 0 {
			share = percent(a.Share)
		}
		t.Add(a.Model, a.Finding.Name, runs, knownSeconds(a.Finding.Seconds), share, a.Finding.Meaning)
	}
	return t
}

// findingWords are one sentence per finding, with the models that have it.
func (r *Report) findingWords() (sentences []string) {
	var names []string
	models := map[string][]string{}
	meanings := map[string]string{}
	for _, a := range r.Avoidable() {
		f := &a.Finding
		if !slices.Contains(names, f.Name) {
			names = append(names, f.Name)
		}
		model := a.Model
		if f.Seconds > 0 {
			model += fmt.Sprintf(" (%.1f s)", f.Seconds)
		}
		models[f.Name], meanings[f.Name] = append(models[f.Name], model), f.Meaning
	}
	for _, name := range names {
		sentence := fmt.Sprintf("Finding %s in %s: %s.", name, strings.Join(models[name], ", "), meanings[name])
		sentences = append(sentences, sentence)
	}
	return sentences
}
