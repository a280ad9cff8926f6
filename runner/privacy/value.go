package privacy

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
)

// place is how a value stands behind its name.
type place struct {
	begin    int  // of the value
	level    int  // of escaping: how many bytes its separator takes
	quote    byte // around name and value together, or 0
	quoteLen int
	colon    bool // separated by one: it may be a sentence
	flag     bool // behind a command line's flag: several words may follow
	list     bool // the flag and the value are elements of a list
	pair     bool // the two elements of a list: what follows has to close it
	word     bool // no separator at all
}

// named hides the value behind a secret name, if it is one, and tells where to go on.
func (s *scan) named(n name, begin, end int) (next int) {
	p, ok := s.separator(n, begin, end)
	if !ok {
		return end
	}
	if n.kind == scheme {
		return s.credential(begin, end, p.begin)
	}
	if n.kind == header || n.kind == cookie {
		p.begin = s.behindScheme(p.begin)
	}
	p.begin = s.spaces(p.begin)
	if c, _ := s.peek(p.begin); c == '\n' {
		s.open.block = !p.word && n.kind >= secret
		return end
	}
	if (p.colon || p.flag) && n.kind != password && isSentence(s.line[p.begin:]) || !s.confirmed(n, begin, end, p) {
		return end
	}
	valueEnd := s.valueEnd(n, p)
	value := s.line[p.begin:valueEnd]
	if isHarmless(value, n.kind) || n.kind != password && isSame(value, s.line[begin:end]) {
		return max(valueEnd, end)
	}
	if p.flag && n.many {
		valueEnd = s.further(p, valueEnd)
	}
	return s.hide(begin, p.begin, valueEnd)
}

// confirmed tells whether a value, or its place, is that of a secret where the name alone
// does not say so. For this no more than the value's beginning is looked at.
func (s *scan) confirmed(n name, begin, end int, p place) bool {
	const longest = 512
	if n.kind >= secret && n.kind != cookie && !p.word && !p.pair {
		return true
	}
	if n.kind == queried || n.kind == ambiguous {
		c, _ := before(s.line, begin)
		if n.last && (c == '?' || c == '&') && !p.colon && !p.word {
			return true
		}
		if n.kind == queried || !n.last {
			return false
		}
	}
	start := &scan{line: s.line[:min(len(s.line), p.begin+longest)]}
	valueEnd := start.valueEnd(n, p)
	s.read += start.read
	value := start.line[p.begin:valueEnd]
	if n.kind == cookie {
		return bytes.ContainsAny(value, "=:") || bytes.Contains(value, []byte("%3D"))
	}
	if p.pair && !start.closesAt(valueEnd) {
		return false
	}
	return n.kind >= secret && !p.word || isRandom(value)
}

// isSame tells whether a value is only its name again, as in source lines: token=token.
func isSame(value, name []byte) bool {
	return len(value) <= 2*len(name) && strings.EqualFold(letters(value), letters(name))
}

// separator looks for the value behind a name.
func (s *scan) separator(n name, begin, end int) (p place, ok bool) {
	p.flag = s.line[begin] == '-'
	c, at := before(s.line, begin)
	i, quoted := end, false
	if isQuote(c) {
		if q, width := s.peek(i); q == c && width == begin-at {
			i, quoted = i+width, true
			if b, width := s.peek(i); b == ']' {
				i += width // environ['NAME']
			}
		} else {
			p.quote, p.quoteLen = c, begin-at
		}
	}
	p.begin = s.spaces(i)
	sep, width := s.peek(p.begin)
	p.level = width
	then, thenWidth := s.peek(p.begin + width)
	switch {
	case sep == ':' && then == ':':
		return p, false
	case (sep == '=' || sep == ':') && (then == '>' || then == '=') || sep == '-' && then == '>':
		p.begin += width + thenWidth
		p.flag = false
	case sep == '=', sep == ':':
		p.begin += width
		p.colon = sep == ':'
		p.flag = false
	case sep == '>' && c == '<':
		p.begin += width
	case sep == ',' && quoted:
		p.begin += width
		p.list, p.pair = true, !p.flag
		return p, p.flag || s.opensAt(at)
	case p.flag && p.begin > i && !quoted:
		p.level = 1
	case p.begin > i && !quoted && (n.kind == password || n.kind == scheme || isVariable(s.line[begin:end])):
		p.level, p.word = 1, true
		for _, filler := range []string{"to ", "is "} {
			if bytes.HasPrefix(s.line[p.begin:], []byte(filler)) {
				p.begin += len(filler)
			}
		}
	default:
		return p, false
	}
	return p, true
}

