package phase

import (
	"bytes"
	"fmt"
)

// longestCause bounds what is kept of an exception's text.
const longestCause = 300

// parser gathers what the lines of one log tell.
type parser struct {
	log   Log
	lines *lines

	first, last stamp
	stamped     int // lines, counted
	seen        [moments]stamp
	happened    [moments]bool

	memoryProfiling    float64
	hasMemoryProfiling bool
	hasCompileTotal    bool
}

// read takes one line. It allocates nothing unless the line says something.
func (p *parser) read(line []byte) {
	if s, _, ok := findStamp(line); ok {
		if p.stamped == 0 {
			p.first = s
		}
		p.last = s
		p.stamped++
	}
	p.message(line, 0)
	for start := 0; ; {
		i := bytes.IndexByte(line[start:], ']')
		if i < 0 {
			return
		}
		start += i + 1
		p.message(line, start)
	}
}

// message looks at what begins at line[start:], behind spaces, colours and the
// mark of the artifact's own lines.
func (p *parser) message(line []byte, start int) {
	text := bytes.TrimPrefix(skipColour(line[start:]), []byte("NEW: "))
	if len(text) == 0 {
		return
	}
	for _, m := range messagesByLetter[text[0]] {
		if v, ok := m.match(text); ok {
			p.take(m, v, line[:start])
			return
		}
	}
	if p.log.Cause == "" && isException(text) {
		p.log.Cause = string(text[:min(len(text), longestCause)])
	}
}

// skipColour passes over spaces and ANSI colour sequences, "ESC [ … m".
func skipColour(text []byte) []byte {
	for len(text) > 0 {
		switch {
		case text[0] == ' ':
			text = text[1:]
		case len(text) > 1 && text[0] == 0x1b && text[1] == '[':
			end := bytes.IndexByte(text, 'm')
			if end < 0 {
				return nil
			}
			text = text[end+1:]
		default:
			return text
		}
	}
	return text
}

// isException tells whether text is how Python names an uncaught exception, such
// as "ValueError: …" or "torch.OutOfMemoryError: …".
func isException(text []byte) bool {
	n := 0
	for n < len(text) && (text[n] == '.' || text[n] == '_' || 'a' <= text[n]|0x20 && text[n]|0x20 <= 'z') {
		n++
	}
	return n < len(text) && text[n] == ':' && (bytes.HasSuffix(text[:n], []byte("Error")) || bytes.HasSuffix(text[:n], []byte("Exception")))
}

// take records what a message tells. head is the line before it, with the
// record's stamp.
func (p *parser) take(m *message, v values, head []byte) {
	switch m.tells {
	case aPhase:
		p.log.Times.Set(m.phase, v.seconds)
		p.log.Reached = m.phase.String()
		if v.gib > 0 {
			p.log.Weights = v.gib
		}
	case aMoment:
		p.mark(m.at, head)
	case aRelease:
		if p.log.Release != string(v.release) {
			p.log.Release = string(v.release)
		}
	case memoryProfil:
		p.memoryProfiling, p.hasMemoryProfiling = v.seconds, true
		p.log.Reached = "memory profiling"
	case compileTotal:
		p.hasCompileTotal = true
	}
}

// mark closes the spans that end at a moment and opens those that begin there.
func (p *parser) mark(at moment, head []byte) {
	s, ok := lastStamp(head)
	if !ok {
		return
	}
	for _, span := range spans {
		if span.to == at && p.happened[span.from] {
			p.setSpan(span.phase, p.seen[span.from], s)
			p.log.Reached = span.phase.String()
		}
	}
	p.seen[at], p.happened[at] = s, true
}

// setSpan makes a phase of the time between two stamps. The clock of a start-up
// runs forward; where it does not, the span is nobody's to know.
func (p *parser) setSpan(phase Phase, from, to stamp) {
	seconds := to.since(from)
	if seconds < 0 {
		p.warn(p.lines.number, "the clock went back %.3f s during %v, which is left out", -seconds, phase)
		return
	}
	p.log.Times.Set(phase, seconds)
}

func (p *parser) warn(line int, format string, args ...any) {
	place := fmt.Sprintf("%s:%d: ", p.log.Name, line)
	p.log.Warnings = append(p.log.Warnings, place+fmt.Sprintf(format, args...))
}

// finish works out what only the whole log tells.
func (p *parser) finish() Log {
	p.log.Lines = p.lines.number
	for _, number := range p.lines.cut {
		p.warn(number, "the line is longer than %d bytes; the rest of it was passed over", longestLine)
	}
	switch {
	case p.stamped > 1:
		p.setSpan(ActualTotalTime, p.first, p.last)
	case p.stamped == 0 && p.log.Lines > 0:
		p.warn(p.log.Lines, "no line begins with a time stamp (MM-DD HH:MM:SS); phases between two stamps are left out")
	}
	p.derive()
	p.log.Complete = p.log.Times.Has(InitEngine) || p.log.Times.Has(InitializeEngine)
	return p.log
}
