package phase

import (
	"cmp"
	"slices"
	"strings"

	"coldstart/reports/segment"
)

// Processes are those of one start-up, by the names that its log gives them. A log of a
// single process has no names.
type Processes struct {
	FrontEnd string   // empty: it has no name
	Engines  []string // with names
	Workers  []Worker // that load and compile for the engine, or for one of several
}

// A Worker is a process with its own segments: each from the begin of its first known part
// to the end of its last one.
type Worker struct {
	Name     string
	Segments segment.Segments
}

// lanes are the processes of the start-up.
func (s *settling) lanes() (all Processes) {
	for _, p := range s.processes {
		switch {
		case p.key == "":
		case p.begun:
			all.Engines = append(all.Engines, p.label())
		case p.answered && all.FrontEnd == "":
			all.FrontEnd = p.label()
		}
	}
	for _, p := range s.processes {
		if p.key == "" || p.answered || p.begun && len(all.Engines) == 1 {
			continue
		}
		if own := s.own(p); len(own) > 0 {
			all.Workers = append(all.Workers, Worker{p.label(), own})
		}
	}
	slices.SortStableFunc(all.Workers, byRank)
	return all
}

// byRank has Worker_TP2 before Worker_TP10.
func byRank(a, b Worker) int {
	one, _, _ := strings.Cut(a.Name, " ")
	two, _, _ := strings.Cut(b.Name, " ")
	return cmp.Or(cmp.Compare(len(one), len(two)), cmp.Compare(one, two))
}

// of is what follows from the lines of one process alone.
func (s *settling) of(p *process) settling {
	own := settling{attempt: s.attempt, clock: s.clock, first: s.first}
	var latest [count]int
	for i := range p.readings {
		own.count(&p.readings[i], &latest)
	}
	own.moments(p.when)
	return own
}

// own are the segments that follow from what a process itself printed.
func (s *settling) own(p *process) segment.Segments {
	own := s.of(p)
	var wholes [segment.Count]segment.Span
	if seconds, ok := own.log.Times.Get(ModelLoading); ok {
		wholes[segment.ModelLoading] = own.upTo(own.statedAt[ModelLoading], seconds)
	} else {
		wholes[segment.ModelLoading] = own.between(weightsSought, queueJoined)
	}
	if whole := own.told[profiling]; whole.is {
		wholes[segment.ProfileCompile] = own.upTo(whole.end, whole.seconds)
	}
	compiling := s.warmsUpIn()
	if at := own.between(warmUpBegun, warmUpDone); at.Known() {
		wholes[compiling] = at
	}
	return segment.Around(wholes, own.parts(compiling))
}
