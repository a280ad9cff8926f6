package phase

import (
	"fmt"
	"math"
	"slices"
	"sync"
)

// attempt is one start-up in a log, which may hold several: those that a restart policy
// or a person repeated.
type attempt struct {
	name string // of the log
	line int    // where it begins
	at   stage  // the furthest

	engine int // by whose rows it is read, in engines

	whole     extent // of its lines, up to ready
	when      []passed
	seen      [moments]seen // the latest in order of lines
	processes []*process    // the first is of the front end and of lines that name none
	last      *process      // that was found
	number    int           // by which it was found; see speaks
	held      []held        // repeated spans
	found     []occurrence  // of findings
	taken     int           // number of readings
	drafts    bool          // a drafter is loaded
	begun     bool          // an engine named its release
	answers   bool          // a server named its release
	from      bool          // "Starting to load model" was seen

	release     string
	releaseLine int
	weights     float64
	setup       Setup
	detected    int // platforms detected since the front end configured its scheduler
	reached     string
	reachedAt   instant
	closed      bool // it is ready, or serves: what follows does not count
	readied     bool // a line says that it is ready
	cause       causes
	warnings    warnings
}

// passed is the moment of a row: the latest, in order of time.
type passed struct {
	row int
	instant
}

// seen is a moment of a process.
type seen struct {
	instant
	by *process
}

// stage is how far a start-up came, by the lines that a second one begins with.
type stage uint8

const (
	nowhere   stage = iota
	importing       // vLLM is imported
	answering       // the server named its release
	building        // an engine named its release
)

// mostProcesses bounds the processes of a start-up that are read separately.
const mostProcesses = 256

// attempts are used again by later logs, as their processes are.
var attempts = sync.Pool{New: func() any { return new(attempt) }}

func newAttempt(name string, line int) *attempt {
	a := attempts.Get().(*attempt)
	a.name, a.line = name, line
	a.add(&speaks{})
	return a
}

// free gives an attempt back of which nothing is used any more.
func (a *attempt) free() {
	for _, p := range a.processes {
		p.free()
	}
	*a = attempt{processes: a.processes[:0], when: a.when[:0], held: a.held[:0], found: a.found[:0]}
	attempts.Put(a)
}

// process finds a process of the start-up, or adds it.
func (a *attempt) process(s *speaks) *process {
	if s.number == 0 || s.number != a.number {
		a.last, a.number = a.find(s), s.number
	}
	return a.last
}

func (a *attempt) find(s *speaks) *process {
	for _, p := range a.processes {
		if p.is(s) {
			if p.name != string(s.name) {
				p.name = string(s.name) // a worker learns its rank after its first lines
			}
			return p
		}
	}
	if len(a.processes) == mostProcesses {
		return a.processes[0]
	}
	return a.add(s)
}

func (a *attempt) add(s *speaks) *process {
	p := newProcess(s)
	a.processes = append(a.processes, p)
	return p
}

// knows tells whether a process is one of the first in the start-up.
func (a *attempt) knows(s *speaks, first int) bool {
	return len(s.key) > 0 && slices.ContainsFunc(a.processes[:first], func(p *process) bool { return p.is(s) })
}

// engines counts the engines that began and those that came up.
func (a *attempt) engines() (begun, up int) {
	for _, p := range a.processes {
		if p.begun {
			begun++
		}
		if p.up {
			up++
		}
	}
	return begun, up
}

// cameUp tells whether the server is ready or, if no line says so, whether all engines
// came up.
func (a *attempt) cameUp() bool {
	begun, up := a.engines()
	switch {
	case a.readied || a.closed:
		return true
	case a.answers && a.cause.weight >= ended && !a.seen[serverBegun].known() && !a.seen[routesTold].known():
		return false // the server failed behind its engine
	}
	return up > 0 && (up >= begun || a.cause.weight == nothing)
}

// serves tells whether an API server began, or says that it is ready.
func (a *attempt) serves() bool {
	return a.answers || a.readied || a.seen[serverBegun].known() || a.seen[routesTold].known()
}

// isLoaded tells whether all engines came up, so that what is loaded now is not part of
// the start-up.
func (a *attempt) isLoaded() bool {
	begun, up := a.engines()
	return up > 0 && up >= begun
}

