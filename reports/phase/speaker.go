package phase

import "bytes"

// speaker is a process and the state of its exceptions.
type speaker struct {
	name      string
	tracing   bool   // a traceback is open
	indent    int    // of the traceback's first line; the last line has no more
	failed    bool   // the process said that it failed to start
	aside     bool   // the next exception does not end the process
	chained   bool   // the next exception follows from the last one
	last      weight // of the last exception
	leads     bool   // the last exception is the cause so far
	assertion []byte // the last assert among the open traceback's source lines
	relay     string // name of the last exception, if it is Ray's for one of another process
}

// announcements are the first words of lines that tell the kind of the next exception:
// vLLM's, from 0.8 to 0.32, and Python's.
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

// weigh is the weight of the exception whose name is the first name bytes of a line.
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

// rayTask begins Ray's name for an exception of another process. Its message is that
// process's traceback.
const rayTask = "ray.exceptions.RayTaskError("

// raised updates the state after an exception was weighed.
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

// refersElsewhere tells whether an exception only says that another process of vLLM
// failed.
func refersElsewhere(text []byte) bool {
	return bytes.Contains(text, []byte("root cause")) || bytes.Contains(text, []byte("Engine core initialization failed"))
}

// isStop tells whether an exception is raised to end a process from outside.
func isStop(name []byte) bool {
	switch string(lastPart(name)) {
	case "KeyboardInterrupt", "SystemExit", "CancelledError":
		return true
	}
	return false
}

// exceptionName is the length of the dotted name that text begins with, if a message
// follows or the text ends, as in "ValueError: …", "AssertionError" and
// "RayTaskError(OSError): …"; or 0.
func exceptionName(text []byte) int {
	if !isLetter(text[0]) && text[0] != '_' {
		return 0
	}
	n := 1
	for n < len(text) && n < longestCause && isNamed(text[n]) {
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

// looksRaised tells whether a name that ends a traceback is an exception's: it names a
// module, or has capital and small letters.
func looksRaised(name []byte) bool {
	part := lastPart(name)
	return len(part) < len(name) || isCapital(part) && !bytes.Equal(part, bytes.ToUpper(part))
}

// namesOne tells whether the first name bytes of a line outside tracebacks are the name
// of an exception.
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

// lastPart is a dotted name without its modules.
func lastPart(name []byte) []byte { return name[bytes.LastIndexByte(name, '.')+1:] }

func isCapital(word []byte) bool { return len(word) > 0 && word[0]-'A' < 26 }
