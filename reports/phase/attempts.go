package phase

import (
	"fmt"
	"strings"
)

// An Attempt is one start-up of a log with several.
type Attempt struct {
	Line     int     `json:"line"` // where it begins
	Complete bool    `json:"complete"`
	Reached  string  `json:"reached,omitempty"` // the last phase or moment
	Cause    string  `json:"error,omitempty"`   // the exception that ended it
	Seconds  float64 `json:"seconds,omitempty"` // from its first stamp to ready or to its last
}

// mostAttempts is how many earlier attempts are kept; all are counted.
const mostAttempts = 1000

// stageOf is the stage that a row's message begins.
func stageOf(m *message) stage {
	switch {
	case m.tells == aRelease && m.at == engineBegun:
		return building
	case m.tells == aRelease, m.tells == aConfig && m.engine != vLLM:
		return answering
	case m.tells == aMoment && (m.at == platformSought || m.at == platformDetected):
		return importing
	}
	return nowhere
}

// begins decides whether a message begins another start-up:
//
//   - The last one came up or failed, and the message is of a stage that it had reached.
//     Imports alone do not tell, since spawned processes import, too.
//   - A process repeats the line that it prints once.
//   - Another process of the same name prints it, and the first one is silent from then
//     on: it was killed. If it is not, both are parts of one start-up.
func (p *parser) begins(e *event, head []byte) {
	to := messages[e.row].stage
	if p.next != nil && p.doubtful && to < answering && p.now.knows(&e.by, p.before) {
		p.next, p.doubtful = nil, false
	}
	if to == nowhere || !p.follows(e, head) {
		return
	}
	a := p.now
	failed := a.cause.weight >= named
	over := a.closed || a.isLoaded() || failed && (to <= a.at || a.cause.weight >= ended)
	switch {
	case over && to == importing:
		p.prepare(e, false)
	case over && (p.next != nil || to <= a.at || a.closed || a.isLoaded()):
		p.turn(e)
	case to == importing || to > a.at:
		p.next = nil
	case a.repeats(e, to):
		p.turn(e)
	case a.hasNamesake(e, to):
		p.prepare(e, true)
	}
	p.now.comes(to, e.row)
	if p.next != nil {
		p.next.comes(to, e.row)
	}
}

// comes takes note of a stage, and of the engine whose row is the first that names one.
func (a *attempt) comes(to stage, row int) {
	if a.at < answering && to >= answering {
		a.engine = messages[row].engine
	}
	a.at = max(a.at, to)
}

// follows tells whether a message can begin a start-up: behind one that came up, a request
// may quote a log. That one's stamps are older, or its message is not the line's first.
func (p *parser) follows(e *event, head []byte) bool {
	a := p.now
	if !a.closed && !a.isLoaded() || p.clock.own+p.clock.prefix == 0 {
		return true
	}
	switch {
	case !p.isFirst(head):
		return false
	case e.hasOwn && a.whole.own.lines > 0:
		return e.own.millisecondsSince(a.whole.own.last) >= 0
	case e.hasPrefix && a.whole.prefix.lines > 0:
		return e.prefix.millisecondsSince(a.whole.prefix.last) >= 0
	}
	return false
}

// prepare opens an attempt that may turn out to be one.
func (p *parser) prepare(e *event, doubtful bool) {
	if p.next == nil {
		p.next, p.doubtful, p.before = newAttempt(p.name, e.line), doubtful, len(p.now.processes)
	}
}

// turn goes on to the next attempt.
func (p *parser) turn(e *event) {
	p.prepare(e, false)
	p.pastAll++
	if len(p.past) < mostAttempts {
		p.past = append(p.past, p.now.summary(&p.clock))
	}
	p.now.free()
	p.now, p.next, p.doubtful = p.next, nil, false
}

// end decides about the attempt that was open at the end of the log.
func (p *parser) end() {
	if p.next != nil && (p.doubtful || !p.now.closed && !p.now.isLoaded() && p.next.at > importing) {
		p.turn(&event{})
	}
}

// repeats tells whether the process of a message had printed such a line before, or
// whether one without a name has and got on from there.
func (a *attempt) repeats(e *event, to stage) bool {
	if len(e.by.key) == 0 {
		return to == answering || a.seen[modelStarted].known()
	}
	for _, p := range a.processes {
		if p.is(&e.by) && (to == building && p.begun || to == answering && p.answered) {
			return true
		}
	}
	return false
}

// hasNamesake tells whether another process of the same name and container printed such
// a line.
func (a *attempt) hasNamesake(e *event, to stage) bool {
	for _, p := range a.processes {
		if p.key != "" && p.name == string(e.by.name) && p.source == string(e.by.source) &&
			(to == building && p.begun || to == answering && p.answered) {
			return true
		}
	}
	return false
}

// summary is how an attempt ended.
func (a *attempt) summary(c *clock) Attempt {
	s := Attempt{Line: a.line, Complete: a.cameUp(), Reached: a.reached}
	if !s.Complete {
		s.Cause = a.cause.text()
	}
	if stamps := c.counted(a.whole.own, a.whole.prefix); stamps.lines > 1 {
		s.Seconds = stamps.last.since(stamps.first)
	}
	return s
}

// mostTold bounds the attempts that one warning names.
const mostTold = 3

// pastText tells the attempts before the last one.
func (p *parser) pastText() string {
	var told []string
	for _, a := range p.past[max(0, len(p.past)-mostTold):] {
		told = append(told, a.text())
	}
	if more := p.pastAll - len(told); more > 0 {
		told = append([]string{fmt.Sprintf("%d more", more)}, told...)
	}
	return strings.Join(told, "; ")
}

func (a *Attempt) text() string {
	switch {
	case a.Complete:
		return fmt.Sprintf("line %d: one that came up", a.Line)
	case a.Cause != "":
		return fmt.Sprintf("line %d: one that failed after %s: %s", a.Line, orNothing(a.Reached), a.Cause)
	}
	return fmt.Sprintf("line %d: one that ended after %s", a.Line, orNothing(a.Reached))
}

func orNothing(reached string) string {
	if reached == "" {
		return "no phase"
	}
	return reached
}
