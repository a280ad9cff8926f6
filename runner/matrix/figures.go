package matrix

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"coldstart/reports/result"
	"coldstart/runner/catalogue"
)

// figures reads which figure is measured where, and what the lab's own are.
func (l *lab) figures(v value) {
	l.each("a mapping from the number of a figure to its nodes or roles", func(e entry) {
		switch known, found := l.known.Figure(e.name); {
		case found:
			l.matrix.Figures = append(l.matrix.Figures, l.figure(e, known))
		case !isOwnName(e.name):
			l.errorf(e.key, "unknown figure %q; the figures are %s; the name of your own figure begins with "+
				"a letter, but not with fig", e.name, strings.Join(l.known.Numbers(), ", "))
		default:
			l.ownFigure(e)
		}
	})(v)
	order := slices.Concat(l.known.Numbers(), l.matrix.Own.Numbers())
	slices.SortStableFunc(l.matrix.Figures, func(a, b Figure) int {
		return slices.Index(order, a.Number) - slices.Index(order, b.Number)
	})
}

// figure reads one figure that is known, by its roles or by nodes alone as the figure is.
func (l *lab) figure(e entry, known catalogue.Figure) Figure {
	f := Figure{Number: e.name}
	v := e.value
	v.name = "figure " + f.Number
	if roles := known.Roles; roles[0] == "" {
		l.object(required("nodes", "[n1]", l.figureNodes(&f.Nodes)))(v)
	} else {
		example := fmt.Sprintf("{%s: NODE}", strings.Join(roles, ": NODE, "))
		l.object(required("roles", example, l.roles(&f, roles)))(v)
	}
	return f
}

// figureNodes reads the nodes of a figure without roles.
func (l *lab) figureNodes(to *[]string) reader {
	before := make(map[string]position)
	return l.filled("a list of nodes, such as [n1]", "node", l.line(func(v value, name string) {
		l.node(&name)(v)
		if first, twice := before[name]; twice {
			l.errorf(v.at, "node %q is listed twice, first in line %d", name, first.line)
			return
		}
		before[name] = v.at
		*to = append(*to, name)
	}))
}

// roles reads where each role of a figure is measured, and judges what is to be
// compared.
func (l *lab) roles(to *Figure, names []string) reader {
	return func(v value) {
		var sides []side
		l.each("a mapping from each role to its node", func(e entry) {
			if !slices.Contains(names, e.name) {
				l.errorf(e.key, "figure %s has no role %q%s", to.Number, e.name, choice(e.name, "its roles are", names))
				return
			}
			role, faults := Role{Name: e.name}, len(l.found)
			l.place(&role)(e.value)
			to.Roles = append(to.Roles, role)
			if len(l.found) == faults {
				sides = append(sides, side{role, e.at})
			}
		})(v)
		l.missingRoles(v, names, to)
		l.judgeSides(to.Number, sides)
	}
}

// place reads a role's node: its name alone, or with its GPUs.
func (l *lab) place(to *Role) reader {
	withGPU := l.object(
		required("node", "n1", l.node(&to.Node)),
		optional("gpu", l.gpus(&to.GPU)),
	)
	return func(v value) {
		if _, ok := v.node.(ast.MapNode); ok {
			withGPU(v)
			return
		}
		l.node(&to.Node)(v)
	}
}

// gpus reads the index of a GPU, or a list of indices.
func (l *lab) gpus(to *result.GPUs) reader {
	return func(v value) {
		var indices []int
		add := func(v value) {
			index := 0
			faults := len(l.found)
			l.whole(&index, 0, result.MostGPUs-1)(v)
			if len(l.found) > faults {
				return
			}
			indices = append(indices, index)
			if fault := result.CheckGPUs(indices); fault != nil {
				l.errorf(v.at, "%v", fault)
			}
		}
		if _, list := v.node.(*ast.SequenceNode); list {
			l.filled("the index of a GPU, or a list such as [0, 1]", v.name, add)(v)
		} else {
			add(v)
		}
		*to = result.GPUsOf(indices...)
	}
}

// missingRoles notes the roles that a figure has and the file does not.
func (l *lab) missingRoles(v value, names []string, in *Figure) {
	if _, ok := v.node.(ast.MapNode); !ok || len(in.Roles) == 0 {
		return // noted already
	}
	for _, name := range names {
		if !slices.ContainsFunc(in.Roles, func(r Role) bool { return r.Name == name }) {
			l.errorf(v.at, "figure %s lacks the role %s; add it, such as %s: n1", in.Number, name, name)
		}
	}
}
