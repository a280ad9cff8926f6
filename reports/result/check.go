package result

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// MostIterations is far more than anybody measures: a start-up takes 8 s at least, and a
// figure has 20 models.
const MostIterations = 1000

// Bounds of a plan: a lab of 100 nodes with all figures stays below them. The time of a report
// grows with their squares.
const (
	longestList = 5_000  // nodes, models, sets, figures, cells
	mostItems   = 50_000 // of all lists
)

// check refuses a plan that coldstart did not write.
func (p *Plan) check() error {
	for _, side := range []*Plan{p, p.Against} {
		if side == nil {
			continue
		}
		if err := checkSize(side); err != nil {
			return err
		}
	}
	if err := p.fault(); err != nil {
		return fmt.Errorf("%w; coldstart did not write this plan", err)
	}
	return nil
}

// fault is what no plan may have. Files are named after its session, figures, cells, sets and
// configurations, so that such a name must be a file name, and no other's. Each side of a
// figure must have a node and a cell of the plan, and nothing is measured without end.
func (p *Plan) fault() error {
	if p.Against != nil {
		if err := p.checkAgainst(); err != nil {
			return err
		}
	}
	if err := p.checkNames(); err != nil {
		return err
	}
	for _, n := range p.iterations() {
		if n < 0 || n > MostIterations {
			return fmt.Errorf("%d iterations are not from 0 to %d", n, MostIterations)
		}
	}
	for _, set := range p.Sets {
		if err := set.Start.check(); err != nil {
			return err
		}
	}
	for _, figure := range p.Figures {
		if err := p.checkSides(&figure); err != nil {
			return fmt.Errorf("%s: %w", cmp.Or(figure.Name, "a figure"), err)
		}
	}
	return nil
}

// checkAgainst refuses another side that has sides itself, the same session, or other cells.
func (p *Plan) checkAgainst() error {
	other := p.Against
	same := func(a, b Cell) bool { return a.ID == b.ID && a.Node == b.Node && a.Set == b.Set }
	if other.Against != nil || other.Session == p.Session || other.Engine != p.Engine || other.Schema != p.Schema ||
		!slices.EqualFunc(p.Cells, other.Cells, same) {
		return errors.New("the other side of the plan is not one")
	}
	return other.fault()
}

// checkSize refuses plans that together would take too long to report.
func checkSize(plans ...*Plan) error {
	var lists [5]int
	items := 0
	for _, p := range plans {
		for i, n := range []int{len(p.Nodes), len(p.Models), len(p.Sets), len(p.Figures), len(p.Cells)} {
			lists[i] += n
			items += n
		}
		for i := range p.Sets {
			items += len(p.Sets[i].Configurations)
		}
		for i := range p.Figures {
			f := &p.Figures[i]
			items += len(f.Models) + len(f.Series) + len(f.Steps) + len(f.ExcludedFit) + len(f.LeftOut) + len(f.Roles)
		}
	}
	if longest := slices.Max(lists[:]); longest > longestList {
		return fmt.Errorf("a list has %d items, but a plan's have at most %d", longest, longestList)
	}
	if items > mostItems {
		return fmt.Errorf("all lists have %d items, but a plan's have at most %d", items, mostItems)
	}
	return nil
}

// figurePrefix begins the name of each figure, so that its files never replace others of a
// report.
const figurePrefix = "figure"

// checkNames refuses names that cannot name a file, and that name the same file.
func (p *Plan) checkNames() error {
	for _, names := range p.names() {
		seen := map[string]bool{}
		for _, name := range names {
			if !isFileName(name) {
				return fmt.Errorf("%q cannot name a file", name)
			}
			if seen[name] {
				return fmt.Errorf("%q is there twice", name)
			}
			seen[name] = true
		}
	}
	for _, figure := range p.Figures {
		if !strings.HasPrefix(figure.Name, figurePrefix) {
			return fmt.Errorf("figure %q is not called %s…", figure.Name, figurePrefix)
		}
	}
	return nil
}

// names are the names after which files are named, each list in a folder of its own.
func (p *Plan) names() [][]string {
	all := [][]string{
		namesOf(p.Figures, func(f Figure) string { return f.Name }),
		namesOf(p.Cells, func(c Cell) string { return c.ID }),
		namesOf(p.Sets, func(s Set) string { return s.Name }),
	}
	for _, set := range p.Sets {
		all = append(all, namesOf(set.Configurations, func(c Configuration) string { return c.ID }))
	}
	return append(all, []string{p.Session})
}

func namesOf[T any](all []T, name func(T) string) (names []string) {
	for _, one := range all {
		names = append(names, name(one))
	}
	return names
}

// iterations are the numbers of iterations, of all sets and of those with their own.
func (p *Plan) iterations() []int {
	all := []int{p.Iterations, p.MostIterations()}
	for _, set := range p.Sets {
		all = append(all, set.Iterations)
	}
	return all
}

func (p *Plan) checkSides(figure *Figure) error {
	if len(figure.Roles) == 0 {
		return fmt.Errorf("the figure has no side")
	}
	for _, role := range figure.Roles {
		cell := p.Cell(figure.Cells[role])
		switch {
		case cell == nil:
			return fmt.Errorf("side %q has no cell", role)
		case cell.Node != figure.Nodes[role]:
			return fmt.Errorf("side %q is on node %q, and its cell on %q", role, figure.Nodes[role], cell.Node)
		case p.Set(cell.Set) == nil:
			return fmt.Errorf("side %q measures %q, which is no set of the plan", role, cell.Set)
		}
	}
	return nil
}
