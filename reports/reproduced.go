package reports

import (
	"fmt"
	"io"

	"coldstart/reports/pdf"
	"coldstart/reports/table"
)

// part is a table of the report with its heading and notes.
type part struct {
	heading string
	table   table.Table
	notes   []string
}

// reproductionParts are what the reproduction has to show.
func (r *Report) reproductionParts() (parts []part) {
	made := r.Reproduction
	if made == nil {
		return nil
	}
	if len(made.Claims) > 0 {
		parts = append(parts, part{"The paper's claims", made.ClaimsTable(), made.ClaimsNotes()})
	}
	if made.Compared() {
		parts = append(parts, part{"Beside the paper's numbers", made.FiguresTable(), made.FiguresNotes()})
	}
	return parts
}

// reproductionPages are the same as pages. Where there is no comparison, the first
// page says how to have it.
func (r *Report) reproductionPages() (pages []pdf.Table) {
	for _, part := range r.reproductionParts() {
		page := pdf.Table{Title: part.heading, Header: part.table.Header, Notes: part.notes}
		for _, row := range part.table.Rows {
			page.Rows = append(page.Rows, pdf.Texts(row...))
		}
		pages = append(pages, page)
	}
	if len(pages) > 0 {
		pages[0].Notes = append(pages[0].Notes, r.Reproduction.Hints()...)
	}
	return pages
}

// writeReproduction writes the same in Markdown.
func (r *Report) writeReproduction(w io.Writer) error {
	for _, part := range r.reproductionParts() {
		fmt.Fprintf(w, "\n## %s\n\n", part.heading)
		if err := part.table.Markdown(w); err != nil {
			return err
		}
		writeList(w, "", part.notes)
	}
	if r.Reproduction != nil {
		writeList(w, "", r.Reproduction.Hints())
	}
	return nil
}
