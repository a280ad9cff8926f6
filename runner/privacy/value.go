package privacy

import (
	"bytes"
	"encoding/base64"
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
	if (p.colon || p.flag) && n.kind != password && isSentence(s.line[p.begin:]) || !s.confirmed(n, begin, p) {
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
func (s *scan) confirmed(n name, begin int, p place) bool {
	const longest = 256 // bytes
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
