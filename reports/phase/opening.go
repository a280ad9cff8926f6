package phase

import (
	"bytes"
	"encoding/binary"
)

// opening is what the last lines of vLLM's own logger began with, if their level is below
// ERROR. Most lines have a process and a second that were read already:
//
//	DEBUG 02-09 16:09:51
//	(EngineCore_0 pid=98) DEBUG 02-09 16:09:51
type opening struct {
	process []byte // the last one in brackets, with what is before the level
	by      speaks // that process
	second  second // the last one
	stamp   stamp  // of second
	level   int    // index of the current line's level
}

// second is the text of a stamp up to its whole second, as numbers: they compare faster.
type second [2]uint64

func secondOf(text []byte) second {
	return second{binary.LittleEndian.Uint64(text), binary.LittleEndian.Uint64(text[stampBytes-8:])}
}

// read recognises nearly all lines of vLLM's own logger whose level is below ERROR, faster
// than listen, and returns their first stamp and the index behind it, or 0.
func (o *opening) read(line []byte) (s stamp, end int, quiet bool) {
	if len(line) < longestPrefix {
		return stamp{}, 0, false // listen is fast enough for short ones
	}
	o.level = 0
	if c := line[0]; c == '(' || c == '[' || c == 0x1b {
		if len(o.process) == 0 || !bytes.HasPrefix(line, o.process) {
			o.learn(line)
		}
		o.level = len(o.process)
	}
	level := quietLevel(line[o.level:longestPrefix])
	if level == 0 {
		return stamp{}, 0, false
	}
	begin := o.level + level
	whole := begin + stampBytes
	if whole <= len(line) && secondOf(line[begin:whole]) == o.second {
		ms, n := milliseconds(line[whole:])
		s = o.stamp
		s.ms += ms
		return s, whole + n, true
	}
	s, end, _ = findStamp(line)
	if end == whole || end == whole+len(".mmm") {
		o.second, o.stamp = secondOf(line[begin:whole]), s.whole()
	}
	return s, end, true
}

// learn reads the process that a line begins with, unless it holds the line's first stamp.
func (o *opening) learn(line []byte) {
	process := line[:processLength(line)]
	if _, _, stamped := findStamp(process); stamped || len(process) == 0 {
		o.process = o.process[:0]
		return
	}
	o.process = append(o.process[:0], process...)
	o.by = speaks{number: o.by.number + 1}
	o.by.read(o.process, &utterance{})
}

// names tells which process printed a record of the current line. It is false if the record's
// head may name another one than the begin of the line.
func (o *opening) names(head []byte) (s speaks, ok bool) {
	switch {
	case len(head) < o.level, bytes.IndexByte(head[o.level:], '(') >= 0:
		return speaks{}, false
	case o.level == 0:
		return speaks{}, true
	}
	return o.by, true
}

// processLength is the length of the process in brackets that a line begins with, with its
// colours and the space behind it, or 0.
func processLength(line []byte) int {
	n := bytes.IndexByte(line[:longestPrefix], ')') + 1
	if n == 0 || line[0] != '(' && !isColoured(line[:n]) {
		return 0
	}
	for n < longestPrefix && line[n] != ' ' { // a colour
		n++
	}
	return min(n+1, longestPrefix)
}

// isColoured tells whether nothing but a colour is before a bracket: other text, such as
// "[rank0]: " and "api-1  | ", may name a process or a container.
func isColoured(begin []byte) bool {
	open := bytes.IndexByte(begin, '(')
	return open > 0 && bytes.IndexByte(begin[:open], ' ') < 0
}

// quietLevel is the length of the level that a record of vLLM begins with, if that is DEBUG
// or INFO, or 0.
func quietLevel(record []byte) int {
	switch {
	case len(record) < len("DEBUG MM-"):
		return 0
	case string(record[:5]) == "INFO " && record[7] == '-':
		return 5
	case string(record[:6]) == "DEBUG " && record[8] == '-':
		return 6
	}
	return 0
}
