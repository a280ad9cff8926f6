package pdf

import (
	"fmt"
	"io"
	"slices"
	"time"

	"gonum.org/v1/plot/vg"

	"coldstart/reports/chart"
	"coldstart/reports/result"
)

// Hardware writes a document with a table on one page, which is as large as the table, and
// says from where the figures beside it come.
func Hardware(w io.Writer, s Section, origin result.Origin, date time.Time) error {
	const margin, titleLead, noteLead = vg.Length(18), vg.Length(22), vg.Length(12)
	g := newGrid(s.Table, 132*vg.Length(columns(s.Table)), ofPage)
	var notes []string
	for _, n := range append(slices.Clone(s.Notes), source(origin)) {
		notes = append(notes, noteInk.Wrap(n, g.width, 4)...)
	}
	doc, err := newDocument(s.Title, date)
	if err != nil {
		return err
	}
	c := doc.addPage(g.width+2*margin, 2*margin+titleLead+g.height()+6+noteLead*vg.Length(len(notes)))

	at := vg.Point{X: margin, Y: c.height - margin}
	headInk.Sized(12.5).Draw(c, at, chart.Left, chart.Top, s.Title)
	at.Y -= titleLead
	g.draw(c, at)
	at.Y -= g.height() + 8
	for _, n := range notes {
		noteInk.Draw(c, at, chart.Left, chart.Top, n)
		at.Y -= noteLead
	}
	if err := doc.writeTo(w); err != nil {
		return fmt.Errorf("%s: %w", s.Title, err)
	}
	return nil
}
