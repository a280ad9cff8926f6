package timeline

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"coldstart/reports/segment"
)

// event is one of a trace. Times are in microseconds.
type event struct {
	Name     string `json:"name"`
	Category string `json:"cat,omitempty"`
	Phase    string `json:"ph"`
	Time     int64  `json:"ts"`
	Duration int64  `json:"dur,omitempty"`
	Process  int    `json:"pid"`
	Thread   int    `json:"tid"`
	Scope    string `json:"s,omitempty"`
	Args     args   `json:"args,omitempty"`
}

type args map[string]any

// The phases of events.
const (
	metadata = "M"
	complete = "X" // a slice
	instant  = "i"
)

// writer collects events.
type writer struct {
	names, events []event
	numbers       int
}

// Trace writes start-ups in the trace event format, which ui.perfetto.dev and
// chrome://tracing open: https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
//
// A log is a process of the trace, and each of its processes is a thread, whose slices are
// the segments with their parts in them. Each log begins at 0.
func Trace(w io.Writer, all []*Timeline) error {
	var made writer
	for _, t := range all {
		made.add(t)
	}
	slices.SortStableFunc(made.events, func(a, b event) int {
		return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(b.Duration, a.Duration))
	})
	text := bytes.NewBufferString(`{"displayTimeUnit":"ms","traceEvents":[`)
	for i, e := range slices.Concat(made.names, made.events) {
		line, err := json.Marshal(e)
		if err != nil {
			return fmt.Errorf("%s: %w", e.Name, err)
		}
		if i > 0 {
			text.WriteByte(',')
		}
		text.WriteByte('\n')
		text.Write(line)
	}
	text.WriteString("\n]}\n")
	_, err := w.Write(text.Bytes())
	return err
}

// add adds a start-up.
func (w *writer) add(t *Timeline) {
	process := w.number()
	w.names = append(w.names,
		event{Name: "process_name", Phase: metadata, Process: process, Args: args{"name": t.Log}},
		event{Name: "process_labels", Phase: metadata, Process: process, Args: args{"labels": label(t)}},
		event{Name: "process_sort_index", Phase: metadata, Process: process, Args: args{"sort_index": process}})
	front := w.numbers + 1
	for _, l := range t.Lanes {
		thread := w.number()
		w.names = append(w.names,
			event{Name: "thread_name", Phase: metadata, Process: process, Thread: thread, Args: args{"name": l.Name}},
			event{Name: "thread_sort_index", Phase: metadata, Process: process, Thread: thread, Args: args{"sort_index": thread}})
		for i := range l.Segments {
			w.segment(&l.Segments[i], t.Begin, process, thread)
		}
	}
	w.mark("ready", t.Ready-t.Begin, process, front)
	if t.FirstToken > t.Ready {
		w.mark("first token", t.FirstToken-t.Begin, process, front)
	}
}

// number is one that no process and no thread has yet: some viewers take threads of one
// number for one.
func (w *writer) number() int {
	w.numbers++
	return w.numbers
}

// label is what a process is besides its name.
func label(t *Timeline) string {
	if t.WholeSeconds {
		return t.Title() + ", stamps in whole seconds"
	}
	return t.Title()
}

func (w *writer) mark(name string, at time.Duration, process, thread int) {
	w.events = append(w.events, event{
		Name: name, Phase: instant, Time: at.Microseconds(), Process: process, Thread: thread, Scope: "p",
	})
}

// segment adds a slice for a segment, and one in it for each part whose begin and end are
// known. The others are arguments of the segment's slice.
func (w *writer) segment(s *segment.Segment, zero time.Duration, process, thread int) {
	if !s.At().Known() {
		return
	}
	slice := func(name, category string, at segment.Span, known args) {
		from, to := (at.From - zero).Microseconds(), (at.To - zero).Microseconds()
		w.events = append(w.events, event{
			Name: name, Category: category, Phase: complete, Time: from, Duration: to - from,
			Process: process, Thread: thread, Args: known,
		})
	}
	unplaced := args{}
	for _, p := range s.Parts {
		if !p.At.Known() {
			unplaced[p.Name] = rounded(p.Seconds)
		}
	}
	known := args{"seconds": rounded(s.Seconds())}
	if len(unplaced) > 0 {
		known["unplaced"] = unplaced
	}
	slice(s.Name, "segment", s.At(), known)
	for _, p := range s.Parts {
		if p.At.Known() {
			slice(p.Name, "part", p.At, args{"seconds": rounded(p.Seconds)})
		}
	}
}

// rounded are seconds to the microsecond.
func rounded(seconds float64) float64 { return math.Round(seconds*1e6) / 1e6 }
