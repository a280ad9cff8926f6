// Package pdf writes figures, the hardware table and the report as PDF.
//
// It is the last room on the way of a measurement: engine prints → measure
// keeps → phase reads → result holds → stat averages → figure has the numbers →
// chart lays out → pdf draws. There is one vector path: chart draws through
// gonum/plot on this package's canvas, and the canvas on a gopdf page.
//
// A document is a function of what it is given, date included: the same input
// gives the same bytes. All functions may be called from many goroutines.
// Lengths are points.
package pdf

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"github.com/signintech/gopdf"
	"gonum.org/v1/plot/vg"
)

// A document is a PDF in the making: pages are added and drawn on, one after
// the other, and then it is written as a whole.
type document struct {
	pdf  *gopdf.GoPdf
	page *canvas
}

// newDocument begins a document without pages. The date is the only time that
// it holds, so that the same input gives the same bytes; a zero date is none.
func newDocument(title string, date time.Time) (*document, error) {
	fonts, err := parsed()
	if err != nil {
		return nil, err
	}
	pdf := new(gopdf.GoPdf)
	pdf.Start(gopdf.Config{PageSize: *gopdf.PageSizeA4})
	pdf.SetInfo(gopdf.PdfInfo{
		Title:        title,
		Author:       "coldstart",
		Creator:      "coldstart",
		Producer:     "coldstart",
		CreationDate: date.UTC(),
	})
	for _, family := range []string{regular, bold} {
		if err := pdf.AddTTFFontFromFontContainer(family, fonts); err != nil {
			return nil, fmt.Errorf("adding the font %s: %w", family, err)
		}
	}
	return &document{pdf: pdf}, nil
}

// addPage begins a page, in points.
func (d *document) addPage(width, height vg.Length) *canvas {
	before := d.page
	d.pdf.AddPageWithOption(gopdf.PageOption{PageSize: &gopdf.Rect{W: float64(width), H: float64(height)}})
	d.page = newCanvas(d.pdf, width, height)
	if before != nil {
		d.page.err = before.err
	}
	return d.page
}

// writeTo writes the whole document. gopdf drops the errors of the writer that
// it is given, so it gets memory, which has none.
func (d *document) writeTo(w io.Writer) error {
	if d.page.err != nil {
		return fmt.Errorf("drawing: %w", d.page.err)
	}
	var b bytes.Buffer
	if _, err := d.pdf.WriteTo(&b); err != nil {
		return fmt.Errorf("encoding: %w", err)
	}
	_, err := w.Write(b.Bytes())
	return err
}
