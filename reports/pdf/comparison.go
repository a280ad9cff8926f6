package pdf

import (
	"errors"
	"io"
	"time"

	"coldstart/reports/chart"
	"coldstart/reports/compare"

	"gonum.org/v1/plot/vg/draw"
)

// Comparison writes a document of a comparison's charts, one per page, in their natural
// size.
func Comparison(w io.Writer, c *compare.Comparison, date time.Time) error {
	charts, err := chart.NewComparison(c)
	if err != nil {
		return err
	}
	if len(charts) == 0 {
		return errors.New("the comparison has nothing to draw")
	}
	doc, err := newDocument("Cold start: "+c.A.Name+" and "+c.B.Name+" compared", date)
	if err != nil {
		return err
	}
	for _, picture := range charts {
		picture.Draw(draw.New(doc.addPage(picture.Size())))
	}
	return doc.writeTo(w)
}
