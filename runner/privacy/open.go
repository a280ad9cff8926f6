package privacy

import "bytes"

// open is what a secret of several lines leaves open at the end of one.
type open struct {
	depth int  // of brackets: a pretty-printed list
	block bool // the value begins in the next line
	key   bool // a private key in PEM
}

// goOn hides what the lines before left open, and tells where the rest begins. Lines of
// other processes may stand between: what does not look as if it went on ends it.
func (s *scan) goOn(before open) (next int) {
	if before == (open{}) {
		return 0
	}
	begin, end := s.body(), s.lineEnd()
	text := s.line[min(begin, end):end]
	switch {
	case before.key:
		return s.keyGoesOn(begin, text)
	case len(text) == 0 || !isElement(text):
		return 0
	case before.depth > 0:
		end, s.open.depth = s.bracketEnd(begin, before.depth)
	case opens(text[0]):
		end, s.open.depth = s.bracketEnd(begin, 0)
	case isQuote(text[0]) && s.isPair(begin):
		return 0
	default:
		s.open.block = true
	}
	if isHarmless(s.line[begin:end], secret) {
		return end
	}
	return s.hide(begin, begin, end)
}

// body is where a line's text begins, behind a process's prefix: (EngineCore_0 pid=1).
func (s *scan) body() int {
	i := s.spaces(0)
	if i < len(s.line) && s.line[i] == '(' {
		if end := bytes.Index(s.line[i:], []byte(") ")); end >= 0 && bytes.Contains(s.line[i:i+end], []byte("pid=")) {
			return s.spaces(i + end + 1)
		}
	}
	return i
}

// isElement tells whether a line looks like an element of a list: in quotes or brackets,
// behind a dash, or one word.
func isElement(text []byte) bool {
	c := text[0]
	return isQuote(c) || opens(c) || closes(c) || bytes.HasPrefix(text, []byte("- ")) ||
		len(text) > 1 && c == 'b' && isQuote(text[1]) || bytes.IndexByte(text, ' ') < 0
}

// isPair tells whether a quoted name and a colon stand at i.
func (s *scan) isPair(i int) bool {
	c, width := s.symbol(i)
	end := s.quoteEnd(i+width, c, width)
	if end < 0 {
		return false
	}
	c, _ = s.peek(s.spaces(end))
	return c == ':'
}

// keyGoesOn hides a line of a private key: a last word in base 64, as long as PEM's lines
// are, or shorter if it stands alone.
func (s *scan) keyGoesOn(begin int, text []byte) (next int) {
	const line = 40
	if bytes.Contains(text, []byte(keyEnds)) {
		end, _ := s.keyEnd(begin)
		return s.hide(begin, begin, end)
	}
	words := bytes.Fields(text)
	if len(words) == 0 || bytes.Contains(text, []byte("Proc-Type:")) || bytes.Contains(text, []byte("DEK-Info:")) {
		s.open.key = true
		return 0
	}
	last := bytes.Trim(bytes.TrimSuffix(words[len(words)-1], []byte(`\n`)), `"',+\`)
	if bytes.IndexFunc(last, func(r rune) bool { return !isPlain(r) && r != '+' && r != '/' && r != '=' }) >= 0 ||
		len(last) < line && len(words) > 1 {
		return 0
	}
	s.open.key = true
	return s.hide(begin, s.lineEnd()-len(words[len(words)-1]), s.lineEnd())
}
