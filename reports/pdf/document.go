// Package pdf writes figures, the hardware table and the report as PDF.
//
// The path of a measurement: engine prints → measure keeps → phase reads → result
// holds → stat averages → figure has the numbers → chart lays out → pdf draws. Chart
// draws through gonum/plot on this package's canvas, which draws vectors on a gopdf page.
//
// The same input, date included, gives the same bytes. All functions may be called
// concurrently. Lengths are in points.
package pdf

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"github.com/signintech/gopdf"
	"gonum.org/v1/plot/vg"
)

// A document is a PDF that is being made: pages are added and drawn one after the other,
// then the whole is written.
type document struct {
	pdf  *gopdf.GoPdf
	page *canvas
}

// newDocument begins a document without pages. It holds no other time than the date; if
// that is zero, it holds none.
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

// addPage begins a page of a size in points.
func (d *document) addPage(width, height vg.Length) *canvas {
	before := d.page
	d.pdf.AddPageWithOption(gopdf.PageOption{PageSize: &gopdf.Rect{W: float64(width), H: float64(height)}})
	d.page = newCanvas(d.pdf, width, height)
	if before != nil {
		d.page.err = before.err
	}
	return d.page
}

// writeTo writes the whole document. gopdf ignores a writer's errors, so it writes into
// memory first.
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
