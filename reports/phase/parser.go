package phase

import (
	"bytes"
	"fmt"
)

// parser reads the lines of one log.
type parser struct {
	log   Log
	lines *lines
	cause causes

	all, up  Stamps // of the log, and until the launcher's line
	seen     [moments]stamp
	happened [moments]bool

	readings    []reading        // by row of the table; the release decides which rows count
	taken       int              // number of readings
	held        [moments]held    // repeated spans, by their end
	told        [quantities]told // set by settle
	warned      int              // number of warnings
	releaseLine int              // number of the line that named the release
	cameUp      bool             // the engine came up before the current line
	late        bool             // the release is lateLogging or newer
	finely      bool             // some stamp has milliseconds
	detected    int              // platforms detected since the front end configured its scheduler
}

func newParser(name string, l *lines) parser {
	return parser{log: Log{Name: name}, lines: l, readings: make([]reading, len(messages))}
}

// told is a quantity that a message stated.
type told struct {
	seconds float64
	is      bool
}

// reading is the quantity that a row's latest message stated.
type reading struct {
	seconds float64
	order   int // among all readings, from 1; 0: none
}

// held is a repeated span of a second process. It counts only if that process turns
// out to be the front end of a second attempt in the same log, and not a process
// that the front end started.
type held struct {
	row     int
	seconds float64
	is      bool
}

// read reads one line. It allocates only for a line with a message of the table.
func (p *parser) read(line []byte) {
	p.messages(line)
	p.cause.read(line)
	if s, end, ok := findStamp(line); ok {
		p.all.add(s)
		p.finely = p.finely || hasMilliseconds(line[:end])
	}
}

// mostMessages limits the places of a line where a message may begin. vLLM's own
// lines have at most three brackets before their message.
const mostMessages = 32

// messages reads the messages that begin at the start of a line or behind one of its
// first brackets.
func (p *parser) messages(line []byte) {
	p.message(line, 0)
	for start, n := 0, 1; n < mostMessages; n++ {
		i := bytes.IndexByte(line[start:], ']')
		if i < 0 {
			return
		}
		start += i + 1
		p.message(line, start)
	}
}

// message reads the message at line[start:], behind spaces, colours and the mark of
// the artifact's own lines.
func (p *parser) message(line []byte, start int) {
	text, _ := skipBlank(line[start:])
	text = bytes.TrimPrefix(text, []byte("NEW: "))
	if len(text) == 0 {
		return
	}
	rows := candidates[text[0]]
	for i := range rows {
		if c := &rows[i]; c.fits(text) {
			if v, ok := messages[c.row].match(text); ok {
				p.take(c.row, v, line[:start])
			}
		}
	}
}

// take records the fields of a row's message. head is the line before the message,
// with the record's stamp.
func (p *parser) take(row int, v values, head []byte) {
	m := &messages[row]
	switch m.tells {
	case aMoment:
		p.noteStart(m.at)
		p.mark(row, head)
		return
	case aConfig:
		p.log.Setup.Config = Config(bytes.TrimSpace(v.text))
		return
	case anAttention:
		p.log.Setup.Attention = shortened(v.text)
		return
	case aSampler:
		p.log.Setup.Sampler = shortened(v.text)
		return
	case aRelease:
		if p.cameUp && p.log.Second == 0 {
			p.log.Second = p.lines.number
		}
		if p.log.Release != string(v.text) {
			p.log.Release, p.releaseLine = string(v.text), p.lines.number
		}
		return
	case aPhase:
		p.log.Reached = m.phase.String()
		if v.gib > 0 {
			p.log.Weights = v.gib
		}
		if m.phase == InitializeEngine {
			p.up = p.all // what follows is the shutdown, also on the same line
			if s, _, ok := findStamp(head); ok {
				p.up.add(s)
			}
		}
		p.cameUp = p.cameUp || m.phase == InitEngine || m.phase == InitializeEngine
	case profiling:
		p.log.Reached = "memory profiling"
	}
	p.note(row, v.seconds)
}

// noteStart tells a forked engine process from a spawned one, which imports vLLM again
// and so detects its platform, between the front end's scheduler and its own first line.
func (p *parser) noteStart(at moment) {
	switch at {
	case schedulerConfigured:
		p.detected = 0
	case platformDetected:
		p.detected++
	case engineReady:
		switch {
		case !p.happened[schedulerConfigured]:
		case p.detected > 0:
			p.log.Setup.Start = Spawned
		default:
			p.log.Setup.Start = Forked
		}
	}
}

