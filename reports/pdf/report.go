package pdf

import (
	"fmt"
	"io"
	"strings"
	"time"

	"coldstart/reports/figure"
	"coldstart/reports/result"
)

// Contents is everything that a report shows.
type Contents struct {
	Title        string
	About        []string // paragraphs on the cover
	Credit       string   // the paper
	Origin       result.Origin
	Stamped      string    // when found logs were written, if they say so; empty for a session
	Date         time.Time // zero: none
	Hardware     Section
	Reproduction []Section      // comparison with the paper, one page each
	Figures      []*figure.Data // in page order
	Absent       []string       // one sentence per figure that is not drawn, with the reason
	Provenance   []string       // paragraphs
}

// Report writes a document of A4 pages: cover, hardware, comparison with the paper, every
// figure with its caption and numbers, and provenance.
func Report(w io.Writer, r *Contents) error {
	f := &flow{}
	cover(f, r)
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

func cover(f *flow, r *Contents) {
	f.begin("Cover")
	f.skip(70)
	f.text(headInk.Sized(22), 28, r.Title)
	f.skip(14)
	for _, p := range r.About {
		f.text(bodyInk, 14, p)
		f.skip(5)
	}
	f.skip(14)
	f.facts(coverFacts(r))
	for _, a := range r.Absent {
		f.text(noteInk.In(darkRed), 12, a)
	}
	f.skip(24)
	f.text(noteInk, 12, "The paper")
	f.text(bodyInk, 14, r.Credit)
}

// coverFacts say where the numbers come from, of which date, and what is complete.
func coverFacts(r *Contents) [][2]string {
	facts := [][2]string{{"Numbers", r.Origin.String()}}
	if !r.Origin.Found() {
		facts = append(facts, [2]string{"Session", r.Origin.Session})
	}
	if r.Stamped != "" {
		facts = append(facts, [2]string{"Logs", r.Stamped})
	}
	if !r.Date.IsZero() {
		facts = append(facts, [2]string{"Date", r.Date.UTC().Format("2 January 2006, 15:04 UTC")})
	}
	return append(facts,
		[2]string{"Figures", strings.Join(numbersOf(r.Figures, all), ", ")},
		[2]string{"Complete", completeness(r)})
}

func completeness(r *Contents) string {
	parts := numbersOf(r.Figures, incomplete)
	switch {
	case len(parts) == 0 && len(r.Absent) == 0:
		return "yes"
	case len(parts) == 0:
		return fmt.Sprintf("no: %d figures could not be drawn", len(r.Absent))
	default:
		return "no: parts are missing from figures " + strings.Join(parts, ", ")
	}
}

func all(*figure.Data) bool          { return true }
func incomplete(d *figure.Data) bool { return !d.Complete }

func numbersOf(figures []*figure.Data, which func(*figure.Data) bool) (numbers []string) {
	for _, d := range figures {
		if which(d) {
			numbers = append(numbers, d.Number())
		}
	}
	return numbers
}
