package pdf

import (
	"fmt"
	"image/color"
	"slices"
	"strings"

	"coldstart/reports/chart"
	"coldstart/reports/table"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// The report's pages are A4 with margins.
const (
	pageWidth  = vg.Length(595.28)
	pageHeight = vg.Length(841.89)
	pageMargin = vg.Length(52)
	pageFloor  = pageMargin + 20 // lowest end of an item
	textWidth  = pageWidth - 2*pageMargin
)

var (
	headInk = chart.Letters(15).Bold()
	bodyInk = chart.Letters(10)
	noteInk = chart.Letters(8.5).In(grey)
	pageInk = chart.Letters(8).In(grey)
)

// A flow fills pages from top to bottom. It draws them after everything is placed,
// because page numbers need the number of pages.
type flow struct {
	pages []*page
	y     vg.Length // of the next item on the last page
	part  string    // name of the current part of the report
	foot  string    // of every page

	figures map[string]bool // numbers of those that the report shows
}

type page struct {
	parts  []part // that begin on it
	shared bool   // has parts that leave room for another
	marks  []func(*canvas)
}

// A part of the report, in the document's outline.
type part struct {
	name string
	top  vg.Length // of its first item on its page
}

// begin starts a part of the report on a new page.
func (f *flow) begin(name string) {
	f.part = name
	p := f.newPage()
	p.parts = []part{{name, f.y}}
}

// beginBelow starts a part below another one that was started so, if height is left there,
// else on a new page.
func (f *flow) beginBelow(name string, height vg.Length) {
	const gap = vg.Length(22)
	last := f.pages[len(f.pages)-1]
	if !last.shared || f.y-gap-height < pageFloor {
		f.begin(name)
		f.pages[len(f.pages)-1].shared = true
		return
	}
	f.part = name
	f.skip(gap)
	last.parts = append(last.parts, part{name, f.y})
}

// heading writes the part's name, for parts without a picture.
func (f *flow) heading() {
	f.text(headInk, 19, f.part)
	f.skip(6)
}

// subheading writes a heading within a part.
func (f *flow) subheading(words string) {
	f.skip(9)
	f.text(bodyInk.Bold(), 17, words)
}

func (f *flow) newPage() *page {
	p := &page{}
	f.pages = append(f.pages, p)
	f.y = pageHeight - pageMargin
	return p
}

// need begins a new page if less than height is left on this one, and reports whether it
// did.
func (f *flow) need(height vg.Length) bool {
	if f.y-height >= pageFloor {
		return false
	}
	f.newPage()
	f.text(noteInk, 16, f.part+" (continued)")
	return true
}

func (f *flow) skip(height vg.Length) { f.y -= height }

func (f *flow) mark(draw func(*canvas)) {
	last := f.pages[len(f.pages)-1]
	last.marks = append(last.marks, draw)
}

// text writes a paragraph with lead points per line.
func (f *flow) text(k chart.Ink, lead vg.Length, words string) {
	for _, line := range k.Wrap(words, textWidth, 60) {
		f.need(lead)
		at := vg.Point{X: pageMargin, Y: f.y}
		f.mark(func(c *canvas) { k.Draw(c, at, chart.Left, chart.Top, line) })
		f.skip(lead)
	}
}

// facts writes names with their values beside them.
func (f *flow) facts(facts [][2]string) {
	const column, lead = vg.Length(70), vg.Length(13)
	for _, fact := range facts {
		for i, line := range captionInk.Wrap(fact[1], textWidth-column, 12) {
			f.need(lead)
			at := vg.Point{X: pageMargin, Y: f.y}
			f.mark(func(c *canvas) {
				if i == 0 {
					name := captionInk.Wrap(fact[0], column-6, 1)
					captionInk.In(grey).Draw(c, at, chart.Left, chart.Top, strings.Join(name, ""))
				}
				captionInk.Draw(c, at.Add(vg.Point{X: column}), chart.Left, chart.Top, line)
			})
			f.skip(lead)
		}
	}
}

// section writes a table below its title, and the notes below the table.
func (f *flow) section(s Section) {
	f.begin(s.Title)
	f.heading()
	f.table(s.Table)
	for _, n := range s.Notes {
		f.text(noteInk, 12, n)
	}
}

// table writes a table, with its header repeated on every page. Rows that begin with the
// number of a figure lead to it.
func (f *flow) table(t table.Table) {
	g := newGrid(t, textWidth, ofPage)
	if len(g.rows) > 0 {
		f.need(g.rowHeight(g.header) + g.rowHeight(g.rows[0]))
	}
	f.header(g)
	for _, r := range g.rows {
		if f.need(g.rowHeight(r)) {
			f.header(g)
		}
		f.row(g, r)
	}
	f.rule(g, 0.8, color.Black)
	f.skip(6)
}

func (f *flow) header(g grid) {
	f.rule(g, 0.8, color.Black)
	f.row(g, g.header)
	f.rule(g, 0.5, color.Black)
}

func (f *flow) row(g grid, r row) {
	at := vg.Point{X: pageMargin, Y: f.y}
	if figure := strings.Join(r.cells[0], " "); g.namesFigures() && f.figures[figure] {
		r.inks = slices.Clone(r.inks)
		r.inks[0] = r.inks[0].In(blue)
		f.mark(func(c *canvas) { c.link(figure, at, g.width, g.rowHeight(r)) })
	}
	f.mark(func(c *canvas) { g.drawRow(c, r, at) })
	f.skip(g.rowHeight(r))
}

func (f *flow) rule(g grid, width vg.Length, col color.Color) {
	at := vg.Point{X: pageMargin, Y: f.y}
	f.mark(func(c *canvas) { g.drawRule(c, at, width, col) })
}

// target is where links to a figure lead.
func (f *flow) target(figure string) {
	top := f.y
	f.mark(func(c *canvas) { c.target(figure, top) })
}

// picture draws a chart below the last item, with its text at the left margin of the page.
func (f *flow) picture(p *chart.Chart, scale float64) {
	w, h := p.Size()
	corner := vg.Point{X: pageMargin - chart.Margin*vg.Length(scale), Y: f.y}
	f.mark(func(c *canvas) {
		c.Push()
		c.Translate(corner)
		c.Scale(scale, scale)
		p.Draw(draw.Canvas{Canvas: c, Rectangle: vg.Rectangle{Min: vg.Point{Y: -h}, Max: vg.Point{X: w}}})
		c.Pop()
	})
}

// drawInto draws the pages.
func (f *flow) drawInto(d *document) {
	for i, p := range f.pages {
		c := d.addPage(pageWidth, pageHeight)
		for _, part := range p.parts {
			d.bookmark(part)
		}
		for _, mark := range p.marks {
			mark(c)
		}
		number := fmt.Sprintf("%d / %d", i+1, len(f.pages))
		pageInk.Draw(c, vg.Point{X: pageWidth - pageMargin, Y: pageMargin / 2}, chart.Right, chart.Bottom, number)
		foot := pageInk.Wrap(f.foot, textWidth-pageInk.Width(number)-ofPage.between, 1)
		pageInk.Draw(c, vg.Point{X: pageMargin, Y: pageMargin / 2}, chart.Left, chart.Bottom, strings.Join(foot, ""))
	}
}

// outlinesObject is the number of the PDF object that is the parent of all bookmarks.
// gopdf makes catalogue, pages and outlines first, in this order, but names pages as
// the parent.
const outlinesObject = 3

// bookmark adds a part of the current page to the document's outline.
func (d *document) bookmark(p part) {
	const above = vg.Length(10)                                         // the part
	d.pdf.SetXY(0, 20+float64(pageHeight-min(p.top+above, pageHeight))) // gopdf subtracts 20 points
	d.pdf.AddOutlineWithPosition(p.name).SetParent(outlinesObject)
}
