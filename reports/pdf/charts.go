package pdf

import (
	"errors"
	"io"
	"time"

	"coldstart/reports/chart"
	"coldstart/reports/compare"
	"coldstart/reports/history"

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
	return writeCharts(w, "Cold start: "+c.A.Name+" and "+c.B.Name+" compared", charts, date)
}

// History writes a document of a history's charts, one per series, in their natural size.
// There must be a series.
func History(w io.Writer, all []*history.Series, date time.Time) error {
	return writeCharts(w, "Cold start over commits", chart.NewHistory(all), date)
}

func writeCharts(w io.Writer, title string, charts []*chart.Chart, date time.Time) error {
	doc, err := newDocument(title, date)
	if err != nil {
		return err
	}
	for _, picture := range charts {
		picture.Draw(draw.New(doc.addPage(picture.Size())))
	}
	return doc.writeTo(w)
}
