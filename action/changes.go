package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"

	"coldstart/reports"
	"coldstart/reports/comment"
	"coldstart/reports/result"
)

// reportChange compares both sides of a change, and shows the comparison in the job's summary
// and on the pull request, if there is one. Missing cells, a head that no longer starts and
// one that is too slow fail the job at the end.
func (in inputs) reportChange(ctx context.Context, results *result.Results, pull int) error {
	limit, err := in.share("fail-above")
	if err != nil {
		return err
	}
	change, err := comment.NewChange(results, limit)
	if err != nil {
		return err
	}
	change.Workflow = in.gha.Getenv("GITHUB_WORKFLOW")
	change.Run, change.Artifacts = in.addresses()
	change.Drifts = in.drifts(&results.Plan)
	out := in.out("report")
	if err := writeChange(out, change); err != nil {
		return err
	}
	missing, regressions := change.Missing(), change.Regressions()
	in.gha.SetOutput("path", out)
	in.gha.SetOutput("artifact", artifactName("report", in.attempt()))
	in.gha.SetOutput("complete", strconv.FormatBool(len(missing) == 0))
	if err := in.summarize(filepath.Join(out, "summary.md")); err != nil {
		return err
	}
	for _, line := range append(missing, regressions...) {
		in.gha.Errorf("%s", oneLine(line))
	}
	for _, warning := range results.Warnings {
		in.gha.Warningf("%s", oneLine(warning))
	}
	if pull > 0 {
		text, err := change.Text()
		if err != nil {
			return err
		}
		if err := in.post(ctx, pull, change.Workflow, text); err != nil {
			return err
		}
	}
	if len(missing)+len(regressions) > 0 {
		return errIncomplete
	}
	return nil
}

// writeChange writes summary.md, and compare.pdf and compare.json if something was compared.
func writeChange(dir string, change *comment.Change) error {
	if c := change.Comparison; c != nil {
		numbers, err := json.Marshal(c)
		if err != nil {
			return err
		}
		if err := reports.WriteComparison(dir, c, append(numbers, '\n')); err != nil {
			return err
		}
	}
	text, err := change.Summary()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return result.WriteFile(filepath.Join(dir, "summary.md"), []byte(text))
}
