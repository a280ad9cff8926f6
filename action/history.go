package main

import (
	"context"
	"fmt"
	"strings"

	"coldstart/reports/history"
	"coldstart/reports/result"
	"coldstart/reports/table"
	"coldstart/runner/revision"
)

// Bounds of what a job's summary says about a history.
const (
	mostDrifts   = 50  // sentences
	longestDrift = 400 // characters
)

// keep adds the results to a history, if the input names one, as those of the commit that the
// workflow runs for. The summary says which phases have changed, and since when.
func (in inputs) keep(ctx context.Context, results *result.Results) error {
	path := in.text("history")
	if path == "" {
		return nil
	}
	commit := in.gha.Getenv("GITHUB_SHA")
	_, warnings, err := history.Add(path, results, commit, revision.Repository{Dir: "."}.Date(ctx, commit))
	for _, warning := range warnings {
		in.gha.Warningf("%s", oneLine(warning))
	}
	if err != nil {
		return in.errorf("history", "%w", err)
	}
	kept, err := in.kept(path)
	if err != nil {
		return err
	}
	in.gha.AddStepSummary(driftWords(history.Sentences(kept.Series())))
	return nil
}

// drifts say which of the phases that a comparison measures have changed before it, and since
// when. A history that cannot be read is a warning: the comparison does not need it.
func (in inputs) drifts(plan *result.Plan) []string {
	path := in.text("history")
	if path == "" {
		return nil
	}
	kept, err := in.kept(path)
	if err != nil {
		in.gha.Warningf("%s", oneLine(err.Error()))
		return nil
	}
	return history.Sentences(history.Measured(kept.Series(), plan))
}

// kept is the history at a path; empty if there is none.
func (in inputs) kept(path string) (*history.History, error) {
	kept, err := history.ReadIfThere(path)
	if err != nil {
		return nil, in.errorf("history", "%w", err)
	}
	for _, warning := range kept.Warnings {
		in.gha.Warningf("%s", oneLine(warning))
	}
	return kept, nil
}

// driftWords are sentences as Markdown; empty if there are none.
func driftWords(drifts []string) string {
	if len(drifts) == 0 {
		return ""
	}
	var text strings.Builder
	text.WriteString("## History\n\n")
	for _, drift := range drifts[:min(len(drifts), mostDrifts)] {
		fmt.Fprintf(&text, "* %s.\n", table.EscapeMarkdown(drift, longestDrift))
	}
	if more := len(drifts) - mostDrifts; more > 0 {
		fmt.Fprintf(&text, "* … and %d more\n", more)
	}
	return text.String()
}
