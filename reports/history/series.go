package history

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/segment"
	"coldstart/reports/stat"
)

// Series are the records of one configuration on one node, in order.
type Series struct {
	Key
	Records []*Record `json:"records"`
	Lines   []Line    `json:"lines"`           // the whole start-up first, then segments and phases in their order
	Marks   []Mark    `json:"marks,omitempty"` // where the environment changed
}

// Line is one phase or segment of a series. Records that lack it are not in it.
type Line struct {
	Phase   string    `json:"phase"`
	Whole   bool      `json:"whole,omitempty"` // the phase is the whole start-up
	At      []int     `json:"-"`               // in the series's records
	Seconds []float64 `json:"-"`
	Clean   []float64 `json:"-"` // Seconds with outliers replaced
	Changes []Change  `json:"changes"`
	records []*Record // of the series
	marks   []Mark    // of the series
}

// Change is a place where the level of a line changes.
type Change struct {
	At     int     `json:"-"`      // the first value of the new level, in the line
	Commit string  `json:"commit"` // of that value
	Before float64 `json:"before"` // mean of the level without outliers, seconds
	After  float64 `json:"after"`  // likewise
}

// Share is the change as a share of the level before it.
func (c Change) Share() float64 { return c.After/c.Before - 1 }

// Mark is a record that was measured in another environment than the one before it.
type Mark struct {
	At      int      `json:"-"` // in the series's records
	Commit  string   `json:"commit"`
	Differs []string `json:"differs,omitempty"` // in words, what matters most first; empty if the lines do not say
}

// Series are the series of a history, in the order of their names.
func (h *History) Series() (all []*Series) {
	of := map[Key]*Series{}
	for i := range h.Records {
		record := &h.Records[i]
		s := of[record.Key]
		if s == nil {
			s = &Series{Key: record.Key}
			of[record.Key], all = s, append(all, s)
		}
		s.Records = append(s.Records, record)
	}
	slices.SortStableFunc(all, func(a, b *Series) int { return cmp.Compare(a.String(), b.String()) })
	for _, s := range all {
		s.mark(h.facts)
		s.draw()
	}
	return all
}

// Measured are the series that have what a plan measures.
func Measured(all []*Series, plan *result.Plan) (measured []*Series) {
	for _, s := range all {
		if slices.ContainsFunc(plan.Cells, func(c result.Cell) bool { return s.of(plan, &c) }) {
			measured = append(measured, s)
		}
	}
	return measured
}

// of tells whether a cell of a plan measures the series.
func (k Key) of(plan *result.Plan, cell *result.Cell) bool {
	set := plan.Set(cell.Set)
	return set != nil && k.Node == cell.Node && k.GPU == string(cell.GPU) && k.Engine == plan.Engine &&
		k.Start == set.Start && k.Set == set.Name && slices.ContainsFunc(set.Configurations,
		func(c result.Configuration) bool { return k.Configuration == c.ID })
}

// mark finds where the environment changed.
func (s *Series) mark(known map[string]facts) {
	for i := 1; i < len(s.Records); i++ {
		a, b := s.Records[i-1].Environment, s.Records[i].Environment
		if a == b {
			continue
		}
		mark := Mark{At: i, Commit: s.Records[i].Commit}
		if known[a] != nil && known[b] != nil {
			mark.Differs = differences(known[a], known[b])
		}
		s.Marks = append(s.Marks, mark)
	}
}

// draw makes the lines, and finds their changes.
func (s *Series) draw() {
	whole := s.Records[len(s.Records)-1].Whole
	for _, name := range s.names(whole) {
		line := Line{Phase: name, Whole: name == whole, records: s.Records, marks: s.Marks}
		line.At, line.Seconds = make([]int, 0, len(s.Records)), make([]float64, 0, len(s.Records))
		segment := s.hasSegment(name)
		for i, record := range s.Records {
			means := record.Phases
			if segment {
				means = record.Segments
			}
			if mean, has := means[name]; has {
				line.At, line.Seconds = append(line.At, i), append(line.Seconds, mean.Seconds)
			}
		}
		line.search()
		s.Lines = append(s.Lines, line)
	}
}

// hasSegment tells whether a name is that of a segment. A phase of the same name, as
// model_loading is, covers another span, and is left out.
func (s *Series) hasSegment(name string) bool {
	return slices.ContainsFunc(s.Records, func(r *Record) bool { return r.Segments[name].Runs > 0 })
}

// names are those of all segments and phases, in order, with the whole first.
func (s *Series) names(whole string) []string {
	ranks := map[string]int{}
	for _, record := range s.Records {
		for name := range record.Phases {
			ranks[name] = phaseRank(name)
		}
	}
	for _, record := range s.Records {
		for name := range record.Segments {
			first, _, _ := strings.Cut(name, "+")
			ranks[name] = slices.Index(segment.Names(), first)
		}
	}
	if _, known := ranks[whole]; known {
		ranks[whole] = -2
	}
	return slices.SortedFunc(maps.Keys(ranks), func(a, b string) int {
		return cmp.Or(cmp.Compare(ranks[a], ranks[b]), cmp.Compare(a, b))
	})
}

// phaseRank puts phases in their order behind all segments, and those of later releases, by
// their names, at the end.
func phaseRank(name string) int {
	const segments, phases = 100, 1000
	if p, err := phase.Parse(name); err == nil {
		return segments + int(p)
	}
	return phases
}

// Shown are the lines to show: the whole start-up, and the phases that are long enough to be
// told, without other names of the whole.
func (s *Series) Shown() (lines []*Line) {
	for i := range s.Lines {
		l := &s.Lines[i]
		p, err := phase.Parse(l.Phase)
		whole := err == nil && p.IsWhole()
		if l.Whole || !whole && stat.Summarize(l.Seconds).Mean >= stat.Telling {
			lines = append(lines, l)
		}
	}
	return lines
}

// search finds the changes of the line, whose phase has none if it is too short to be told
// from its own rounding.
func (l *Line) search() {
	l.Clean, l.Changes = withoutOutliers(l.Seconds), []Change{}
	if len(l.Seconds) < 2*shortest || stat.Summarize(l.Seconds).Mean < stat.Telling {
		return
	}
	places := divide(l.Clean)
	for i, at := range places {
		from, to := 0, len(l.Clean)
		if i > 0 {
			from = places[i-1]
		}
		if i+1 < len(places) {
			to = places[i+1]
		}
		c := Change{
			At: at, Commit: l.record(at).Commit,
			Before: stat.Summarize(l.Clean[from:at]).Mean, After: stat.Summarize(l.Clean[at:to]).Mean,
		}
		if c.Before > 0 {
			l.Changes = append(l.Changes, c)
		}
	}
}

// record is that of a value.
func (l *Line) record(i int) *Record { return l.records[l.At[i]] }
