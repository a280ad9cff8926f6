package lab

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"coldstart/reports/compare"
	"coldstart/reports/result"
	"coldstart/runner/engine/local"
	"coldstart/runner/engine/replay"
	"coldstart/runner/engine/vllm"
	"coldstart/runner/environment"
	"coldstart/runner/matrix"
	"coldstart/runner/models"
	"coldstart/runner/paper"
	"coldstart/runner/privacy"
	"coldstart/runner/revision"
)

// Sides are the lab on both sides of a change.
type Sides struct{ Base, Head *Lab }

// OpenSides reads the matrix at a path as it is, the head's, and as it was where the
// checked-out commit left the branch of a revision, the base's. The path may be empty, as
// that of Open.
func OpenSides(ctx context.Context, path, base string) (sides Sides, err error) {
	path = cmp.Or(path, os.Getenv(Variable), FileName)
	repository := revision.Repository{Dir: filepath.Dir(path)}
	if sides.Head, err = Open(path); err != nil {
		return sides, err
	}
	head, err := repository.Head(ctx)
	if err != nil {
		return sides, requestErrorf("base", "%w", err)
	}
	commit, err := repository.MergeBase(ctx, base)
	if err != nil {
		return sides, requestErrorf("base", "%w", err)
	}
	text, err := repository.File(ctx, commit, filepath.Base(path))
	if errors.Is(err, revision.ErrNoFile) {
		return sides, requestErrorf("base", "%w, so that there is nothing to compare with", err)
	}
	if err != nil {
		return sides, err
	}
	name := path + " of commit " + commit.Short()
	sides.Base, err = opened(name, func() (*matrix.Matrix, error) { return matrix.Parse(name, text, paper.Catalogue()) })
	if err != nil {
		return sides, requestErrorf("base", "%w", err)
	}
	sides.Base.commit, sides.Base.repository = commit, repository
	sides.Head.commit, sides.Head.repository = head, repository
	return sides, nil
}

// Check refuses a plan of other commits than these sides, or of sets that are not theirs.
func (s Sides) Check(p *result.Plan) error {
	if p.Against == nil || p.Commit != string(s.Base.commit) || p.Against.Commit != string(s.Head.commit) {
		return requestErrorf("base", "the plan is not of the base %s and the head %s, which is checked out",
			s.Base.commit.Short(), s.Head.commit.Short())
	}
	if err := s.Base.CheckPlan(p); err != nil {
		return err
	}
	return s.Head.CheckPlan(p.Against)
}

// Plan lays out what a change touches: the base's plan, which has the head's as the other
// side. Only cells are in it whose engine or environment differs, each measurement set once
// for each node and GPU; there may be none. Without a rule, measuring stops when it is
// settled whether the head is slower; without iterations, after compare.LeastTurns at least.
// Notes say what was left out and why.
func (s Sides) Plan(ctx context.Context, r Request) (made *result.Plan, notes []string, err error) {
	if r.Engine == replay.Name {
		return nil, nil, requestErrorf("engine", "a replay starts nothing that a change could touch: "+
			"name an engine that measures, such as %s", vllm.Name)
	}
	r.Iterations = cmp.Or(r.Iterations, compare.LeastTurns)
	if r.Confidence == 0 && r.Settle == 0 {
		r.Settle = compare.Margin
	}
	head, notes, err := s.Head.Plan(r)
	if err != nil {
		return nil, nil, err
	}
	base, err := s.planBase(r)
	if err != nil {
		return nil, nil, err
	}
	cells := map[string]result.Cell{} // of the base, by what and where they measure
	for _, cell := range base.Cells {
		if _, twice := cells[place(cell)]; !twice {
			cells[place(cell)] = cell
		}
	}
	t := inTurns{base: base, head: head}
	for _, cell := range head.Cells {
		if cell.Figure == "" || cell.Shares != "" {
			continue
		}
		earlier, found := cells[place(cell)]
		if !found {
			notes = append(notes, fmt.Sprintf("%s is left out: the base has no measurement set %s on %s",
				cell.ID, cell.Set, cell.Node))
			continue
		}
		if differs, err := s.declare(ctx, base, head, &earlier, &cell); err != nil {
			return nil, nil, err
		} else if differs {
			t.add(earlier, cell)
		}
	}
	return t.plan(s), notes, nil
}

// planBase lays out what a request asks of the base. If the base lacks some of its figures or
// nodes, that is every figure, on those of the nodes that it has.
func (s Sides) planBase(r Request) (*result.Plan, error) {
	made, _, err := s.Base.Plan(r)
	var wrong RequestError
	if errors.As(err, &wrong) && wrong.Part == "figures or nodes" {
		nodes := s.Base.file.NodeNames()
		r.Figures = "all"
		r.Nodes = slices.DeleteFunc(slices.Clone(r.Nodes), func(n string) bool { return !slices.Contains(nodes, n) })
		made, _, err = s.Base.Plan(r)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.Base.path, err)
	}
	return made, nil
}

// PlanCell lays out one cell, as Lab.PlanCell finds it, on both sides, whether it differs or
// not.
func (s Sides) PlanCell(
	ctx context.Context, r Request, node, role string,
) (made *result.Plan, cell result.Cell, notes []string, err error) {
	head, cell, notes, err := s.Head.PlanCell(r, node, role)
	if err != nil {
		return nil, cell, notes, err
	}
	base, earlier, _, err := s.Base.PlanCell(r, node, role)
	if err != nil {
		return nil, cell, notes, fmt.Errorf("%s: %w", s.Base.path, err)
	}
	differs, err := s.declare(ctx, base, head, &earlier, &cell)
	if err == nil && !differs {
		notes = append(notes, "both sides measure the same: nothing that is measured differs")
	}
	t := inTurns{base: base, head: head}
	t.add(earlier, cell)
	return t.plan(s), cell, notes, err
}