// isVariable tells whether a name has the form of an environment variable's.
func isVariable(name []byte) bool {
	return bytes.IndexByte(name, '_') > 0 && bytes.Equal(bytes.ToUpper(name), name)
}

// opensAt tells whether a list opens before the quote at i, or before the b of Python's
// bytes.
func (s *scan) opensAt(i int) bool {
	c, at := before(s.line, i)
	if c == 'b' {
		c, _ = before(s.line, at)
	}
	return opens(c)
}

func (s *scan) closesAt(i int) bool {
	c, _ := s.peek(s.spaces(i))
	return closes(c)
}

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

// schemes are those of an Authorization header. They stay.
var schemes = wordSet("bearer basic digest token negotiate ntlm apikey")

// behindScheme is behind the scheme of a header's value.
func (s *scan) behindScheme(i int) int {
	i = s.spaces(i)
	end := i
	for end < len(s.line) && isLetter(s.line[end]) {
		end++
	}
	if after := s.spaces(end); after > end && schemes[strings.ToLower(string(s.line[i:end]))] {
		return after
	}
	return i
}

// credential hides what follows Bearer and Basic, if it is no word of a sentence.
func (s *scan) credential(begin, end, i int) (next int) {
	valueEnd := i
	for valueEnd < len(s.line) && (inName(s.line[valueEnd]) || bytes.IndexByte([]byte("._~+/="), s.line[valueEnd]) >= 0) {
		valueEnd++
	}
	value := s.line[i:valueEnd]
	if bytes.EqualFold(s.line[begin:end], []byte("basic")) {
		user, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(string(value), "="))
		if err != nil || !bytes.Contains(user, []byte(":")) {
			return end
		}
	} else if !isRandom(value) {
		return end
	}
	return s.hide(begin, i, valueEnd)
}

// shortestRandom is the length from which a word with letters and digits is taken for one
// that a machine made.
const shortestRandom = 8

// isRandom tells whether a value looks like a credential: one word of letters and digits,
// no path and no number.
func isRandom(value []byte) bool {
	value = bytes.Trim(value, `"'`)
	var letter, digit bool
	for i, c := range value {
		switch {
		case isDigit(c):
			digit = true
		case isLetter(c):
			letter = true
		case bytes.IndexByte([]byte("-_+/=.~%"), c) < 0, c == '/' && i == 0:
			return false
		}
	}
	return letter && digit && len(value) >= shortestRandom
}

// nothing are the words for no value, of Python, Go, JSON and this package.
var nothing = wordSet("none null nil true false " + mask)

// isHarmless tells whether a value gives nothing away: none, a truth value, a number or a
// list of such, and a token of a text, such as </s>.
func isHarmless(value []byte, k kind) bool {
	longestNumber := 9
	if k == password {
		longestNumber = 2
	}
	text := strings.Trim(string(value), `\"'`)
	if k != password && strings.HasPrefix(text, "<") && strings.HasSuffix(text, ">") {
		return true
	}
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("[](){},;'\"\\ \t", r) })
	return !slices.ContainsFunc(parts, func(part string) bool {
		_, err := strconv.ParseFloat(part, 64)
		return !nothing[strings.ToLower(part)] && (err != nil || len(part) > longestNumber)
	})
}

// isSentence tells whether a text begins with three plain words.
func isSentence(text []byte) bool {
	for range 3 {
		n := 0
		for n < len(text) && isLower(text[n]) {
			n++
		}
		if n == 0 || n < len(text) && !isSpace(text[n]) {
			return false
		}
		text = bytes.TrimLeft(text[n:], " ")
	}
	return true
}

// letters are the letters and digits of a text.
func letters(text []byte) string {
	return strings.Map(func(r rune) rune {
		if isPlain(r) {
			return r
		}
		return -1
	}, string(text))
}
