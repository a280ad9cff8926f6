// Package reports writes the report of results, a directory:
//
//	figure<N>.pdf                 one per figure
//	segments-<set>.pdf            one per measured set: the segments of its start-ups
//	report.pdf                    summary, hardware, claims, every figure with its numbers, provenance
//	hardware.md, .csv, .pdf       the hardware table
//	summary.md                    one row per figure, the claims, and what is missing
//	data/figure<N>.json           the figures' numbers, and those of segments-<set>
//	data/claims.json              the paper's claims with verdicts, and the comparison of the figures
//
// Each package below is one step from a log to a page:
//
//	phase reads → result holds → stat averages
//	→ predict, figure, compare and reproduction have the numbers → chart lays out → pdf and table draw
//
// A report needs only the plan and the results, not hardware-matrix.yaml and no engine.
package reports

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"coldstart/reports/compare"
	"coldstart/reports/figure"
	"coldstart/reports/hardware"
	"coldstart/reports/history"
	"coldstart/reports/pdf"
	"coldstart/reports/reproduction"
	"coldstart/reports/result"
)

// Report is the report of results.
type Report struct {
	Results *result.Results
	Figures []*figure.Data // of the plan, in its order; may be empty figures
	// Segments are figures of the measured sets whose runs have segments, and of no replay.
	Segments []*figure.Data
	Date     time.Time // of the documents; zero: none
	// Reproduction compares the results with the paper's; nil if they have none of its figures.
	Reproduction *reproduction.Reproduction
}

// New computes the figures of results, and compares those of the paper with what it
// published, unless that is nil. The documents have the session's date, or that of
// SOURCE_DATE_EPOCH. Found logs have no year: without SOURCE_DATE_EPOCH their documents
// have no date, so that the same logs give the same bytes. No figure is begun after ctx ends.
func New(ctx context.Context, results *result.Results, published *reproduction.Published) (*Report, error) {
	date, err := documentDate(results.Plan.Date)
	if err != nil {
		return nil, err
	}
	r := &Report{Results: results, Date: date}
	if r.Figures, err = build(ctx, results, results.Plan.Figures); err != nil {
		return nil, err
	}
	if published != nil && published.Concerns(r.Figures) {
		if r.Reproduction, err = reproduction.New(results, r.Figures, published); err != nil {
			return nil, err
		}
	}
	if results.Plan.Origin().Measured() {
		all, err := build(ctx, results, figure.SegmentsOf(&results.Plan))
		if err != nil {
			return nil, err
		}
		r.Segments = slices.DeleteFunc(all, (*figure.Data).Empty)
	}
	return r, nil
}

func build(ctx context.Context, results *result.Results, specs []result.Figure) (figures []*figure.Data, err error) {
	for i := range specs {
		d, err := figure.Build(results, &specs[i])
		if err := cmp.Or(ctx.Err(), err); err != nil {
			return nil, err
		}
		figures = append(figures, d)
	}
	return figures, nil
}

// Complete reports that no figure lacks anything.
func (r *Report) Complete() bool { return r.Incomplete() == 0 }

// Incomplete is the number of figures that lack something.
func (r *Report) Incomplete() (n int) {
	for _, d := range r.Figures {
		if !d.Complete {
			n++
		}
	}
	return n
}

// drawn are the figures that are not empty, with their titles.
func (r *Report) drawn() []*figure.Data {
	drawn := slices.DeleteFunc(r.all(), (*figure.Data).Empty)
	for i, d := range drawn {
		drawn[i] = r.titled(d)
	}
	return drawn
}

// all are the figures of the plan, and those of segments.
func (r *Report) all() []*figure.Data { return slices.Concat(r.Figures, r.Segments) }

// absent says of each empty figure why it is empty.
func (r *Report) absent() (reasons []string) {
	for _, d := range r.Figures {
		if d.Empty() {
			reasons = append(reasons, fmt.Sprintf("Figure %s on %s: %s", d.Figure, d.Place(), sentences(d.InARow())))
		}
	}
	return reasons
}

// nodes are the plan's nodes, as declared and as probed.
func (r *Report) nodes() (nodes []hardware.Node) {
	for i := range r.Results.Plan.Nodes {
		node := &r.Results.Plan.Nodes[i]
		nodes = append(nodes, hardware.Node{Name: node.Name, Declared: node.Declared, Probed: r.Results.Probed(node.Name)})
	}
	return nodes
}

// WriteComparison writes a comparison's picture, compare.pdf, and its numbers, compare.json.
func WriteComparison(dir string, c *compare.Comparison, numbers []byte) error {
	var picture bytes.Buffer
	if err := Comparison(&picture, c); err != nil {
		return err
	}
	return WritePicture(dir, "compare", picture.Bytes(), numbers)
}

// WritePicture writes a picture as PDF, and its numbers as JSON, into a directory.
func WritePicture(dir, name string, picture, numbers []byte) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("cannot make the directory %s: %w; choose another with --out", dir, errors.Unwrap(err))
	}
	return errors.Join(
		result.WriteFile(filepath.Join(dir, name+".pdf"), picture),
		result.WriteFile(filepath.Join(dir, name+".json"), numbers),
	)
}

// Comparison writes a comparison's picture as a PDF. It has the date of the later session,
// or that of SOURCE_DATE_EPOCH.
func Comparison(w io.Writer, c *compare.Comparison) error {
	later := c.A.Date
	if c.B.Date.After(later) {
		later = c.B.Date
	}
	date, err := documentDate(later)
	if err != nil {
		return err
	}
	return pdf.Comparison(w, c, date)
}

// History writes a history's pictures as a PDF, one page for each series. It has the date of
// the last record, or that of SOURCE_DATE_EPOCH.
func History(w io.Writer, all []*history.Series) error {
	var last time.Time
	for _, s := range all {
		if at := s.Records[len(s.Records)-1].Time; at.After(last) {
			last = at
		}
	}
	date, err := documentDate(last)
	if err != nil {
		return err
	}
	return pdf.History(w, all, date)
}

// documentDate is SOURCE_DATE_EPOCH, as reproducible-builds.org defines it, if it is set,
// else the session's date.
func documentDate(session time.Time) (time.Time, error) {
	text, ok := os.LookupEnv("SOURCE_DATE_EPOCH")
	if !ok {
		return session, nil
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH is %q; it must be whole seconds since 1970", text)
	}
	return time.Unix(seconds, 0).UTC(), nil
}