func (p *parser) note(row int, seconds float64) {
	p.taken++
	p.readings[row] = reading{seconds, p.taken}
}

// mark closes the span that ends at a row's moment, and opens the spans that begin
// there.
func (p *parser) mark(row int, head []byte) {
	s, ok := lastStamp(head)
	if !ok {
		return
	}
	at := messages[row].at
	if at == schedulerConfigured {
		p.settleFrontEnd()
	}
	if span := spanTo[at]; span != nil && p.happened[span.from] {
		p.closeSpan(row, span, s)
	}
	p.seen[at], p.happened[at] = s, true
}

// closeSpan takes the time between the moments of a span as the reading of the
// row that ends it.
func (p *parser) closeSpan(row int, span *span, end stamp) {
	seconds, ok := p.between(p.seen[span.from], end, span.phase)
	switch {
	case !ok:
	case span.repeated && p.readings[row].order > 0:
		p.held[span.to] = held{row, seconds, true}
	default:
		p.note(row, seconds)
		p.log.Reached = span.phase.String()
	}
}

// settleFrontEnd counts the held spans: only a front end configures a scheduler.
func (p *parser) settleFrontEnd() {
	for i, h := range p.held {
		if h.is {
			p.note(h.row, h.seconds)
			p.held[i] = held{}
		}
	}
}

// between is the time between two stamps. It is not known if the clock was set back.
func (p *parser) between(from, to stamp, phase Phase) (seconds float64, ok bool) {
	seconds = to.since(from)
	if seconds < 0 {
		p.warn(p.lines.number, "the clock went back %.3f s during %v; that phase is left out", -seconds, phase)
		return 0, false
	}
	return seconds, true
}

// mostWarnings bounds the warnings about one log.
const mostWarnings = 100

func (p *parser) warn(line int, format string, args ...any) {
	if p.warned++; p.warned > mostWarnings {
		return
	}
	place := fmt.Sprintf("%s:%d: ", p.log.Name, line)
	p.log.Warnings = append(p.log.Warnings, place+fmt.Sprintf(format, args...))
}

// finish computes the values that depend on the whole log.
func (p *parser) finish() Log {
	p.log.Lines, p.log.Cause = p.lines.number, p.cause.text()
	p.log.Stamps = p.all
	for _, number := range p.lines.cut {
		p.warn(number, "the line is longer than %d bytes; the rest of it is ignored", longestLine)
	}
	start := p.all
	if p.up.lines > 0 {
		start = p.up
	}
	switch {
	case start.lines > 1:
		if seconds, ok := p.between(start.first, start.last, ActualTotalTime); ok {
			p.log.Times.Set(ActualTotalTime, seconds)
		}
	case p.all.lines == 0 && p.log.Lines > 0:
		p.warn(p.log.Lines, "no line begins with a time stamp (MM-DD HH:MM:SS); phases between two stamps are left out")
	}
	p.settle()
	if p.late && p.log.Setup.Start == Forked {
		p.log.Setup.Start = "" // the lines that a spawned process would print are not logged
	}
	p.derive()
	if left := p.warned - mostWarnings; left > 0 {
		p.log.Warnings = append(p.log.Warnings, fmt.Sprintf("%s: %d more warnings are not kept", p.log.Name, left))
	}
	p.log.WholeSeconds = p.all.lines > 1 && !p.finely
	p.log.Complete = p.log.Second == 0 && p.log.Times.CameUp()
	return p.log
}

// settle turns the readings of rows that apply to the log's release into phases. The
// last reading of a phase counts. If the log names no release, all rows apply.
func (p *parser) settle() {
	release, known := parseRelease(p.log.Release)
	p.late = known && !release.less(lateLogging)
	switch {
	case p.log.Release == "":
	case !known:
		p.warn(p.releaseLine, "%q is not a vLLM release that coldstart knows; its phases may cover other spans",
			p.log.Release)
	case newest.less(release.minor()):
		p.warn(p.releaseLine,
			"vLLM %s is newer than %d.%d, the newest release that coldstart knows; its phases may cover other spans",
			p.log.Release, newest[0], newest[1])
	}
	var latest [count]int
	for row, r := range p.readings {
		m := &messages[row]
		if r.order == 0 || known && !m.applies(release) {
			continue
		}
		p.told[m.tells] = told{r.seconds, true}
		if phase, ok := m.phaseTold(); ok && r.order > latest[phase] {
			latest[phase] = r.order
			p.log.Times.Set(phase, r.seconds)
		}
	}
}
