package phase

import "bytes"

// opening is what the last line of vLLM's own logger began with, up to its whole second, if
// its level is below ERROR. Most lines begin like the one before, and need no reading:
//
//	DEBUG 02-09 16:09:51
//	(EngineCore_0 pid=98) DEBUG 02-09 16:09:51
type opening struct {
	text  [longestOpening]byte
	bytes int // of text; 0: there was no such line
	stamp stamp
}

// longestOpening is the length of the longest opening, in bytes.
const longestOpening = longestPrefix + stampBytes

// read recognises nearly all lines of vLLM's own logger whose level is below ERROR, faster
// than listen, and returns their first stamp and the index behind it, or 0.
func (o *opening) read(line []byte) (s stamp, end int, quiet bool) {
	if len(line) < longestPrefix {
		return stamp{}, 0, false // listen is fast enough for short ones
	}
	if o.bytes > 0 && bytes.HasPrefix(line, o.text[:o.bytes]) {
		s = o.stamp
		ms, n := milliseconds(line[o.bytes:])
		s.ms += ms
		return s, o.bytes + n, true
	}
	level := quietLevel(line)
	if level == 0 {
		return stamp{}, 0, false
	}
	s, end, _ = findStamp(line)
	if whole := level + stampBytes; decides(line[:level]) && (end == whole || end == whole+len(".mmm")) {
		o.bytes, o.stamp = copy(o.text[:], line[:whole]), s.whole()
	}
	return s, end, true
}

// decides tells whether quietLevel finds the same in all lines with this begin: there is
// nothing before the level, or the bracket that it looks for.
func decides(begin []byte) bool {
	return len(begin) <= len("DEBUG ") || bytes.IndexByte(begin, ')') >= 0
}

// isColoured tells whether nothing but a colour is before a bracket: other text, such as
// "[rank0]: " and "api-1  | ", may name a process or a container.
func isColoured(begin []byte) bool {
	open := bytes.IndexByte(begin, '(')
	return open > 0 && bytes.IndexByte(begin[:open], ' ') < 0
}

// quietLevel is the index behind the level of a record of vLLM, if that is DEBUG or INFO, or 0.
func quietLevel(line []byte) int {
	at := 0
	if c := line[0]; c == '(' || c == '[' || c == 0x1b {
		at = bytes.IndexByte(line[:longestPrefix], ')') + 1
		if at == 0 || c != '(' && !isColoured(line[:at]) {
			return 0
		}
		for at < longestPrefix && line[at] != ' ' { // a colour
			at++
		}
		at++
	}
	switch {
	case at > longestPrefix-len("DEBUG MM-"):
		return 0
	case string(line[at:at+5]) == "INFO " && line[at+7] == '-':
		return at + 5
	case string(line[at:at+6]) == "DEBUG " && line[at+8] == '-':
		return at + 6
	}
	return 0
}
