// Package timeline lays the processes of one start-up out in time, for a chart, and writes
// what trace viewers open.
package timeline

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"coldstart/reports/phase"
	"coldstart/reports/segment"
)

// A Timeline has the lanes of one start-up. All times are on the clock of its segments,
// which began at Begin.
type Timeline struct {
	Log          string // its name
	Engine       string // with its release, if the log names one
	WholeSeconds bool   // the stamps are whole seconds: a moment is off by up to one
	Segments     segment.Segments
	Lanes        []Lane // with the same segments, and with those of workers

	Begin      time.Duration // of the process, or the log's first stamp
	FromExec   bool          // Begin is the process's
	Ready      time.Duration
	FirstToken time.Duration // of the first request; Ready if it is not known
}

// Title says when the engine was ready.
func (t *Timeline) Title() string {
	return fmt.Sprintf("%s, ready after %.1f s", t.Engine, (t.Ready - t.Begin).Seconds())
}

// A Lane is one process with its segments, in order of time.
type Lane struct {
	Name     string
	Segments segment.Segments
}

// Of lays a log's start-up out. The segments before the engine and behind it are those of
// the front end, and the others are the engine's; a worker's are its own. A log without
// segments, or with a single stamp, has no timeline.
func Of(log *phase.Log) (t *Timeline, ok bool) {
	if len(log.Segments) == 0 {
		return nil, false
	}
	first, last := &log.Segments[0], &log.Segments[len(log.Segments)-1]
	t = &Timeline{
		Log: log.Title(), Engine: strings.TrimSpace(log.Engine + " " + log.Release),
		WholeSeconds: log.WholeSeconds, Segments: log.Segments,
		Begin: first.Begin, FromExec: first.First() == segment.ProcessStart,
		Ready: last.At().To, FirstToken: last.At().To, Lanes: lanes(log),
	}
	if last.First() == segment.FirstToken {
		t.Ready = last.Begin
	}
	return t, t.Ready > t.Begin
}

func lanes(log *phase.Log) (lanes []Lane) {
	p := &log.Processes
	if len(p.Engines) == 0 {
		lanes = []Lane{{orElse(p.FrontEnd, log.Engine), log.Segments}}
	} else {
		engine := p.Engines[0]
		if n := len(p.Engines); n > 1 {
			engine = fmt.Sprintf("%d engines", n)
		}
		lanes = []Lane{
			{orElse(p.FrontEnd, "front end"), those(log.Segments, isFrontEnd)},
			{engine, those(log.Segments, func(s segment.Segment) bool { return !isFrontEnd(s) })},
		}
	}
	for _, w := range p.Workers {
		lanes = append(lanes, Lane(w))
	}
	return slices.DeleteFunc(lanes, func(l Lane) bool { return len(l.Segments) == 0 })
}

func isFrontEnd(s segment.Segment) bool {
	return s.First() <= segment.FrontEnd || s.First() >= segment.ServingSetup
}

func those(all segment.Segments, are func(segment.Segment) bool) (some segment.Segments) {
	for _, s := range all {
		if are(s) {
			some = append(some, s)
		}
	}
	return some
}

func orElse(name, other string) string {
	if name == "" {
		return other
	}
	return name
}
