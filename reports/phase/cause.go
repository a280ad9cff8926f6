package phase

import "bytes"

const (
	longestCause = 300      // bytes kept of an exception's text
	longestSaid  = 16 << 10 // bytes read of a line
	mostSpeakers = 64       // processes whose lines are read separately
	mostLines    = 8        // further lines of an exception's message
)

// weight is how near an exception is to the end of the start-up. The heaviest
// exception is the cause, and of equal ones the first.
type weight uint8

const (
	nothing weight = iota // ignored by Python, or raised in a side thread
	refers                // refers to the exception of another process
	stopped               // raised because somebody ended the process
	named                 // named by a record, or by a line without a traceback
	ended                 // ended a process, with a traceback
	root                  // follows the line of a process that failed to start
)

// causes finds the exception that ended a start-up, and keeps its message.
type causes struct {
	kept     []byte // name and message
	weight   weight // of the kept exception
	of       *speaker
	more     int // lines that may still belong to its message
	speakers []*speaker
}

// text is the cause; empty if the lines name none.
func (c *causes) text() string { return string(c.kept[:min(len(c.kept), longestCause)]) }

// read reads a line. It allocates only for a line that names an exception or begins a
// traceback.
func (c *causes) read(u utterance) {
	for n := 0; !u.quiet && len(u.text) > 0 && n < mostMessages && !c.take(&u); n++ {
		u = listen(ownPart(u.text))
	}
}

// ownPart is the part of a text that vLLM itself printed: the text after a progress
// bar, which has no end of line when another process prints, or the text from
// "(EngineCore pid=98)" on.
func ownPart(text []byte) []byte {
	if _, behind, is := bytes.Cut(text, []byte("it/s]")); is {
		return behind
	}
	i := bytes.Index(text, []byte("pid="))
	if open := bytes.LastIndexByte(text[:max(i, 0)], '('); open > 0 {
		return text[open:]
	}
	return nil
}

// take reads a text, and tells whether it belongs to a cause.
func (c *causes) take(u *utterance) bool {
	if c.announces(u) {
		c.more = 0
		return true
	}
	if c.more > 0 && c.of == c.find(u.speaker) {
		c.goOn(u.text)
		return true
	}
	if c.refuses(u) {
		return true
	}
	if name := exceptionName(u.text); name > 0 {
		return c.exception(u, name)
	}
	return c.asserts(u) || c.dies(u)
}

// refuses reads the line by which a program says what is wrong with its command line, as
// Python's argparse writes it: "vllm serve: error: unrecognized arguments: --x".
func (c *causes) refuses(u *utterance) bool {
	const longestProgram = 64
	program, _, is := bytes.Cut(u.text[:min(len(u.text), longestProgram)], []byte(": error: "))
	if !is || bytes.ContainsFunc(program, isNoName) {
		return false
	}
	if c.weight < named {
		c.keep(c.know(u.speaker), u.text, named)
	}
	return true
}

// isNoName reports that a letter cannot be one of a program and its command.
func isNoName(r rune) bool {
	return !(r == ' ' || r == '.' || r == '-' || r == '_' || '0' <= r && r <= '9' || 'a' <= r|0x20 && r|0x20 <= 'z')
}

// announces reads a line that announces an exception, begins a traceback, or both.
func (c *causes) announces(u *utterance) (is bool) {
	switch u.text[0] {
	case 'D', 'E', 'T', 'W': // the first letters of all of them
	default:
		return false
	}
	for i := range announcements {
		if bytes.HasPrefix(u.text, []byte(announcements[i].words)) {
			announcements[i].to(c.know(u.speaker))
			is = true
		}
	}
	if bytes.HasSuffix(u.text, []byte("Traceback (most recent call last):")) {
		c.know(u.speaker).begins(u)
		is = true
	}
	return is
}

// asserts keeps a traceback's source line, for an assertion without a message.
func (c *causes) asserts(u *utterance) bool {
	if !bytes.HasPrefix(u.text, []byte("assert ")) {
		return false
	}
	s := c.find(u.speaker)
	if s != nil {
		s.assertion = append(s.assertion[:0], u.text[:min(len(u.text), longestCause)]...)
	}
	return s != nil
}

// deaths are printed for a process that a signal ended, by Python's fault handler,
// PyTorch, C++ and the shell.
var deaths = []string{
	"Fatal Python error: ", "!!!!!!! Segfault encountered",
	"terminate called after throwing an instance of ", "Segmentation fault", "Bus error", "Aborted", "Killed",
}

func (c *causes) dies(u *utterance) bool {
	text := u.text
	if _, script, is := bytes.Cut(text, []byte(": line ")); is {
		text = bytes.TrimLeft(script, "0123456789: ") // as a shell says of a command in a script
	}
	for _, death := range deaths {
		if bytes.HasPrefix(text, []byte(death)) {
			if c.weight < ended {
				c.keep(c.know(u.speaker), text, ended)
			}
			return true
		}
	}
	return false
}

// exception reads a line whose first name bytes may be an exception's name, and tells
// whether they are.
func (c *causes) exception(u *utterance, name int) bool {
	s := c.find(u.speaker)
	if s != nil && s.tracing {
		if u.indent > s.indent || !looksRaised(u.text[:name]) {
			return false
		}
	} else if !u.namesOne(name) {
		return false
	}
	s = c.know(u.speaker)
	w := s.weigh(u, name)
	became := s.chained && s.leads && c.of == s && w == c.weight
	if s.leads = w > c.weight || became; s.leads {
		c.keep(s, s.relayed(u.text), w)
		if c.more == 0 && name == len(c.kept) && len(s.assertion) > 0 {
			c.kept = append(append(c.kept, ": "...), s.assertion...)
		}
	}
	s.raised(u.text, w)
	return true
}

// keep keeps the text of an exception, whose message may go on in the next lines.
func (c *causes) keep(s *speaker, text []byte, w weight) {
	text = bytes.TrimRight(text, " │┃")
	c.kept, c.weight, c.of, c.more = append(c.kept[:0], text[:min(len(text), longestCause)]...), w, s, 0
	switch {
	case bytes.Contains(text, []byte("ValidationError: ")): // pydantic's: the next lines name fields and mistakes
		c.more = mostLines
	case bytes.HasSuffix(text, []byte(":")):
		c.more = 1
	}
}

// goOn adds a line of a message, without pydantic's references.
func (c *causes) goOn(text []byte) {
	c.more--
	text, _, last := bytes.Cut(text, []byte(" [type="))
	if bytes.HasPrefix(text, []byte("For further information visit ")) {
		c.more = 0
		return
	}
	if end := c.kept[len(c.kept)-1]; end != ':' && end != '.' {
		c.kept = append(c.kept, ':')
	}
	c.kept = append(append(c.kept, ' '), text[:min(len(text), longestCause)]...)
	if last || len(c.kept) > longestCause {
		c.more = 0
	}
}

// find finds a known process by its name; nil if there is none.
func (c *causes) find(name []byte) *speaker {
	for _, s := range c.speakers {
		if s.name == string(name) {
			return s
		}
	}
	return nil
}

// know finds a process by its name, or adds it. Beyond mostSpeakers, it is the last one.
func (c *causes) know(name []byte) *speaker {
	if s := c.find(name); s != nil {
		return s
	}
	if len(c.speakers) == mostSpeakers {
		return c.speakers[mostSpeakers-1]
	}
	s := &speaker{name: string(name)}
	c.speakers = append(c.speakers, s)
	return s
}
