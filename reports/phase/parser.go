package phase

import (
	"bytes"
	"fmt"
)

// parser reads the lines of one log.
type parser struct {
	name  string
	lines *lines
	clock clock

	now      *attempt // the start-up that the lines belong to
	next     *attempt // one that may have begun since; nil: none
	doubtful bool     // next is given up if a process of now speaks again
	before   int      // processes of now when next began
	past     []Attempt
	pastAll  int
	servers  servers
	scratch  scratch
	opening  opening

	at       instant // of the current line
	stamped  bool    // it has a stamp of vLLM
	stampEnd int     // index behind the first one
}

func newParser(name string, l *lines) parser {
	return parser{name: name, lines: l, now: newAttempt(name, 1)}
}

// read reads one line. It allocates only for a line with a message of the table.
func (p *parser) read(line []byte) {
	p.servers.beyond = nil
	if own, end, quiet := p.opening.read(line); quiet {
		p.hearAt(line, &quietLine, own, end, end > 0)
		return
	}
	u := listen(line)
	if u.source != nil {
		p.servers.read(p, line, u)
	}
	p.record(line, &u)
}

// record reads a line whose prefixes are known, and which may be JSON.
func (p *parser) record(line []byte, u *utterance) {
	if len(u.text) > 0 && u.text[0] == '{' && p.object(line[len(line[:min(len(line), longestSaid)])-len(u.text):], u) {
		return
	}
	p.hear(line, u)
}

// quietLine is what opening tells of a line.
var quietLine = utterance{quiet: true}

// hear reads a line whose prefixes are known and which is not JSON.
func (p *parser) hear(line []byte, u *utterance) {
	own, end, found := findStamp(line)
	p.hearAt(line, u, own, end, found)
}

// hearAt reads a line whose first stamp is found, and ends before line[end].
func (p *parser) hearAt(line []byte, u *utterance, own stamp, end int, found bool) {
	at := &p.at
	at.own, at.hasOwn, at.hasPrefix = own, found, false
	at.fromPrefix(u)
	p.stamped, p.stampEnd = found, end
	p.clock.ownFine = p.clock.ownFine || found && hasMilliseconds(line[:end])
	p.messages(line, u)
	p.clock.add(at)
	p.now.hear(at, line)
	if p.next != nil {
		p.next.hear(at, line)
	}
	if !u.quiet {
		if !p.now.closed {
			p.now.cause.read(*u)
		}
		if p.next != nil {
			p.next.cause.read(*u)
		}
	}
	p.clock.prefixFine = p.clock.prefixFine || u.dates > 0 && u.date[0].fine
}

// fromPrefix adds the dates of a line's prefix. If there are two and no stamp of vLLM,
// the inner one is the record's own.
func (i *instant) fromPrefix(u *utterance) {
	if u.dates == 0 {
		return
	}
	i.prefix, i.hasPrefix = u.date[0].stamp, true
	if !i.hasOwn && u.dates > 1 {
		i.own, i.hasOwn = u.date[1].stamp, true
	}
}

// mostMessages limits the places of a line where a message may begin. vLLM's own
// lines have at most three brackets before their message.
const mostMessages = 32

// messages reads the messages that begin at the start of a line, behind one of its first
// brackets, or behind its prefixes.
func (p *parser) messages(line []byte, u *utterance) {
	found := false
	if !u.quiet || len(u.text) > 0 { // a record of vLLM's own form begins with its level
		found = p.message(line, 0, u)
	}
	last := 0
	for n := 1; n < mostMessages; n++ {
		i := bytes.IndexByte(line[last:], ']')
		if i < 0 {
			break
		}
		last += i + 1
		found = p.message(line, last, u) || found
	}
	if !found && len(u.text) > 0 && len(u.text) < len(line) {
		p.wrapped(line, u)
	}
}

// wrapped reads the message behind the prefixes of another logger or, if that has a form
// that is not known, behind one of the first signs that end a prefix.
func (p *parser) wrapped(line []byte, u *utterance) {
	heard := line[:min(len(line), longestSaid)]
	start := len(heard) - len(u.text)
	if p.message(heard, start, u) || u.dates == 0 && !u.levelled() {
		return
	}
	for n := 0; n < mostSigns; n++ {
		i := bytes.IndexAny(heard[start:], ":-|>")
		if i < 0 {
			return
		}
		if start += i + 1; start < len(heard) && heard[start] == ' ' && p.message(heard, start, u) {
			return
		}
	}
}

