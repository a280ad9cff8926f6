package reports

import (
	"io"

	"coldstart/reports/pdf"
	"coldstart/reports/table"
)

// reproductionSections are the paper's claims and its figures, beside those here.
func (r *Report) reproductionSections() (sections []pdf.Section) {
	made := r.Reproduction
	if made == nil {
		return nil
	}
	add := func(title string, t table.Table, notes []string) {
		sections = append(sections, pdf.Section{Title: title, Table: t, Notes: notes})
	}
	if len(made.Claims) > 0 {
		add("The paper's claims", made.ClaimsTable(), made.ClaimsNotes())
	}
	if made.Compared() {
		add("Beside the paper's numbers", made.FiguresTable(), made.FiguresNotes())
	}
	return sections
}

// reproductionPages are the sections with the hints below the first.
func (r *Report) reproductionPages() []pdf.Section {
	pages := r.reproductionSections()
	if len(pages) > 0 {
		pages[0].Notes = append(pages[0].Notes, r.Reproduction.Hints()...)
	}
	return pages
}

// writeReproduction writes the sections in Markdown, with the hints below the last.
func (r *Report) writeReproduction(w io.Writer) error {
	for _, s := range r.reproductionSections() {
		if err := writeSection(w, s); err != nil {
			return err
		}
	}
	if r.Reproduction != nil {
		writeList(w, "", r.Reproduction.Hints())
	}
	return nil
}