// hear takes note of the stamps of a line.
func (a *attempt) hear(at *instant, line []byte) {
	if !a.closed {
		a.whole.add(at, line)
	}
}

// event is a message of the table in a log.
type event struct {
	row  int
	line int
	values
	instant
	by speaks
}

// take records the fields of a message.
func (a *attempt) take(e *event) {
	m := &messages[e.row]
	if m.engine != a.engine || a.closed || m.group != alone && m.group != comesUp && a.isLoaded() {
		return
	}
	by := a.process(&e.by)
	switch m.tells {
	case aMoment:
		a.noteStart(m.at)
		a.mark(e, by)
	case aConfig:
		a.setup.Config = configOf(e.text)
	case anAttention:
		a.setup.Attention = shortened(e.text)
	case aSampler:
		a.setup.Sampler = shortened(e.text)
	case aRelease:
		a.names(e, by)
	case aDrafter:
		a.drafts = true
	case aPhase:
		a.states(e, by)
	case inspecting:
		if !a.begun { // an engine finds what the front end has found
			a.note(e, by, reading{seconds: e.seconds, to: e.instant})
		}
	case aFinding:
		a.finds(e, by)
	case findingEnd:
		a.findingEnds(e, by)
	case aCount:
		by.count(e)
	case profiling:
		a.reaches("memory profiling", e)
		a.note(e, by, reading{seconds: e.seconds, to: e.instant})
	default:
		if e.gib > 0 {
			a.weights = e.gib
		}
		a.note(e, by, reading{seconds: e.seconds, to: e.instant})
	}
	if m.at != noMoment && m.tells != aMoment {
		a.passes(e, by)
	}
	if m.reached != "" {
		a.reaches(m.reached, e)
	}
	switch m.at {
	case serving:
		a.ready(&e.instant)
	case busy:
		a.closed = a.closed || a.cameUp()
	}
}

// states records a phase that a message states.
func (a *attempt) states(e *event, by *process) {
	m := &messages[e.row]
	a.reaches(m.phase.String(), e)
	if e.gib > 0 {
		a.weights = e.gib
	}
	by.up = by.up || m.phase == InitEngine
	a.note(e, by, reading{seconds: e.seconds, to: e.instant})
}

// names records the release, which an engine or its server names.
func (a *attempt) names(e *event, by *process) {
	if a.release != string(e.text) {
		a.release, a.releaseLine = string(e.text), e.line
	}
	if messages[e.row].at == engineBegun {
		by.begun, a.begun = true, true
		a.reaches("the first line of the engine", e)
		return
	}
	by.answered, a.answers = true, true
	a.reaches("the first line of the server", e)
}

// ready ends the start-up, unless one of several engines is still on its way.
func (a *attempt) ready(at *instant) {
	if begun, up := a.engines(); begun > 1 && up < begun {
		return
	}
	a.whole.add(at, a.whole.head[:])
	a.readied, a.closed = true, true
}

func (a *attempt) reaches(what string, e *event) {
	a.reached = what
	if e.known() {
		a.reachedAt = e.instant
	}
}

// note records a reading.
func (a *attempt) note(e *event, by *process, r reading) {
	if messages[e.row].group == alone {
		by = a.processes[0]
	}
	a.taken++
	r.row, r.order = e.row, a.taken
	last := by.reading(e.row)
	switch {
	case last == nil:
		by.readings = append(by.readings, r)
		return
	case a.drafts && messages[e.row].addedUp():
		r.drafter = last.drafter + r.seconds
		r.seconds = math.Round((r.seconds+last.seconds)*1e6) / 1e6
		r.to = instant{} // there is something between the two
	}
	*last = r
}

// noteStart tells a forked engine process from a spawned one, which imports vLLM again
// and so detects its platform, between the front end's scheduler and its own first line.
func (a *attempt) noteStart(at moment) {
	switch at {
	case schedulerConfigured:
		a.detected = 0
	case platformDetected:
		a.detected++
	case engineReady:
		switch {
		case !a.seen[schedulerConfigured].known():
		case a.detected > 0:
			a.setup.Start = Spawned
		default:
			a.setup.Start = Forked
		}
	}
}

