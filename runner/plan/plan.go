// Package plan lays out the grid: which cells a session measures, on which nodes, and which
// figures are drawn from them.
//
// The catalogue, the paper's with what the matrix adds, says what figures are, the matrix
// where they run, and the Selection which of them are wanted this time.
package plan

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"coldstart/reports/figure"
	"coldstart/reports/result"
	"coldstart/runner/catalogue"
	"coldstart/runner/matrix"
	"coldstart/runner/paper"
)

// Session is what a plan is made for.
type Session struct {
	Name   string
	Date   time.Time
	Engine string
	// Environment is the engine's, if one was named.
	Environment string
	Start       result.Start // of all sets
	Iterations  int          // counted ones
	Stop        *result.Stop
}

// Make lays out the grid of the selected figures. Each note says what was left out and why,
// in one sentence.
func Make(lab *matrix.Matrix, selection Selection, session Session) (plan *result.Plan, notes []string, err error) {
	all := CatalogueOf(lab)
	figures, notes, err := selection.resolve(lab, all)
	if err != nil {
		return nil, nil, err
	}
	sets, err := selection.sets(all)
	if err != nil {
		return nil, nil, err
	}
	for _, leave := range []func([]placement) ([]placement, []string){sets.withConfigurations, session.recorded} {
		left, lacking := leave(figures)
		figures, notes = left, append(notes, lacking...)
	}
	if len(figures) == 0 {
		return nil, nil, fmt.Errorf("nothing is left to measure: %s", strings.Join(notes, "; "))
	}
	p := newPlanner(session, all.Models, sets, lab.DefaultNode)
	p.chosen, p.gpus = len(selection.Models) > 0, lab.GPUs
	p.add(figures, lab.Nodes, selection.Nodes)
	if err := errors.Join(p.unclear(), p.tooFewGPUs()); err != nil {
		return nil, nil, err
	}
	return p.plan, notes, nil
}

// CatalogueOf is the paper's catalogue with what a lab adds to it.
func CatalogueOf(lab *matrix.Matrix) catalogue.Catalogue { return paper.Catalogue().With(lab.Own) }

// Published lays out the paper's own grid: each figure on the nodes that the paper
// measured it on.
func Published(session Session) *result.Plan {
	var figures []placement
	all := paper.Catalogue()
	for _, f := range all.Figures {
		placed := placement{figure: f}
		for _, role := range f.Roles {
			placed.roles = append(placed.roles, matrix.Role{Name: role, Node: f.PaperNodes[role]})
		}
		figures = append(figures, placed)
	}
	p := newPlanner(session, all.Models, setsOf(all), paper.MainNode)
	p.add(figures, paper.Nodes(), nil)
	return p.plan
}

// planner adds to a plan what is not in it yet.
type planner struct {
	models      []result.Model // all that there are
	sets        sets
	gpus        map[string]result.GPUs // that nodes measure on, by node
	defaultNode string                 // whose figures have plain names
	chosen      bool                   // whether the models were selected
	start       result.Start
	plan        *result.Plan
}

func newPlanner(session Session, models []result.Model, sets sets, defaultNode string) planner {
	return planner{
		models: models, sets: sets, defaultNode: defaultNode, start: session.Start, plan: session.plan(),
	}
}

// add adds figures, and of a lab's nodes those that they need or that were asked for.
func (p *planner) add(figures []placement, nodes []result.Node, asked []string) {
	for _, f := range figures {
		p.addFigure(f)
	}
	p.addNodes(nodes, asked)
	p.addModels()
}

// addFigure adds a placed figure, its cells, and the sets that they measure.
func (p *planner) addFigure(placed placement) {
	f := placed.figure.Figure
	f.Name = fileName(&placed.figure)
	f.Nodes, f.Cells = map[string]string{}, map[string]string{}
	for _, role := range placed.roles {
		cell := result.Cell{
			Figure: f.Number, Role: role.Name, Node: role.Node,
			GPU: cmp.Or(role.GPU, p.gpus[role.Node]), Set: placed.figure.Sets[role.Name],
		}
		cell.ID = identify(f.Name, role.Name, role.Node)
		cell.Shares = p.measuredBy(cell)
		f.Nodes[role.Name], f.Cells[role.Name] = role.Node, cell.ID
		p.plan.Cells = append(p.plan.Cells, cell)
		p.addSet(cell.Set)
	}
	if node := f.Nodes[""]; node != "" && node != p.defaultNode {
		f.Name += "-" + node
	}
	if p.chosen && placed.figure.Published() && figure.Kind(f.Kind).AnyModels() {
		f.Models = modelsOf(p.sets[placed.figure.Sets[f.Roles[0]]])
	}
	f.Title, f.YLabel = placed.inWords(f.Title), placed.inWords(f.YLabel)
	p.plan.Figures = append(p.plan.Figures, f)
}