// declare adds to a cell of each side what its lab declares, and tells whether that differs.
// The base's cell gets the head's name.
func (s Sides) declare(
	ctx context.Context, base, head *result.Plan, earlier, cell *result.Cell,
) (differs bool, err error) {
	earlier.ID, earlier.Figure, earlier.Role, earlier.Shares, cell.Shares = cell.ID, cell.Figure, cell.Role, "", ""
	var err1, err2 error
	earlier.Declared, err1 = s.Base.declared(ctx, base, *earlier)
	cell.Declared, err2 = s.Head.declared(ctx, head, *cell)
	return !maps.Equal(earlier.Declared, cell.Declared), errors.Join(err1, err2)
}

// inTurns are the cells that are measured on both sides, of the plans of each.
type inTurns struct {
	base, head *result.Plan
	a, b       []result.Cell
}

func (t *inTurns) add(a, b result.Cell) { t.a, t.b = append(t.a, a), append(t.b, b) }

// plan is the base's plan of the cells, which has the head's as the other side.
func (t *inTurns) plan(s Sides) *result.Plan {
	a, b := onlyCells(t.base, t.a), onlyCells(t.head, t.b)
	a.Commit, b.Commit = string(s.Base.commit), string(s.Head.commit)
	result.InTurns(a, b)
	return a
}

// place is what a cell measures, and where.
func place(c result.Cell) string {
	return strings.Join([]string{c.Set, c.Node, string(c.GPU)}, " ")
}

// onlyCells is a plan with some of its cells, and the nodes, sets and models that they need.
func onlyCells(p *result.Plan, cells []result.Cell) *result.Plan {
	made := *p
	made.Figures, made.Cells = []result.Figure{}, append([]result.Cell{}, cells...)
	of := func(is func(result.Cell) bool) bool { return slices.ContainsFunc(cells, is) }
	made.Nodes = slices.DeleteFunc(slices.Clone(p.Nodes), func(n result.Node) bool {
		return !of(func(c result.Cell) bool { return c.Node == n.Name })
	})
	made.Sets = slices.DeleteFunc(slices.Clone(p.Sets), func(s result.Set) bool {
		return !of(func(c result.Cell) bool { return c.Set == s.Name })
	})
	made.Models = slices.DeleteFunc(slices.Clone(p.Models), func(m result.Model) bool {
		return !slices.ContainsFunc(made.Sets, func(s result.Set) bool {
			return slices.ContainsFunc(s.Configurations, func(c result.Configuration) bool { return c.Model == m.Key })
		})
	})
	return &made
}

// declared is what the lab says of the engine of a cell, of its environments, and of where it
// starts what, by name, without secrets.
func (l *Lab) declared(ctx context.Context, p *result.Plan, cell result.Cell) (map[string]string, error) {
	node, err := l.Node(cell.Node)
	if err != nil {
		return nil, err
	}
	environments, err := node.MeasuredIn(p, p.Set(cell.Set))
	if err != nil {
		return nil, err
	}
	said, of := saying{}, ""
	said.say("GPUs", string(cell.GPU))
	said.say("models directory", node.ModelsDir)
	said.set(p.Set(cell.Set))
	for _, e := range environments {
		if len(environments) > 1 {
			of = " of environment " + e.Name
		}
		said.environment(e, of)
		if e.Source == "" {
			continue
		}
		files, err := e.Repository.Tree(ctx, e.Commit, e.Source)
		if err != nil {
			return nil, fmt.Errorf("environment %s: source: %w", e.Name, err)
		}
		const short = 12 // digits
		said.say("source"+of, fmt.Sprintf("%s, files %.*s", e.Source, short, files))
	}
	settings := l.file.EngineSettings(p.Engine) // whose variables win
	said.say("command", strings.Join(privacy.Words(settings.Command), " "))
	said.say("arguments", strings.Join(privacy.Words(settings.Arguments), " "))
	said.variables(settings.Variables, "")
	return said, nil
}

// saying is what a lab says, by name.
type saying map[string]string

func (s saying) say(name, value string) {
	if value != "" {
		s[name] = value
	}
}

// set says what a measurement set starts.
func (s saying) set(set *result.Set) {
	for name, value := range privacy.Variables(set.Variables) {
		s["variable "+name+" of set "+set.Name] = value
	}
	for i := range set.Configurations {
		c := &set.Configurations[i]
		words := append([]string{models.Folder(c)}, privacy.Words(local.Arguments(c.Args))...)
		variables := slices.Sorted(slices.Values(pairs(privacy.Variables(c.Variables))))
		s["configuration "+c.ID] = strings.Join(append(words, variables...), " ")
		s.say("GPUs of configuration "+c.ID, string(c.GPU))
	}
	s.say("start of set "+set.Name, string(set.Start))
	if set.DropPageCache {
		s.say("page cache of set "+set.Name, "dropped before every run")
	}
}

func (s saying) variables(all map[string]string, of string) {
	for name, value := range privacy.Variables(all) {
		s["variable "+name+of] = value
	}
}

func (s saying) environment(e environment.Environment, of string) {
	s.say("environment"+of, e.Name)
	s.say("Python"+of, e.Python)
	s.say("interpreter"+of, e.Interpreter)
	s.say("packages"+of, strings.Join(e.Packages, ", "))
	s.say("packages without requirements"+of, strings.Join(e.NoDeps, ", "))
	s.say("overrides"+of, strings.Join(e.Overrides, ", "))
	s.say("package index"+of, e.Index)
	s.say("check"+of, e.Check)
	s.variables(e.Variables, of)
	for name, value := range privacy.Variables(e.BuildVariables) {
		s["build variable "+name+of] = value
	}
}
