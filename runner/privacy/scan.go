package privacy

import (
	"bytes"
	"strings"
)

// A span is a secret's place in a line. It is known as one by what stands from its
// evidence on, which no cut of a long line may separate from it.
type span struct{ evidence, begin, end int }

// A scan finds the secrets of one line. It looks at the line from left to right and reads
// no byte more often than a fixed number of times.
type scan struct {
	line  []byte
	spans []span
	// floor is the end of what has been looked at: no name begins before it.
	floor int
	read  int // symbols, for a test
	// open is what goes on in the next line.
	open open
}

// secretsOf finds the secrets of a line, and what of them goes on in the next, behind
// what the lines before left open.
func secretsOf(line []byte, before open) *scan {
	s := &scan{line: line}
	s.floor = s.goOn(before)
	s.users()
	for i := stems.next(line, s.floor); i >= 0; i = stems.next(line, max(s.floor, i+1)) {
		s.floor = max(s.floor, s.at(i))
	}
	return s
}

// at looks at the stem at i, and tells up to where it looked; 0 if it is none.
func (s *scan) at(i int) (end int) {
	if end := shapeAt(s.line, i); end > 0 {
		return s.hide(i, i, end)
	}
	if bytes.HasPrefix(s.line[i:], []byte(keyBegins)) {
		return s.privateKey(i)
	}
	if end := s.login(i); end > 0 || !wordAt(s.line, i) {
		return end
	}
	begin, end := s.nameAround(i)
	n := nameOf(string(s.line[begin:end]))
	if n.kind == ordinary {
		return end
	}
	return s.named(n, begin, end)
}

func (s *scan) hide(evidence, begin, end int) (next int) {
	if begin < end {
		s.spans = append(s.spans, span{evidence, begin, end})
	}
	return end
}

// wordAt tells whether one of the secret words stands at i and ends there.
func wordAt(line []byte, i int) bool {
	for _, word := range stems.words[hashOf(line[i:])] {
		end := i + len(word)
		if end > len(line) || !strings.EqualFold(string(line[i:end]), word) {
			continue
		}
		if end < len(line) && line[end]|0x20 == 's' {
			end++
		}
		if end == len(line) || !isLetter(line[end]) || isUpper(line[end]) && isLower(line[end-1]) {
			return true
		}
	}
	return false
}

// nameAround is the name around i, without the rest of an escape before it.
func (s *scan) nameAround(i int) (begin, end int) {
	begin, end = i, i
	for begin > s.floor && inName(s.line[begin-1]) {
		begin--
	}
	if begin > s.floor && (s.line[begin-1] == '\\' || s.line[begin-1] == '%') {
		if _, width := s.symbol(begin - 1); width > 1 {
			begin = min(begin-1+width, i)
		}
	}
	for end < len(s.line) && inName(s.line[end]) {
		end++
	}
	for s.line[end-1] == '-' {
		end--
	}
	return begin, end
}

// hasPair tells whether a name and a separator stand at i: the next of several pairs.
func (s *scan) hasPair(i int) bool {
	const longest = 64
	i = s.spaces(i)
	begin := i
	for i < len(s.line) && i < begin+longest && inName(s.line[i]) {
		i++
	}
	if i == begin || i == len(s.line) {
		return false
	}
	c, _ := s.symbol(i)
	return c == '=' || c == ':'
}

// spaces skips spaces.
func (s *scan) spaces(i int) int {
	for i < len(s.line) {
		c, width := s.symbol(i)
		if !isSpace(c) || c == '\n' {
			break
		}
		i += width
	}
	return i
}

// symbol is the symbol at i.
func (s *scan) symbol(i int) (c byte, width int) {
	s.read++
	return symbol(s.line, i)
}

// peek is the symbol at i; a line ends in a newline.
func (s *scan) peek(i int) (c byte, width int) {
	if i >= len(s.line) {
		return '\n', 0
	}
	return s.symbol(i)
}