// fileName names a figure's files. The name of a lab's own figure stands apart: "figure-mine".
func fileName(f *catalogue.Figure) string {
	if f.Published() {
		return "figure" + f.Number
	}
	return "figure-" + f.Number
}

// tooFewGPUs is an error if a configuration needs more GPUs than it may use.
func (p *planner) tooFewGPUs() error {
	for _, cell := range p.plan.Cells {
		set := p.plan.Set(cell.Set)
		if set == nil {
			continue
		}
		for i := range set.Configurations {
			c := &set.Configurations[i]
			if err := catalogue.CheckGPUs(c, cmp.Or(c.GPU, cell.GPU)); err != nil {
				return fmt.Errorf("figure %s on %s: %w", cell.Figure, cell.Node, err)
			}
		}
	}
	return nil
}

// unclear is an error if two cells or two figures have one name: figure a-b on node c, and
// figure a on node b-c.
func (p *planner) unclear() error {
	seen := map[string]string{}
	note := func(name, figure string) error {
		if first, twice := seen[name]; twice {
			return fmt.Errorf("figures %s and %s would both have files called %s; rename one", first, figure, name)
		}
		seen[name] = figure
		return nil
	}
	for _, f := range p.plan.Figures {
		if err := note(f.Name+".pdf", f.Number); err != nil {
			return err
		}
	}
	for _, cell := range p.plan.Cells {
		if err := note(cell.ID, cell.Figure); err != nil {
			return err
		}
	}
	return nil
}

// identify makes the stable id of a cell, such as "figure10-gpu1-n2".
func identify(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), "-")
}

// measuredBy is the earlier cell that measures the same set on the same node and
// GPU; empty if there is none.
func (p *planner) measuredBy(cell result.Cell) string {
	for _, earlier := range p.plan.Cells {
		if earlier.Shares == "" && earlier.Set == cell.Set && earlier.Node == cell.Node && earlier.GPU == cell.GPU {
			return earlier.ID
		}
	}
	return ""
}

func (p *planner) addSet(name string) {
	if p.plan.Set(name) == nil {
		set := p.sets[name]
		if set.Start == result.EngineOnly { // unless the set says how it is started
			set.Start = p.start
		}
		p.plan.Sets = append(p.plan.Sets, set)
	}
}

// addNodes adds the nodes asked for, or else all, and those that the figures
// need besides, each with the cell that tells its hardware.
func (p *planner) addNodes(nodes []result.Node, asked []string) {
	needed := map[string]bool{}
	for _, cell := range p.plan.Cells {
		needed[cell.Node] = true
	}
	for _, node := range nodes {
		if len(asked) == 0 || needed[node.Name] || slices.Contains(asked, node.Name) {
			p.plan.Nodes = append(p.plan.Nodes, node)
			p.plan.Cells = append(p.plan.Cells, hardwareCell(node.Name))
		}
	}
}

// addModels adds the models that the sets measure.
func (p *planner) addModels() {
	for _, m := range p.models {
		if slices.ContainsFunc(p.plan.Sets, func(s result.Set) bool { return measures(s, m.Key) }) {
			p.plan.Models = append(p.plan.Models, m)
		}
	}
}

func measures(set result.Set, model string) bool {
	return slices.ContainsFunc(set.Configurations, func(c result.Configuration) bool { return c.Model == model })
}

// placement is a figure with where each of its roles is measured.
type placement struct {
	figure catalogue.Figure
	roles  []matrix.Role
}

func (p placement) nodes() (nodes []string) {
	for _, role := range p.roles {
		if !slices.Contains(nodes, role.Node) {
			nodes = append(nodes, role.Node)
		}
	}
	return nodes
}

// inWords puts the roles' nodes into a figure's words, "GPU: {gpu1} over {gpu0}",
// and their GPUs where one node has both.
func (p placement) inWords(words string) string {
	for _, role := range p.roles {
		side := role.Node
		if role.GPU != "" && len(p.nodes()) == 1 {
			side = fmt.Sprintf("%s %v", role.Node, role.GPU)
		}
		words = strings.ReplaceAll(words, "{"+role.Name+"}", side)
	}
	return words
}

// where says in words what a figure does with its nodes.
func (p placement) where() string {
	nodes := p.nodes()
	if len(nodes) == 1 {
		return "is measured on " + nodes[0]
	}
	return "compares " + strings.Join(nodes, " and ")
}

// all is the pronoun for the nodes of where.
func (p placement) all() string {
	if len(p.nodes()) == 1 {
		return "it"
	}
	return "both"
}
