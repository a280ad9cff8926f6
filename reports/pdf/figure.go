package pdf

import (
	"fmt"
	"io"
	"time"

	"coldstart/reports/chart"
	"coldstart/reports/figure"

	"gonum.org/v1/plot/vg/draw"
)

// Figure writes a document of one page with the figure in its natural size.
func Figure(w io.Writer, d *figure.Data, date time.Time) error {
	picture, err := chart.New(d)
	if err != nil {
		return err
	}
	doc, err := newDocument(d.Heading(d.Number(), ": "), date)
	if err != nil {
		return err
	}
	picture.Draw(draw.New(doc.addPage(picture.Size())))
	if err := doc.writeTo(w); err != nil {
		return fmt.Errorf("figure %s: %w", d.Figure, err)
	}
	return nil
}
