package figure

import "coldstart/reports/table"

// Kind says how a figure is drawn, such as "trend". Plans and data files name it.
type Kind string

// A kind is everything that this package knows about one Kind. Each Kind has one file,
// which adds it to kinds.
type kind struct {
	build    func(*source) error // fills in the source's data
	headline func(*Data) string  // the result in a few words; the figure is not empty
	caption  func(*Data) string  // how to read the figure, in a few sentences
	numbers  func(*Data) table.Table
	common   func(d, other *Data) (Common, bool)
	unit     string // of the points' means

	hasMetric  bool // the plan must name a metric
	anyModels  bool // any models can be shown, not only the paper's choice
	allModels  bool // made from all models of its set, not only those shown
	overModels bool // a point is a mean over models
}

// kinds are all kinds. Each file adds its own before main runs.
var kinds = map[Kind]kind{}

// AnyModels reports whether figures of the kind can show any models.
func (k Kind) AnyModels() bool { return kinds[k].anyModels }

// OverModels reports whether the points are means over models, so that figures of
// different models cannot be compared.
func (k Kind) OverModels() bool { return kinds[k].overModels }

// Unit is the unit of the points' means: "s" or "ratio".
func (k Kind) Unit() string { return kinds[k].unit }

// Headline is the result in a few words; empty for an empty figure.
func (d *Data) Headline() string {
	if d.Empty() {
		return ""
	}
	return kinds[d.Kind].headline(d)
}

// Caption says in a few sentences how to read a figure.
func (d *Data) Caption() string { return kinds[d.Kind].caption(d) }

// Numbers are a figure's values as a table.
func (d *Data) Numbers() table.Table { return kinds[d.Kind].numbers(d) }

// Common finds the quantity by which two figures of one kind can be compared. It is
// false if they have nothing in common.
func (d *Data) Common(other *Data) (Common, bool) { return kinds[d.Kind].common(d, other) }
