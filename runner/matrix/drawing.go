package matrix

import (
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"coldstart/reports/figure"
	"coldstart/reports/result"
	"coldstart/runner/catalogue"
)

// isOwnName tells whether a lab may call a figure so. Files are named after it, beside the
// paper's figure1 … figure17.
func isOwnName(name string) bool {
	return fitFigure.MatchString(name) && !strings.HasPrefix(strings.ToLower(name), "fig")
}

var fitFigure = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9._-]{0,39}$`)

// reserved are words that stand for several figures or none where figures are named.
var reserved = []string{"all", "rest", "hardware"}

// A drawing is a figure of the lab's own while it is read.
type drawing struct {
	catalogue.Figure
	where     Figure
	at        position // of its name
	set       string   // of a figure without sides
	setPlace  position
	metric    position // of phase
	xPlace    position
	by        position // of series
	sidePlace position
}

// A drawn kind is a kind of figure that a lab may draw, and the keys that it has besides
// kind, title and models.
type drawnKind struct {
	kind   figure.Kind
	fields func(*lab, *drawing) []field
	judge  func(*lab, *drawing) // once everything is read, and the sets are found
}

// drawnKinds are by their words in the file.
var drawnKinds = map[string]drawnKind{
	"breakdown": {figure.Stack, nil, (*lab).judgeOne},
	"trend": {figure.Trend, func(l *lab, d *drawing) []field {
		return []field{l.phaseField(d), required("x", "size_b", l.line(func(v value, x string) { d.X, d.xPlace = x, v.at }))}
	}, (*lab).judgeTrend},
	"bars": {figure.Bars, func(l *lab, d *drawing) []field { return []field{l.phaseField(d)} }, nil},
	"groups": {figure.Groups, func(l *lab, d *drawing) []field {
		return []field{l.phaseField(d),
			required("series", "load-format", l.line(func(v value, by string) { d.By, d.by = by, v.at }))}
	}, (*lab).judgeGroups},
	"heatmap":  {figure.Heatmap, nil, (*lab).judgeHeatmap},
	"ratio":    {figure.Ratio, nil, (*lab).judgeRatio},
	"segments": {figure.Segments, nil, nil},
}

// kindWords are the words for the kinds, in order.
func kindWords() (words []string) {
	for word := range drawnKinds {
		words = append(words, word)
	}
	slices.Sort(words)
	return words
}

// ownFigure reads a figure of the lab's own: what it shows, and where it is measured.
func (l *lab) ownFigure(e entry) {
	faults := len(l.found)
	v := e.value
	v.name = "figure " + e.name
	d := &drawing{at: e.key, where: Figure{Number: e.name}}
	d.Figure.Figure = result.Figure{Number: e.name, Title: e.name}
	if slices.Contains(reserved, e.name) {
		l.errorf(e.key, "figure name %q has a meaning already; choose another name", e.name)
	}
	word, ok := l.kindOf(v)
	if !ok {
		return
	}
	kind := drawnKinds[word]
	d.Kind = string(kind.kind)
	fields := []field{
		required("kind", word, func(value) {}),
		optional("title", l.text(&d.Title)),
		optional("models", l.setModels(&d.Models)),
	}
	if kind.fields != nil {
		fields = append(fields, kind.fields(l, d)...)
	}
	if kind.kind == figure.Ratio {
		fields = append(fields, l.sideFields(d)...)
	} else {
		fields = append(fields, l.plainFields(d)...)
	}
	l.object(fields...)(v)
	if len(l.found) == faults && l.complete(d) && kind.judge != nil {
		kind.judge(l, d)
	}
	if len(l.found) == faults {
		l.matrix.Own.Figures = append(l.matrix.Own.Figures, d.Figure)
		l.matrix.Figures = append(l.matrix.Figures, d.where)
	}
}

// kindOf is the kind of a figure. Its other keys depend on it.
func (l *lab) kindOf(v value) (word string, ok bool) {
	entries, ok := l.mapping(v, "a mapping such as {kind: bars, set: …, phase: …, nodes: […]}")
	if !ok {
		return "", false
	}
	i := slices.IndexFunc(entries, func(e entry) bool { return e.name == "kind" })
	if i < 0 {
		l.errorf(v.at, "kind is missing in %s; add it, such as kind: bars; the kinds are %s", v.name,
			strings.Join(kindWords(), ", "))
		return "", false
	}
	l.line(func(v value, text string) {
		if _, ok = drawnKinds[text]; !ok {
			l.errorf(v.at, "there is no kind %q%s", text, choice(text, "the kinds are", kindWords()))
		}
		word = text
	})(entries[i].value)
	return word, ok && word != ""
}

func (l *lab) phaseField(d *drawing) field {
	return required("phase", "load_weights", l.line(func(v value, name string) {
		q, err := result.ParseQuantity(name)
		if err != nil {
			l.errorf(v.at, "there is no phase or segment %q%s", name,
				choice(name, "the phases and segments are", result.QuantityNames()))
		}
		d.Metric, d.metric = q, v.at
	}))
}

// plainFields are those of a figure without sides.
func (l *lab) plainFields(d *drawing) []field {
	d.Roles = []string{""}
	return []field{
		required("set", "baseline", l.setName(&d.set, &d.setPlace)),
		required("nodes", "[n1]", l.figureNodes(&d.where.Nodes)),
	}
}

// sideFields are those of a figure that compares two sides: roles says where each is
// measured, and sets which set if they differ in it.
func (l *lab) sideFields(d *drawing) []field {
	return []field{
		required("roles", "{before: n1, after: n2}", func(v value) {
			d.sidePlace = v.at
			l.each("a mapping from each side to its node", func(e entry) {
				l.judgeOwn(e, &taken{kind: "side"})
				role := Role{Name: e.name}
				l.place(&role)(e.value)
				d.Roles, d.where.Roles = append(d.Roles, e.name), append(d.where.Roles, role)
			})(v)
			if _, ok := v.node.(ast.MapNode); ok && len(d.Roles) != 2 {
				l.errorf(v.at, "%s compares two sides; roles has %d", d.Number, len(d.Roles))
			}
		}),
		optional("set", l.setName(&d.set, &d.setPlace)),
		optional("sets", func(v value) {
			d.Sets = make(map[string]string)
			l.each("a mapping from each side to its measurement set", func(e entry) {
				if !slices.Contains(d.Roles, e.name) {
					l.errorf(e.key, "there is no side %q%s", e.name, choice(e.name, "the sides are", d.Roles))
				}
				var name string
				l.setName(&name, &d.setPlace)(e.value)
				d.Sets[e.name] = name
			})(v)
		}),
	}
}

// setName reads the name of a measurement set, the lab's own or a known one.
func (l *lab) setName(to *string, at *position) reader {
	return l.line(func(v value, name string) {
		*to, *at = name, v.at
		names := slices.Concat(l.setNames, l.known.SetNames())
		if !slices.Contains(names, name) {
			l.errorf(v.at, "there is no measurement set %q%s", name, choice(name, "the sets are", names))
		}
	})
}
