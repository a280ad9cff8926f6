package pdf

import (
	"fmt"
	"io"
	"strings"
	"time"

	"coldstart/reports/figure"
	"coldstart/reports/result"
	"coldstart/reports/table"
)

// Contents is everything that a report shows.
type Contents struct {
	Title        string
	About        []string // paragraphs of the first page
	Credit       string   // the paper
	Origin       result.Origin
	Stamped      string      // when found logs were written, if they say so; empty for a session
	Date         time.Time   // zero: none
	Nodes        [][2]string // name and hardware
	Verdicts     []string    // paragraphs on the paper's claims
	Glance       table.Table // one row per figure, which begins with its number
	Hardware     Section
	Reproduction []Section      // comparison with the paper, one page each
	Figures      []*figure.Data // in page order
	Absent       []string       // one sentence per figure that is not drawn, with the reason
	Provenance   []string       // paragraphs
}

// Report writes a document of A4 pages: a summary, hardware, comparison with the paper,
// every figure with its caption and numbers, and provenance. Each page says where the
// numbers come from.
func Report(w io.Writer, r *Contents) error {
	f := &flow{foot: source(r.Origin), figures: map[string]bool{}}
	for _, d := range r.Figures {
		f.figures[d.Number()] = true
	}
	summary(f, r)
	for _, s := range append([]Section{r.Hardware}, r.Reproduction...) {
		f.section(s)
	}
	for _, d := range r.Figures {
		if err := figurePart(f, d); err != nil {
			return err
		}
	}
	f.begin("Provenance")
	f.heading()
	for _, p := range r.Provenance {
		f.text(bodyInk, 14, p)
		f.skip(5)
	}
	doc, err := newDocument(r.Title, r.Date)
	if err != nil {
		return err
	}
	f.drawInto(doc)
	if err := doc.writeTo(w); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

// source says where numbers come from, in a line.
func source(o result.Origin) string {
	if session := o.InSession(); session != "" {
		return o.String() + " · " + session
	}
	return o.String()
}

// summary is the first page: what was measured where, the verdicts, and the figures at a
// glance.
func summary(f *flow, r *Contents) {
	f.begin("Summary")
	f.text(headInk.Sized(20), 28, r.Title)
	for _, p := range r.About {
		f.text(bodyInk, 14, p)
	}
	f.skip(8)
	f.facts(facts(r))
	if len(r.Verdicts) > 0 {
		f.subheading("The paper's claims")
		for _, v := range r.Verdicts {
			f.text(captionInk, 12.5, v)
		}
	}
	if len(r.Glance.Rows) > 0 {
		f.subheading("Figures at a glance")
		f.table(r.Glance)
	}
	for _, a := range r.Absent {
		f.text(noteInk.In(darkRed), 12, a)
	}
	f.text(noteInk, 12, "The paper: "+r.Credit)
}

// facts say where numbers come from, of which date, and what is complete.
func facts(r *Contents) (facts [][2]string) {
	if !r.Origin.Found() {
		facts = append(facts, [2]string{"Session", r.Origin.Session})
	}
	if r.Stamped != "" {
		facts = append(facts, [2]string{"Logs", r.Stamped})
	}
	if !r.Date.IsZero() {
		facts = append(facts, [2]string{"Date", r.Date.UTC().Format("2 January 2006, 15:04 UTC")})
	}
	for _, node := range r.Nodes {
		facts = append(facts, [2]string{"Node", node[0] + " · " + node[1]})
	}
	return append(facts, [2]string{"Complete", completeness(r)})
}

func completeness(r *Contents) string {
	var parts []string
	for _, d := range r.Figures {
		if !d.Complete {
			parts = append(parts, d.Number())
		}
	}
	switch {
	case len(parts) == 0 && len(r.Absent) == 0:
		return "yes"
	case len(parts) == 0:
		return fmt.Sprintf("no: %s could not be drawn", table.Count(len(r.Absent), "figure"))
	case len(parts) == 1:
		return "no: parts are missing from figure " + parts[0]
	}
	return "no: parts are missing from figures " + strings.Join(parts, ", ")
}
