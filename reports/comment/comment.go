// Package comment writes the comment that tells a pull request what a report says. It
// is the last step of a session in GitHub Actions:
//
//	plan ──▶ measure, a job a cell ──▶ report ──▶ the report's directory, and this comment
//
// The text is made of lead.go, figures.go, mermaid.go and markdown.go. Of GitHub it
// knows how Markdown is rendered; posting is the caller's.
package comment

import (
	"net/url"

	"coldstart/reports"
	"coldstart/reports/figure"
)

// Longest is how many bytes a comment's body may have. GitHub counts 65,536
// characters, of which none is shorter than a byte.
const Longest = 65_536

// Content is what a comment tells.
type Content struct {
	Workflow  string // names the comment: there is one a pull request and workflow
	Report    *reports.Report
	Paper     []*figure.Data // the paper's own figures, to compare with
	Run       string         // address of the workflow's run; empty if there is none
	Artifacts string         // address of the run's artifacts; empty if there is none
}

// Marker begins the body of the comment that a workflow owns. Readers do not see
// it. Two workflows have the same only if they have the same name.
func Marker(workflow string) string {
	return "<!-- coldstart report: " + url.PathEscape(workflow) + " -->"
}

// replayed tells that the session's numbers are the paper's own.
func (c *Content) replayed() bool { return c.Report.Results.Plan.Origin().Replayed() }

// paper is the paper's figure that is to be compared with d, nil if there is
// none. A replay is not compared, since it would be with itself, and stand-ins are
// not, since what the paper measured were originals.
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
