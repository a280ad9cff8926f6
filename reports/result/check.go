package result

import (
	"cmp"
	"fmt"
)

// MostIterations is far more than anybody measures: a start-up takes 8 s at least, and a
// figure has 20 models.
const MostIterations = 1000

// check refuses a plan that coldstart did not write. Files are named after its session,
// figures, cells, sets and configurations, so that such a name must be a file name. Each
// side of a figure must have a node and a cell of the plan, and nothing is measured without
// end.
func (p *Plan) check() error {
	for _, name := range p.names() {
		if !isFileName(name) {
			return fmt.Errorf("%q cannot name a file; coldstart did not write this plan", name)
		}
	}
	for _, n := range p.iterations() {
		if n < 0 || n > MostIterations {
			return fmt.Errorf("%d iterations are not from 0 to %d; coldstart did not write this plan", n, MostIterations)
		}
	}
	for _, figure := range p.Figures {
		if err := p.checkSides(&figure); err != nil {
			return fmt.Errorf("%s: %w; coldstart did not write this plan", cmp.Or(figure.Name, "a figure"), err)
		}
	}
	return nil
}

// names are the names after which files are named.
func (p *Plan) names() []string {
	var names []string
	for _, figure := range p.Figures {
		names = append(names, figure.Name)
	}
	for _, cell := range p.Cells {
		names = append(names, cell.ID)
	}
	for _, set := range p.Sets {
		names = append(names, set.Name)
		for _, configuration := range set.Configurations {
			names = append(names, configuration.ID)
		}
	}
	return append(names, p.Session)
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
