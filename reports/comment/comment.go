// Package comment writes the comment that shows a report on a pull request. It is the last
// step in GitHub Actions:
//
//	plan ──▶ measure, one job per figure and node ──▶ report ──▶ the report's directory, and this comment
//
// The package writes GitHub's Markdown. The caller posts it.
package comment

import (
	"net/url"

	"coldstart/reports"
	"coldstart/reports/figure"
)

// longest is the greatest length of a comment's body in bytes. GitHub allows 65,536
// characters, and a character has at least one byte.
const longest = 65_536

// Content is what a comment shows.
type Content struct {
	Workflow  string // names the comment: there is one per pull request and workflow
	Report    *reports.Report
	Paper     []*figure.Data // the paper's own figures, to compare with
	Run       string         // address of the workflow's run; may be empty
	Artifacts string         // address of the run's artifacts; may be empty
}

// Marker is the invisible first line of the comment that a workflow owns. It is different
// for every workflow name.
func Marker(workflow string) string {
	return "<!-- coldstart report: " + url.PathEscape(workflow) + " -->"
}

// replayed reports that the numbers are the paper's own.
func (c *Content) replayed() bool { return c.Report.Results.Plan.Origin().Replayed() }

// paper is the paper's figure to compare d with, or nil. A replay is not compared with
// itself, and stand-ins are not compared with the paper's originals.
func (c *Content) paper(d *figure.Data) *figure.Data {
	if c.replayed() || d.StandIn {
		return nil
	}
	for _, p := range c.Paper {
		if p.Figure == d.Figure {
			return p
		}
	}
	return nil
}
