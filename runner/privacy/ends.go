package privacy

import "bytes"

// valueEnd is where the value at p ends. What of it goes on in the next line is kept.
func (s *scan) valueEnd(n name, p place) int {
	if p.quote != 0 {
		if end := s.quoteEnd(p.begin, p.quote, p.quoteLen); end >= 0 {
			return end - p.quoteLen
		}
	}
	i := s.prefix(p.begin)
	switch c, _ := s.peek(i); {
	case opens(c):
		end, depth := s.bracketEnd(i, 0)
		s.open.depth = depth
		return end
	case isQuote(c):
	case n.kind == header || n.kind == cookie:
		return s.headerEnd(p.begin)
	case c == '|' || c == '>':
		_, after := s.peek(s.spaces(i + 1))
		s.open.block = after == 0
	}
	return s.wordEnd(i, p)
}

// prefix skips what may stand before a quote or a bracket: Python's b, a call.
func (s *scan) prefix(i int) int {
	j := i
	for j < len(s.line) && (isLetter(s.line[j]) || s.line[j] == '_' || s.line[j] == '.') {
		j++
	}
	if c, _ := s.peek(j); c == '(' || isQuote(c) && j-i <= 2 {
		return j
	}
	return i
}

// quoteEnd is behind the quote that closes one of a width, or -1.
func (s *scan) quoteEnd(i int, quote byte, width int) int {
	for i < len(s.line) {
		c, w := s.symbol(i)
		i += w
		if c == quote && w <= width {
			return i
		}
	}
	return -1
}

// bracketEnd is behind the bracket that closes the ones open, and how many stay open at
// the end of the line.
func (s *scan) bracketEnd(i, depth int) (end, left int) {
	for i < len(s.line) {
		c, width := s.symbol(i)
		i += width
		switch {
		case opens(c):
			depth++
		case closes(c):
			if depth--; depth == 0 {
				return i, 0
			}
		case isQuote(c):
			if end := s.quoteEnd(i, c, width); end >= 0 {
				i = end
			} else {
				return s.lineEnd(), depth
			}
		}
	}
	return s.lineEnd(), depth
}

// lineEnd is the end of the line without what ends it.
func (s *scan) lineEnd() int { return len(bytes.TrimRight(s.line, "\r\n")) }

// headerEnd is the end of a header's value: of its line, or of the quote around it.
func (s *scan) headerEnd(i int) int {
	begin := i
	for i < len(s.line) {
		c, width := s.symbol(i)
		if c == '\n' || c == '\r' {
			break
		}
		if isQuote(c) {
			if end := s.quoteEnd(i+width, c, width); end >= 0 && i > begin {
				i = end
				continue
			}
			break
		}
		i += width
	}
	return i
}

// wordEnd is the end of a word as a shell has it: of parts with and without quotes.
func (s *scan) wordEnd(i int, p place) int {
	depth, begin, quoted := 0, i, false
	for i < len(s.line) {
		c, width := s.symbol(i)
		switch next, _ := s.peek(i + width); {
		case c == '\n' && width == 1 || isSpace(c) && width <= p.level:
			return i
		case isQuote(c) && c == p.quote && width <= p.quoteLen:
			return i
		case isQuote(c) && (i == begin || quoted):
			end := s.quoteEnd(i+width, c, width)
			if end < 0 {
				return s.lineEnd()
			}
			i, quoted = end, true
			continue
		case isQuote(c) && !inName(next):
			return i
		case quoted && !inName(c):
			return i
		case width > p.level:
		case opens(c):
			depth++
		case closes(c) && depth > 0:
			depth--
		case closes(c) && !inName(next), c == '<':
			return i
		case (c == ',' || c == ';') && (!inName(next) || s.hasPair(i+width)):
			return i
		case c == '&' && s.hasPair(i+width):
			return i
		}
		quoted = false
		i += width
	}
	return i
}

// further is the end of the further values of a flag that takes several.
func (s *scan) further(p place, end int) int {
	for {
		i := s.spaces(end)
		if c, width := s.peek(i); p.list && c == ',' {
			i = s.spaces(i + width)
		} else if p.list || i == end {
			return end
		}
		c, width := s.peek(i)
		if isQuote(c) {
			c, _ = s.peek(i + width)
		} else if p.list {
			return end
		}
		if !inName(c) || c == '-' {
			return end
		}
		end = s.wordEnd(i, p)
	}
}