// passes records the moment of a row. Of those that are passed again the first counts, and
// of the front end's none counts that an engine passes.
func (a *attempt) passes(e *event, by *process) {
	at := messages[e.row].at
	if !e.known() || at.isFrontEnd() && a.begun {
		return
	}
	a.when = pass(a.when, e)
	by.when = pass(by.when, e)
}

func pass(when []passed, e *event) []passed {
	for i := range when {
		if last := &when[i]; last.row == e.row {
			if !messages[e.row].at.isRepeated() && later(last.instant, e.instant) {
				last.instant = e.instant
			}
			return when
		}
	}
	return append(when, passed{e.row, e.instant})
}

func (at moment) isFrontEnd() bool { return at >= platformSought && at <= tokenizerLoaded }

func (at moment) isRepeated() bool {
	return at >= platformSought && at <= pluginsListed || at == engineIdle
}

// later tells whether the second of two instants is later, on a clock that has both.
func later(a, b instant) bool {
	if a.hasOwn && b.hasOwn {
		return b.own.millisecondsSince(a.own) >= 0
	}
	return a.hasPrefix && b.hasPrefix && b.prefix.millisecondsSince(a.prefix) >= 0
}

// mark closes the span that ends at a row's moment, and opens the spans that begin
// there.
func (a *attempt) mark(e *event, by *process) {
	m := &messages[e.row]
	if !e.known() {
		return
	}
	if m.at == modelStarted {
		if begins := m.lead == startsToLoad; !begins && a.from {
			return
		} else if begins {
			a.from = true
		}
		a.reaches("the start of loading the model", e)
	}
	if m.at == schedulerConfigured {
		a.settleFrontEnd(by)
	}
	if span := m.span; span != nil {
		if from := a.seen[span.from]; from.known() && (span.handed || by.mayBe(from.by)) {
			a.closeSpan(e, by, span, from.instant)
		}
	}
	a.seen[m.at] = seen{e.instant, by}
	a.passes(e, by)
}

// closeSpan takes the time between the moments of a span as the reading of the
// row that ends it.
func (a *attempt) closeSpan(e *event, by *process, span *span, from instant) {
	if from.hasOwn && e.hasOwn {
		if back := from.own.since(e.own); back > 0 {
			a.warnings.add(a.name, e.line, "the clock went back %.3f s during %v; that phase is left out", back, span.phase)
			return
		}
	}
	r := reading{row: e.row, spans: true, from: from, to: e.instant}
	if span.repeated && a.processes[0].reading(e.row) != nil {
		a.hold(held{r, by})
		return
	}
	a.note(e, by, r)
	a.reaches(span.phase.String(), e)
}

// held is a repeated span of a second process. It counts only if that process turns
// out to be the front end of a second attempt in the same log, and not a process
// that the front end started.
type held struct {
	reading
	by *process
}

func (a *attempt) hold(h held) {
	if i := slices.IndexFunc(a.held, func(other held) bool { return other.row == h.row }); i >= 0 {
		a.held[i] = h
		return
	}
	a.held = append(a.held, h)
}

// settleFrontEnd counts the held spans of a process: only a front end configures a
// scheduler.
func (a *attempt) settleFrontEnd(by *process) {
	a.held = slices.DeleteFunc(a.held, func(h held) bool {
		if by.mayBe(h.by) {
			a.note(&event{row: h.row}, by, h.reading)
			return true
		}
		return false
	})
}

// mostWarnings bounds the warnings about one log.
const mostWarnings = 100

// warnings are bounded, however odd a log is.
type warnings struct {
	kept []string
	all  int
}

func (w *warnings) add(name string, line int, format string, args ...any) {
	if w.all++; w.all > mostWarnings {
		return
	}
	w.kept = append(w.kept, fmt.Sprintf("%s:%d: ", name, line)+fmt.Sprintf(format, args...))
}

func (w *warnings) join(other *warnings) {
	w.kept = append(w.kept, other.kept[:min(len(other.kept), mostWarnings-min(len(w.kept), mostWarnings))]...)
	w.all += other.all
}
