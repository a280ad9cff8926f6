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

// read reads the line's opening, faster than listen and findStamp, and returns its stamp
// and the index behind that.
func (o *opening) read(line []byte) (s stamp, end int, ok bool) {
	if len(line) < longestPrefix {
		return stamp{}, 0, false // listen is fast enough for short ones
	}
	if !o.isOf(line) && !o.renew(line) {
		return stamp{}, 0, false
	}
	s = o.stamp
	ms, n := milliseconds(line[o.bytes:])
	s.ms += ms
	return s, o.bytes + n, true
}

func (o *opening) isOf(line []byte) bool {
	return o.bytes > 0 && bytes.HasPrefix(line, o.text[:o.bytes])
}

// renew takes the opening of a line. It is false if the line's stamp does not follow its
// level, or is not its first.
func (o *opening) renew(line []byte) bool {
	at := quietLevel(line)
	if at == 0 || len(line) < at+stampBytes || bytes.IndexByte(line[:at], ':') >= 0 {
		return false
	}
	s, ok := wholeStamp(line[at:])
	if !ok {
		return false
	}
	o.bytes, o.stamp = copy(o.text[:], line[:at+stampBytes]), s
	return true
}

// quietLevel is the index behind the level of a record of vLLM, if that is DEBUG or INFO, or 0.
func quietLevel(line []byte) int {
	at := 0
	if c := line[0]; c == '(' || c == '[' || c == 0x1b {
		at = bytes.IndexByte(line[:longestPrefix], ')') + 1
		for at < longestPrefix && line[at] != ' ' { // a colour
			at++
		}
		at++
	}
	switch {
	case at > longestPrefix-len("DEBUG "):
		return 0
	case string(line[at:at+5]) == "INFO ":
		return at + 5
	case string(line[at:at+6]) == "DEBUG ":
		return at + 6
	}
	return 0
}
