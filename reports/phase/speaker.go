package phase

import "bytes"

// speaker is a process, and what it has said of exceptions so far.
type speaker struct {
	name      string
	tracing   bool   // a traceback is open
	indent    int    // of its first line; the last has no more
	failed    bool   // the process said that it failed to start
	aside     bool   // the exception to come ends nothing
	chained   bool   // the exception to come is what became of the last one
	last      weight // of the last exception
	leads     bool   // the last exception is the cause so far
	assertion []byte // the last assert among the open traceback's source lines
	relay     string // name of the last exception, if it is Ray's for one of another process
}

// announcements are lines that say of what kind the exception to come is, by their
// first words: vLLM's, from 0.8 to 0.32, and Python's.
var announcements = []struct {
	words string
	to    func(*speaker)
}{
	{"EngineCore failed to start", (*speaker).fails},
	{"EngineCore hit an exception", (*speaker).fails},
	{"WorkerProc failed to start", (*speaker).fails},
	{"WorkerProc hit an exception", (*speaker).fails},
	{"Exception ignored in", (*speaker).turnsAside},
	{"Exception in thread", (*speaker).turnsAside},
	{"During handling of the above exception", (*speaker).goesOn},
	{"The above exception was the direct cause", (*speaker).goesOn},
}

func (s *speaker) fails()      { s.failed = true }
func (s *speaker) turnsAside() { s.aside = true }
func (s *speaker) goesOn()     { s.chained = true }

// begins begins a traceback.
func (s *speaker) begins(u *utterance) {
	s.tracing, s.indent, s.assertion = true, u.indent, s.assertion[:0]
}

// weigh weighs the exception that a line names by a name of that length.
func (s *speaker) weigh(u *utterance, name int) weight {
	switch {
	case s.aside, s.chained && s.last == nothing:
		return nothing
	case refersElsewhere(u.text):
		return refers
	case isStop(u.text[:name]):
		return stopped
	case s.failed, s.chained && s.last == root:
		return root
	case s.tracing && !u.loud:
		return ended
	}
	return named
}

// rayTask begins Ray's name for an exception of another process, which it prints with
// its own traceback as the message.
const rayTask = "ray.exceptions.RayTaskError("

// raised is called once an exception is weighed.
func (s *speaker) raised(text []byte, w weight) {
	s.failed, s.aside, s.last, s.assertion = false, false, w, s.assertion[:0]
	name, _, _ := bytes.Cut(text, []byte(":"))
	if s.relay = ""; bytes.HasPrefix(name, []byte(rayTask)) {
		s.relay = string(name[:min(len(name), longestPrefix)])
	}
	s.tracing, s.chained = s.tracing && s.relay != "", s.relay != ""
}

// relayed is the text of an exception with the name under which Ray relayed it.
func (s *speaker) relayed(text []byte) []byte {
	if s.relay == "" {
		return text
	}
	return append([]byte(s.relay+": "), text...)
}

// refersElsewhere tells of exceptions by which vLLM's processes tell each other that
// one of them failed.
func refersElsewhere(text []byte) bool {
	return bytes.Contains(text, []byte("root cause")) || bytes.Contains(text, []byte("Engine core initialization failed"))
}

// isStop tells of exceptions that somebody raises who ends a process.
func isStop(name []byte) bool {
	switch string(lastPart(name)) {
	case "KeyboardInterrupt", "SystemExit", "CancelledError":
		return true
	}
	return false
}

// exceptionName is the length of the dotted name that text begins with, if a message
// or nothing follows it, as in "ValueError: …", "AssertionError" and
// "RayTaskError(OSError): …"; or 0.
func exceptionName(text []byte) int {
	if !isLetter(text[0]) && text[0] != '_' {
		return 0
	}
	n := 1
	for n < len(text) && n < longestCause && (isLetter(text[n]) || isDigit(text[n]) || text[n] == '.' || text[n] == '_') {
		n++
	}
	end := n
	if end < len(text) && text[end] == '(' {
		end += bytes.IndexByte(text[end:min(len(text), end+longestPrefix)], ')') + 1
	}
	if end < len(text) && text[end] != ':' {
		return 0
	}
	return n
}

// looksRaised tells whether a name that ends a traceback is an exception's: most have
// a capital and small letters, and those of modules need not.
func looksRaised(name []byte) bool {
	part := lastPart(name)
	return len(part) < len(name) || isCapital(part) && !bytes.Equal(part, bytes.ToUpper(part))
}

// namesOne tells whether a line outside of tracebacks names an exception by a name of
// that length.
func (u *utterance) namesOne(name int) bool {
	word, bare := u.text[:name], name == len(u.text)
	part := lastPart(word)
	switch {
	case bytes.HasSuffix(word, []byte("Error")), bytes.HasSuffix(word, []byte("Exception")):
		return !bare || u.loud
	case isStop(word):
		return true
	}
	return u.loud && !bare && len(part) < len(word) && isCapital(part) && !bytes.HasSuffix(part, []byte("Warning"))
}

// lastPart is a name without those of its modules.
func lastPart(name []byte) []byte { return name[bytes.LastIndexByte(name, '.')+1:] }

func isCapital(word []byte) bool { return len(word) > 0 && word[0]-'A' < 26 }
