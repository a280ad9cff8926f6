package figure

import "coldstart/reports/table"

// Kind is the way a figure is drawn, by the name that plans and data files have for it.
type Kind string

// A kind is all that this package knows of the figures of one Kind. Each Kind has a file
// of its own, which enters it into kinds.
type kind struct {
	build    func(*source) error // fills the source's data
	headline func(*Data) string  // what a figure shows, in a few words; it has something to draw
	caption  func(*Data) string  // how a figure is to be read, in a few sentences
	numbers  func(*Data) table.Table
	common   func(d, other *Data) (Common, bool)
	unit     string // of the points

	hasMetric  bool // a point is of the metric that the plan names
	anyModels  bool // it can be drawn of any models, not only of those that the paper chose
	allModels  bool // it is made from all models of its set, whichever it shows
	overModels bool // a point is a mean over models
}

// kinds are all that there are. Each file adds its own before the program begins.
var kinds = map[Kind]kind{}

// AnyModels tells whether figures of the kind can be drawn of any models.
func (k Kind) AnyModels() bool { return kinds[k].anyModels }

// OverModels tells whether the points of the kind's figures are means over models, so
// that figures of different models cannot be compared.
func (k Kind) OverModels() bool { return kinds[k].overModels }

// Unit is the unit of the points' means: "s" or "ratio".
func (k Kind) Unit() string { return kinds[k].unit }

// Headline says in a few words what a figure shows. It is empty for a figure
// with nothing to draw.
func (d *Data) Headline() string {
	if d.Empty() {
		return ""
	}
	return kinds[d.Kind].headline(d)
}

// Caption says in a few sentences how a figure is to be read.
func (d *Data) Caption() string { return kinds[d.Kind].caption(d) }

// Numbers are what a figure's picture shows, as a table.
func (d *Data) Numbers() table.Table { return kinds[d.Kind].numbers(d) }

// Common finds what a figure can be compared with another of its kind by. It is false
// where they have nothing in common.
func (d *Data) Common(other *Data) (Common, bool) { return kinds[d.Kind].common(d, other) }
