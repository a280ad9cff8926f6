// Package segment cuts a start-up into segments that add up to its time to ready
// exactly.
//
// The cuts are moments that every vLLM release from 0.10 on prints at its default log
// level. If a moment is not known, the two segments that it would separate are one,
// under both names.
package segment

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"
)

// The names of the segments, in order. Each ends where the next one begins.
const (
	ProcessStart   = iota // from the process's exec to vLLM's first stamp
	FrontEnd              // to "Initializing a V1 LLM engine"
	WorkerSetup           // to "Starting to load model"
	ModelLoading          // to "Model loading took"
	ProfileCompile        // to the size of the KV cache
	CaptureWarmup         // to "init engine … took"
	ServingSetup          // to ready
	FirstToken            // to the first token of the first request
	Count
)

var names = [Count]string{
	"process_start", "front_end", "worker_setup", "model_loading", "profile_compile", "capture_warmup",
	"serving_setup", "first_token",
}

// Name is the name of a segment by its number, such as "front_end".
func Name(segment int) string { return names[segment] }

// Names are the names of all segments, in order.
func Names() []string { return slices.Clone(names[:]) }

// A Moment is a time on any clock; all of one start-up are on the same.
type Moment struct {
	At    time.Duration
	Known bool
}

// Moments are the begin of each segment, and behind them the first token. Moments[FrontEnd]
// and Moments[FirstToken], which is ready, are always known.
type Moments [Count + 1]Moment

// A Segment is one part of a start-up.
type Segment struct {
	Name  string        // two names and more are joined by "+"
	Begin time.Duration // on the clock of the moments
	Time  time.Duration
	Parts []Part
	of    [Count]bool
}

// A Part is a known part of a segment, in seconds. The parts of a segment do not overlap.
type Part struct {
	Name    string
	Seconds float64
	At      Span // if it is known when the part began and ended
}

// Rest is the name of the part of a segment that no other part covers.
const Rest = "rest"

// Segments are all of one start-up, in order.
type Segments []Segment

// Known is a part that is known of the segment with a number.
type Known struct {
	Of int
	Part
}

// Cut makes the segments with their known parts. A moment that lies before an earlier
// one, or behind ready, is taken as not known.
//
// The front end and the serving setup are absent if they have no length: a log that begins
// with the engine's first line does not tell of what came before, and one that no line
// says is ready ends with the last line that is known.
//
// A part is not longer than what is left of its segment: vLLM rounds some quantities to
// whole seconds. What no part covers is the segment's rest.
func Cut(m Moments, known []Known) Segments {
	all := make(Segments, 0, Count)
	begin := FrontEnd
	if m[ProcessStart].Known {
		begin = ProcessStart
	}
	open := Segment{Begin: m[begin].At}
	from := open.Begin
	for i := begin; i < Count; i++ {
		open.of[i] = true
		end := m[i+1]
		late := i < FirstToken && end.At > m[FirstToken].At
		if !end.Known || end.At < from || late {
			if i+1 != FirstToken {
				continue
			}
			end.At = max(from, m[FirstToken].At)
		}
		open.Name, open.Time = open.name(), end.At-from
		if open.Time > 0 || !open.of[FrontEnd] && !open.of[ServingSetup] {
			all = append(all, open)
		}
		open, from = Segment{Begin: end.At}, end.At
		if i+1 == FirstToken && !m[Count].Known {
			break
		}
	}
	parts := make([]Part, 0, len(known)+len(all))
	for i := range all {
		parts = all[i].fill(known, parts)
	}
	return all
}

// leastRest, in seconds, is the shortest rest that is told: stamps have milliseconds.
const leastRest = 0.0005

// fill gives the segment its parts, which are added to those of other segments.
func (s *Segment) fill(known []Known, parts []Part) []Part {
	first, left := len(parts), s.Seconds()
	for i := range known {
		k := &known[i]
		if seconds := min(k.Seconds, left); s.of[k.Of] && seconds > 0 {
			parts = append(parts, Part{k.Name, seconds, k.At})
			left -= seconds
		}
	}
	lineUp(spansOf(parts[first:]), s.At())
	if len(parts) > first && left > leastRest {
		parts = append(parts, Part{Name: Rest, Seconds: left})
	}
	s.Parts = parts[first:len(parts):len(parts)]
	return parts
}

func (s *Segment) name() (name string) {
	for i, is := range s.of {
		switch {
		case !is:
		case name == "":
			name = names[i]
		default:
			name += "+" + names[i]
		}
	}
	return name
}

// First is the first of the segments that are one.
func (s *Segment) First() int { return slices.Index(s.of[:], true) }

// FirstName is its name.
func (s *Segment) FirstName() string { return names[s.First()] }

// Unnamed is the time that no part covers, in seconds. A segment without parts counts as
// a whole, but not process_start and first_token, of which no engine tells parts.
func (s Segments) Unnamed() (seconds float64) {
	for i := range s {
		switch last := len(s[i].Parts) - 1; {
		case s[i].of[ProcessStart] || s[i].of[FirstToken]:
		case last < 0:
			seconds += s[i].Seconds()
		case s[i].Parts[last].Name == Rest:
			seconds += s[i].Parts[last].Seconds
		}
	}
	return seconds
}

// Named is the time of the segment or part of a name, in seconds.
func (s Segments) Named(name string) (seconds float64, known bool) {
	for i := range s {
		if s[i].Name == name {
			return s[i].Seconds(), true
		}
		for _, part := range s[i].Parts {
			if part.Name == name {
				return part.Seconds, true
			}
		}
	}
	return 0, false
}

// At is the segment's span.
func (s *Segment) At() Span { return Span{s.Begin, s.Begin + s.Time} }

// Seconds is the segment's time in seconds.
func (s *Segment) Seconds() float64 { return seconds(s.Time) }

// seconds are exact in their decimals, which Duration.Seconds is not.
func seconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1e6 }

// ToReady is the time to ready, in seconds: the sum of all segments but first_token.
func (s Segments) ToReady() float64 {
	var sum time.Duration
	for i := range s {
		if !s[i].of[FirstToken] {
			sum += s[i].Time
		}
	}
	return seconds(sum)
}

// MarshalJSON writes an object, name to seconds, in order.
func (s Segments) MarshalJSON() ([]byte, error) {
	return object(len(s), func(i int) (string, any) { return s[i].Name, s[i].Seconds() })
}

// Parts are the parts of segments. In JSON they are an object of those with parts.
type Parts Segments

// IsZero tells whether no segment has parts.
func (p Parts) IsZero() bool {
	return !slices.ContainsFunc(p, func(s Segment) bool { return len(s.Parts) > 0 })
}

// MarshalJSON writes an object of objects, in order.
func (p Parts) MarshalJSON() ([]byte, error) {
	var some []Segment
	for _, s := range p {
		if len(s.Parts) > 0 {
			some = append(some, s)
		}
	}
	return object(len(some), func(i int) (string, any) { return some[i].Name, parts(some[i].Parts) })
}

type parts []Part

func (p parts) MarshalJSON() ([]byte, error) {
	return object(len(p), func(i int) (string, any) { return p[i].Name, math.Round(p[i].Seconds*1e6) / 1e6 })
}

// object writes a JSON object in the order of its fields.
func object(fields int, field func(i int) (name string, value any)) ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i := range fields {
		name, value := field(i)
		text, err := json.Marshal(value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%q:%s", name, text)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
