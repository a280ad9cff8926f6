package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"

	"coldstart/reports"
	"coldstart/reports/comment"
	"coldstart/reports/result"
	"coldstart/runner/forge"
	"coldstart/runner/lab"
)

// mostSummary is how many bytes a job's summary may have.
const mostSummary = 1 << 20

// runReport draws the cells that there are, and shows them in the job's summary and on the
// pull request, if there is one. An incomplete report fails the job at the end.
func runReport(ctx context.Context, in inputs) error {
	from, err := in.from()
	if err != nil {
		return err
	}
	pull, err := in.count("pull-request", math.MaxInt32)
	if err != nil {
		return err
	}
	results, err := in.results(from)
	if err != nil {
		return err
	}
	if results.Against != nil {
		return in.reportChange(ctx, results, pull)
	}
	report, err := in.report(ctx, results)
	if err != nil {
		return err
	}
	out := in.out("report")
	if err := report.Write(ctx, out); err != nil {
		return err
	}
	in.gha.SetOutput("path", out)
	in.gha.SetOutput("artifact", artifactName("report", in.attempt()))
	in.gha.SetOutput("report", filepath.Join(out, "report.pdf"))
	in.gha.SetOutput("complete", strconv.FormatBool(report.Complete()))
	if err := in.summarize(filepath.Join(out, "summary.md")); err != nil {
		return err
	}
	in.warn(report)
	if pull > 0 {
		if err := in.comment(ctx, report, pull); err != nil {
			return err
		}
	}
	if err := in.keep(ctx, results); err != nil {
		return err
	}
	if !report.Complete() {
		return errIncomplete
	}
	return nil
}

// results reads what jobs made: by the plan of the plan's job alone, where its SHA-256 is
// known, whatever plans are in other jobs' artifacts.
func (in inputs) results(from string) (*result.Results, error) {
	if sum := in.text("plan-sha256"); sum != "" {
		return result.ReadPlanned(from, sum, in.attempt())
	}
	results, _, err := lab.Results(from, "")
	return results, err
}

// report compares results with the paper's.
func (in inputs) report(ctx context.Context, results *result.Results) (*reports.Report, error) {
	as, err := in.as()
	if err != nil {
		return nil, err
	}
	published, err := lab.Published(results, as)
	if err != nil {
		return nil, in.errorf("as", "%w", err)
	}
	return reports.New(ctx, results, published)
}

// summarize shows the report's summary on the run's page.
func (in inputs) summarize(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if len(text) > mostSummary {
		text = []byte("The summary is too long to show here; it is summary.md of the report's artifact.\n")
	}
	in.gha.AddStepSummary(string(text))
	return nil
}

// warn annotates what is missing, and the warnings.
func (in inputs) warn(report *reports.Report) {
	for _, d := range report.Figures {
		for _, missing := range d.Missing {
			in.gha.WithFieldsMap(map[string]string{"title": "figure " + d.Figure}).Errorf("%s", oneLine(missing))
		}
	}
	for _, warning := range report.Results.Warnings {
		in.gha.Warningf("%s", oneLine(warning))
	}
}

// comment posts the report on a pull request of this repository.
func (in inputs) comment(ctx context.Context, report *reports.Report, pull int) error {
	paper, err := lab.PaperFigures()
	if err != nil {
		return err
	}
	content := comment.Content{Workflow: in.gha.Getenv("GITHUB_WORKFLOW"), Report: report, Paper: paper}
	content.Run, content.Artifacts = in.addresses()
	text, err := content.Text()
	if err != nil {
		return err
	}
	return in.post(ctx, pull, content.Workflow, text)
}

// post posts the comment of a workflow on a pull request of this repository.
func (in inputs) post(ctx context.Context, pull int, workflow, text string) error {
	repository, err := forge.NewRepository(in.gha.Getenv("GITHUB_REPOSITORY"), in.gha.Getenv("GITHUB_API_URL"))
	if err != nil {
		return err
	}
	repository.InsecureHTTP = in.text("insecure-http") == "true"
	place := forge.PullRequest{Repository: repository, Number: pull}
	url, err := place.Post(ctx, forge.NewToken(in.text("token")), comment.Marker(workflow), text)
	if err != nil {
		return err
	}
	in.gha.SetOutput("comment", url)
	return nil
}

// addresses are those of the run's page and its artifacts; empty outside a run.
func (in inputs) addresses() (run, artifacts string) {
	id := in.gha.Getenv("GITHUB_RUN_ID")
	if id == "" {
		return "", ""
	}
	run = fmt.Sprintf("%s/%s/actions/runs/%s",
		in.gha.Getenv("GITHUB_SERVER_URL"), in.gha.Getenv("GITHUB_REPOSITORY"), id)
	return run, run + "#artifacts"
}
