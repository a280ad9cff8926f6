package history

import (
	"cmp"
	"maps"
	"slices"

	"coldstart/reports/phase"
	"coldstart/reports/stat"
)

// Series are the records of one configuration on one node, in order.
type Series struct {
	Key
	Records []*Record `json:"records"`
	Lines   []Line    `json:"lines"` // the whole start-up first, then the phases in their order
	Marks   []Mark    `json:"marks"` // where the environment changed
}

// Line is one phase of a series. Records that lack the phase are not in it.
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
	for _, name := range s.phases(whole) {
		line := Line{Phase: name, Whole: name == whole, records: s.Records, marks: s.Marks}
		line.At, line.Seconds = make([]int, 0, len(s.Records)), make([]float64, 0, len(s.Records))
		for i, record := range s.Records {
			if mean, has := record.Phases[name]; has {
				line.At, line.Seconds = append(line.At, i), append(line.Seconds, mean.Seconds)
			}
		}
		line.search()
		s.Lines = append(s.Lines, line)
	}
}

// phases are the names of all phases, in order.
func (s *Series) phases(whole string) []string {
	names := map[string]bool{}
	for _, record := range s.Records {
		for name := range record.Phases {
			names[name] = true
		}
	}
	rank := func(name string) int {
		if name == whole {
			return -1
		}
		if p, err := phase.Parse(name); err == nil {
			return int(p)
		}
		return 1000 // of a later release; by name
	}
	return slices.SortedFunc(maps.Keys(names), func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
	})
}

// Shown are the lines that a picture shows: the whole start-up, and the phases that are long
// enough to be told, without other names of the whole.
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
