package pdf

import (
	"io"
	"time"

	"coldstart/reports/chart"
	"coldstart/reports/timeline"

	"gonum.org/v1/plot/vg/draw"
)

// Timelines writes a document with one start-up per page, in its natural size. It holds no
// date: the start-ups have no year.
func Timelines(w io.Writer, all []*timeline.Timeline) error {
	doc, err := newDocument(all[0].Title(), time.Time{})
	if err != nil {
		return err
	}
	for _, t := range all {
		picture := chart.NewTimeline(t)
		picture.Draw(draw.New(doc.addPage(picture.Size())))
	}
	return doc.writeTo(w)
}
