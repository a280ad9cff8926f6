package result

import "slices"

// join adds the rest of another plan of the same session. A set or a figure gets the
// models of both plans.
func (p *Plan) join(other *Plan) {
	if p.Schema == 0 {
		*p = *other
		return
	}
	p.Nodes = joinBy(p.Nodes, other.Nodes, func(n Node) string { return n.Name }, nil)
	p.Models = joinBy(p.Models, other.Models, func(m Model) string { return m.Key }, nil)
	p.Sets = joinBy(p.Sets, other.Sets, func(s Set) string { return s.Name }, (*Set).join)
	p.Figures = joinBy(p.Figures, other.Figures, func(f Figure) string { return f.Name }, (*Figure).join)
	p.Cells = joinBy(p.Cells, other.Cells, func(c Cell) string { return c.ID }, nil)
}

func (s *Set) join(other *Set) {
	s.Configurations = interleave(s.Configurations, other.Configurations, func(c Configuration) string { return c.ID })
}

func (f *Figure) join(other *Figure) {
	f.Models = interleave(f.Models, other.Models, func(key string) string { return key })
}

// joinBy appends the items that are not there yet. It joins items that both lists have
// with both, unless that is nil. Neither list is changed.
func joinBy[T any](have, more []T, key func(T) string, both func(here, other *T)) []T {
	all := slices.Clone(have)
	for i := range more {
		at := slices.IndexFunc(all, func(h T) bool { return key(h) == key(more[i]) })
		switch {
		case at < 0:
			all = append(all, more[i])
		case both != nil:
			both(&all[at], &more[i])
		}
	}
	return all
}

// interleave adds the items that are not there yet, each after the item that it follows
// in its own list, so that lists in the same order stay so. Neither list is changed.
func interleave[T any](have, more []T, key func(T) string) []T {
	all := slices.Clone(have)
	place := func(item T) int {
		return slices.IndexFunc(all, func(h T) bool { return key(h) == key(item) })
	}
	next := len(all)
	if first := slices.IndexFunc(more, func(item T) bool { return place(item) >= 0 }); first >= 0 {
		next = place(more[first])
	}
	for _, item := range more {
		if at := place(item); at >= 0 {
			next = at + 1
			continue
		}
		all = slices.Insert(all, next, item)
		next++
	}
	return all
}
