package reports

import (
	"io"

	"coldstart/reports/compare"
	"coldstart/reports/pdf"
)

// Comparison writes a comparison's picture as a PDF. It bears the date of the
// later session, or that of SOURCE_DATE_EPOCH.
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
