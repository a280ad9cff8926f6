package reports

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"

	"golang.org/x/sync/errgroup"

	"coldstart/reports/pdf"
	"coldstart/reports/result"
	"coldstart/reports/swap"
	"coldstart/reports/table"
)

// dataDir has the figures' numbers.
const dataDir = "data"

// PDF is the name of the whole report in its directory.
const PDF = "report.pdf"

// document is one file of a report.
type document struct {
	name  string // relative to the report's directory
	write func(io.Writer) error
}

// Write writes the report's directory, with one document per processor at a time. The
// report replaces an earlier one as a whole, if the directory has nothing but reports and
// files beside them. Figures of an earlier report that this one lacks are removed. If ctx
// ends, the earlier report stays.
func (r *Report) Write(ctx context.Context, dir string) error {
	documents := r.documents()
	begun := false
	err := swap.Into(dir, dataDir, staleFiles(dir, documents), func(fresh string) error {
		begun = true
		if err := os.Mkdir(filepath.Join(fresh, dataDir), 0o755); err != nil {
			return err
		}
		return writeAll(ctx, documents, fresh, dir)
	})
	if err != nil && (!begun || errors.Is(err, syscall.ENOTDIR)) {
		return fmt.Errorf("cannot make the report's directory %s: %w; choose another with --out", dir, bare(err))
	}
	return err
}

// writeAll writes documents into a directory that will have another name.
func writeAll(ctx context.Context, documents []document, dir, later string) error {
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, d := range documents {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return d.writeInto(dir, later)
		})
	}
	return group.Wait()
}

func (d document) writeInto(dir, later string) error {
	var text bytes.Buffer
	if err := d.write(&text); err != nil {
		return fmt.Errorf("%s: %w", d.name, err)
	}
	name := filepath.FromSlash(d.name)
	if err := result.WriteFile(filepath.Join(dir, name), text.Bytes()); err != nil {
		return fmt.Errorf("%s: %w", filepath.Join(later, name), bare(err))
	}
	return nil
}

// bare is an error without the name of the system call, and of a file that has another name
// by now.
func bare(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err
	}
	return err
}

// documents lists the slowest first, so that the others are written meanwhile.
func (r *Report) documents() []document {
	hardware, origin := r.Hardware(), r.Results.Plan.Origin()
	documents := []document{
		{PDF, r.writePDF},
		{"hardware.pdf", func(w io.Writer) error { return pdf.Hardware(w, r.hardwareSection(), origin, r.Date) }},
		{"hardware.md", hardware.Markdown},
		{"hardware.csv", hardware.CSV},
		{"summary.md", r.writeSummary},
	}
	if r.Reproduction != nil {
		claims := func(w io.Writer) error { return writeJSON(w, r.Reproduction) }
		documents = append(documents, document{dataDir + "/claims.json", claims})
	}
	for _, d := range r.all() {
		write := func(w io.Writer) error { return writeJSON(w, d) }
		documents = append(documents, document{dataDir + "/" + d.Name + ".json", write})
	}
	for _, d := range r.drawn() {
		write := func(w io.Writer) error { return pdf.Figure(w, d, r.Date) }
		documents = append(documents, document{d.Name + ".pdf", write})
	}
	return documents
}

func writeJSON(w io.Writer, value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}

func (r *Report) writePDF(w io.Writer) error {
	return pdf.Report(w, &pdf.Contents{
		Title: title, About: []string{r.OriginWords()}, Credit: credit + ".",
		Origin: r.Results.Plan.Origin(), Stamped: r.Results.Stamped, Date: r.Date,
		Nodes: r.nodesInBrief(), Verdicts: r.verdicts(), Glance: r.glance(),
		Hardware: r.hardwareSection(), Reproduction: r.reproductionSections(),
		Figures: r.drawn(), Absent: r.absent(), Provenance: r.provenance(),
	})
}

func (r *Report) hardwareSection() pdf.Section {
	return pdf.Section{Title: "Hardware", Table: r.Hardware(), Notes: r.hardwareNotes()}
}

// reproductionSections are the paper's claims, and the comparison with its figures.
func (r *Report) reproductionSections() []pdf.Section {
	made := r.Reproduction
	if made == nil {
		return nil
	}
	notes := slices.Concat(made.ClaimsNotes(), made.Hints())
	sections := []pdf.Section{{Title: "The paper's claims", Table: made.ClaimsTable(), Notes: notes}}
	if made.Compared() {
		titled := *made
		titled.Figures = r.titledFigures(made.Figures)
		sections = append(sections, pdf.Section{
			Title: "Comparison with the paper's numbers", Table: titled.FiguresTable(), Notes: made.FiguresNotes(),
		})
	}
	return sections
}

func (r *Report) writeSummary(w io.Writer) error {
	fmt.Fprintf(w, "# %s\n\n%s\n\n%s\n\n", title, r.completeWords(), table.EscapeMarkdown(r.OriginWords(), mostLetters))
	if r.Results.Plan.Stop != nil {
		fmt.Fprintf(w, "%s\n\n", table.EscapeMarkdown(r.stopWords(), mostLetters))
	}
	if err := r.Summary().Markdown(w); err != nil {
		return err
	}
	for _, s := range append(r.reproductionSections(), r.hardwareSection()) {
		if err := writeSection(w, s); err != nil {
			return err
		}
	}
	if all := r.Avoidable(); len(all) > 0 {
		section := pdf.Section{Title: "Findings in the counted runs", Table: avoidableTable(all)}
		if err := writeSection(w, section); err != nil {
			return err
		}
	}
	writeList(w, "\n## Ranks\n", r.rankWords())
	writeList(w, "\n## Missing\n", r.missing())
	writeList(w, "\n## Warnings\n", r.Results.Warnings)
	last := fmt.Sprintf("Session %s. Experiments and recorded runs: %s.", table.EscapeMarkdown(r.Results.Plan.Session, mostLetters), credit)
	if r.Results.Plan.Origin().Found() {
		last = "Experiments: " + credit + "."
	}
	_, err := fmt.Fprintf(w, "\n%s\n", last)
	return err
}

func writeSection(w io.Writer, s pdf.Section) error {
	fmt.Fprintf(w, "\n## %s\n\n", s.Title)
	if err := s.Table.Markdown(w); err != nil {
		return err
	}
	writeList(w, "", s.Notes)
	return nil
}

// missing lists the missing parts of all figures.
func (r *Report) missing() (all []string) {
	for _, d := range r.Figures {
		for _, m := range d.Missing {
			all = append(all, "Figure "+d.Figure+": "+m)
		}
	}
	return all
}

// mostLetters of an item are shown in a list of the summary.
const mostLetters = 2000

func writeList(w io.Writer, heading string, items []string) {
	if len(items) == 0 {
		return
	}
	fmt.Fprintf(w, "%s\n", heading)
	for _, item := range items {
		fmt.Fprintf(w, "* %s\n", table.EscapeMarkdown(item, mostLetters))
	}
}