// mostSigns limits the signs of a line behind which a message may begin.
const mostSigns = 16

// message reads the message at line[start:], behind spaces, colours and the mark of
// the artifact's own lines. It tells whether there is one.
func (p *parser) message(line []byte, start int, u *utterance) (found bool) {
	text := line[start:]
	if len(text) > 0 && text[0] == ' ' { // most have one space
		text = text[1:]
	}
	if len(text) > 0 && text[0] <= ' ' {
		text, _ = skipBlank(text)
	}
	if len(text) > 0 && text[0] == 'N' {
		text = bytes.TrimPrefix(text, []byte("NEW: "))
	}
	if len(text) < shortestLead {
		return false
	}
	for _, row := range candidates[leadKey(text)] {
		if m := &messages[row]; m.leads(text) {
			e := event{row: row}
			if m.match(text, &e.values) {
				p.take(&e, line[:start], u)
				found = true
			}
		}
	}
	return found
}

// take records an event, unless the start-up is over and no other can begin with it. head
// is the line before the message, with the record's stamp.
func (p *parser) take(e *event, head []byte, u *utterance) {
	m := &messages[e.row]
	if p.now.closed && p.next == nil && m.stage == nowhere {
		return
	}
	e.line = p.lines.number
	e.by = p.speaks(head, u)
	if process := engines[m.engine].process; process != nil {
		key := process(head)
		e.by = speaks{source: e.by.source, key: key, name: key}
	}
	if p.stamped && p.stampEnd <= len(head) {
		e.own, e.hasOwn = p.at.own, true
		if last, ok := lastStamp(head[p.stampEnd:]); ok { // a line with two records
			e.own = last
		}
	}
	e.fromPrefix(u)
	p.servers.note(m)
	p.begins(e, head)
	p.now.take(e)
	if p.next != nil {
		p.next.take(e)
	}
}

// speaks names the process that printed a record.
func (p *parser) speaks(head []byte, u *utterance) (s speaks) {
	if u == &quietLine {
		if s, ok := p.opening.names(head); ok {
			return s
		}
	}
	s.read(head, u)
	return s
}

// longestHead is more than the length of a record's head behind its stamp, in bytes.
const longestHead = 128

// isFirst tells whether a message is its line's first, and not one that a request quotes.
func (p *parser) isFirst(head []byte) bool {
	if p.stamped && p.stampEnd <= len(head) {
		head = head[p.stampEnd:]
	}
	return len(head) < longestHead && bytes.Count(head, []byte("]")) <= mostBrackets
}

// mostBrackets is the number of brackets of a head in any form, behind its stamp.
const mostBrackets = 3

// finish computes the values that depend on the whole log. It ends the use of the parser.
func (p *parser) finish() Log {
	p.end()
	a := p.now
	log := a.settle(p.clock, p.lines.number)
	log.Name, log.Stamps = p.name, p.clock.counted(a.whole.own, a.whole.prefix)
	log.Begin, log.Attempts = a.line, p.past
	log.WholeSeconds = p.clock.wholeSeconds()
	log.Servers = p.servers.logs()
	log.Warnings = p.warnings(log.Lines)
	a.free()
	return log
}

// warnings are those of the whole log and of the attempt that counts.
func (p *parser) warnings(lines int) []string {
	var w warnings
	for _, number := range p.lines.cut {
		w.add(p.name, number, "the line is longer than %d bytes; the rest of it is ignored", longestLine)
	}
	w.join(&p.now.warnings)
	if p.clock.own+p.clock.prefix == 0 && lines > 0 {
		w.add(p.name, lines, "no line begins with a time stamp (MM-DD HH:MM:SS); phases between two stamps are left out")
	}
	if p.pastAll > 0 {
		w.add(p.name, p.now.line, "the start-up that counts begins here; before it, %s", p.pastText())
	}
	if n := len(p.servers.own()) + p.servers.left(); n > 1 {
		w.add(p.name, lines, "the lines are of %d servers; the times are of all of them together", n)
	}
	if left := w.all - mostWarnings; left > 0 {
		w.kept = append(w.kept, fmt.Sprintf("%s: warnings left out: %d", p.name, left))
	}
	return w.kept
}
