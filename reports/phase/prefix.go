package phase

import (
	"bytes"
	"strings"
)

// longestPrefix is more than the length of any part of a line's prefix, in bytes.
const longestPrefix = 64

// utterance is a line without the prefixes of loggers, process managers and terminals.
type utterance struct {
	source  []byte // the container that the prefix names, as docker compose and kubectl do; nil: none
	speaker []byte // the process that the prefix names, such as "EngineCore_0 pid=98"; nil: none
	text    []byte
	indent  int      // spaces right before the text
	loud    bool     // a record of level ERROR or above
	quiet   bool     // a record below that
	dates   int      // dates in the prefix, other than vLLM's own
	date    [2]dated // the first and the last of them
}

// listen skips a line's prefixes, of any kind, number and order:
//
//	(EngineCore_0 pid=98)  (RayWorkerProc pid=98, ip=10.0.0.2)  [rank0]:  [core.py:1231]
//	ERROR 02-09 16:09:51.000                    vLLM's own
//	core.py:1231]                               the same before 0.9
//	2026-02-09 16:09:51,000 - vllm - ERROR -    other loggers'
//	2026-02-09T16:09:51.123456789Z stdout F     docker -t, kubectl --timestamps, CRI
//	2026-02-09 16:09:51 | core | 1396235 | INFO :   with the number of a thread
//	INFO:vllm.engine:                           Python's default, and uvicorn's "INFO:     "
//	Feb 09 16:09:51 host vllm[98]:              journald
//	vllm-1  |                                   docker compose
//	[pod/vllm-0/server]                         kubectl --prefix
//	[1;36m                                      a colour whose escape was lost on the way
//	│                                           a box
func listen(line []byte) (u utterance) {
	u.text = line[:min(len(line), longestSaid)]
	for range mostMessages - 1 {
		u.text, u.indent = skipBlank(u.text)
		if len(u.text) == 0 {
			break
		}
		n := u.registered()
		if n == 0 {
			n = u.prefix()
		}
		if n == 0 {
			break
		}
		u.text = u.text[n:]
	}
	return u
}

// dated notes a date of the prefix.
func (u *utterance) dated(d dated) {
	if u.dates == 0 {
		u.date[0] = d
	}
	u.date[1] = d
	u.dates++
}

// levelled tells whether the prefix so far has the level of a record.
func (u *utterance) levelled() bool { return u.loud || u.quiet }

// longestColour is more than the length of an ANSI colour sequence, in bytes.
const longestColour = 32

// skipBlank skips spaces, which it counts, and ANSI colour sequences, "ESC [ … m".
func skipBlank(text []byte) (rest []byte, spaces int) {
	for len(text) > 0 {
		switch {
		case text[0] == ' ':
			text = text[1:]
			spaces++
		case len(text) > 1 && text[0] == 0x1b && text[1] == '[':
			end := bytes.IndexByte(text[:min(len(text), longestColour)], 'm')
			if end < 0 {
				return nil, spaces
			}
			text = text[end+1:]
		default:
			return text, spaces
		}
	}
	return text, spaces
}

// prefix reads the prefix that the text begins with, and returns its length, or 0.
func (u *utterance) prefix() int {
	switch c := u.text[0]; {
	case c == '(':
		return u.bracketed(')')
	case c == '[':
		if n := colourLength(u.text); n > 0 {
			return n
		}
		return u.bracketed(']')
	case c == '|', c == ':' && u.levelled(), c == '-' && bytes.HasPrefix(u.text, []byte("- ")):
		return 1
	case isBox(u.text):
		return len("│")
	case isDigit(c):
		return u.number()
	case isLetter(c):
		return u.word()
	}
	return 0
}

// number reads a date, a time, the number of a thread or the address of a client.
func (u *utterance) number() int {
	if d, n := parseDated(u.text); n > 0 {
		u.dated(d)
		return n
	}
	if n := leading(u.text, isDigit); bytes.HasPrefix(u.text[n:], []byte(" |")) {
		return n
	}
	if n := leading(u.text, isAddress); bytes.HasPrefix(u.text[n:], []byte(` - "`)) {
		return n
	}
	return timeLength(u.text)
}

// word reads a prefix that begins with a letter.
func (u *utterance) word() int {
	if n := u.level(); n > 0 {
		return n
	}
	if d, n := parseDated(u.text); n > 0 {
		u.dated(d)
		return n
	}
	n := wordsLength(u.text)
	if n > 0 && u.source == nil && u.dates == 0 && !u.levelled() && bytes.IndexByte(u.text[n:], '|') == 0 {
		u.source = bytes.TrimRight(u.text[:n], " ")
	}
	return n
}

// bracketed reads a prefix in brackets, with the colon after it if there is one.
func (u *utterance) bracketed(end byte) int {
	n := bytes.IndexByte(u.text[:min(len(u.text), longestPrefix)], end)
	if n < 0 {
		return 0
	}
	if inside := u.text[1:n]; bytes.Contains(inside, []byte("pid=")) || bytes.HasPrefix(inside, []byte("rank")) {
		u.speaker = inside
	} else if d, length := parseDated(inside); length > 0 {
		u.dated(d)
	} else if bytes.HasPrefix(inside, []byte("pod/")) && u.source == nil {
		u.source = inside
	}
	if n++; n < len(u.text) && u.text[n] == ':' {
		n++
	}
	return n
}

// colourLength is the length of "[1;36m".
func colourLength(text []byte) int {
	n := 1 + leading(text[1:], func(c byte) bool { return isDigit(c) || c == ';' })
	if n == 1 || n == len(text) || text[n] != 'm' {
		return 0
	}
	return n + 1
}

// level reads the name of a record's level, and in Python's default form the logger's.
func (u *utterance) level() int {
	n := bytes.IndexAny(u.text[:min(len(u.text), len("CRITICAL "))], " :")
	if n < 0 {
		return 0
	}
	switch string(u.text[:n]) {
	case "DEBUG", "INFO", "WARNING", "WARN", "TRACE":
		u.quiet = true
	case "ERROR", "CRITICAL", "FATAL":
		u.loud = true
	default:
		return 0
	}
	if u.text[n] == ' ' {
		return n
	}
	n++
	if logger := wordLength(u.text[n:]); n+logger < len(u.text) && u.text[n+logger] == ':' {
		return n + logger + 1
	}
	return n
}

// timeLength is the length of a date or a time of day, or of both in one word.
func timeLength(text []byte) int {
	n := leading(text, func(c byte) bool { return isDigit(c) || strings.IndexByte(":.,+-/TZ", c) >= 0 })
	const shortest = len("MM-DD")
	if n < shortest || n == len(text) || text[n] != ' ' {
		return 0
	}
	if text[2] != ':' && text[2] != '-' && text[4] != '-' && text[4] != '/' {
		return 0
	}
	return n
}

// wordsLength is the length of a prefix that begins with a word.
func wordsLength(text []byte) int {
	n := wordLength(text)
	word, rest := text[:n], text[n:]
	switch {
	case bytes.HasPrefix(rest, []byte(" - ")):
		return n
	case string(word) == "stdout" || string(word) == "stderr":
		if bytes.HasPrefix(rest, []byte(" F ")) || bytes.HasPrefix(rest, []byte(" P ")) {
			return n + len(" F")
		}
	}
	if bar := bytes.TrimLeft(rest, " "); len(bar) > 0 && len(bar) < len(rest) && bar[0] == '|' {
		return len(text) - len(bar)
	}
	return max(unitLength(text, n), placeLength(text, n))
}

// placeLength is the length of "core.py:1231]", whose first word has the given length.
func placeLength(text []byte, word int) int {
	n := word + leading(text[word:], func(c byte) bool { return c == ':' || isDigit(c) })
	if n == word || n == len(text) || text[n] != ']' {
		return 0
	}
	return n + 1
}

// isBox tells whether a text begins with one of Unicode's box drawing characters.
func isBox(text []byte) bool {
	return len(text) >= len("│") && text[0] == 0xe2 && (text[1] == 0x94 || text[1] == 0x95)
}

// unitLength is the length of "host unit[98]:", or "unit[98]:", whose first word has
// the given length.
func unitLength(text []byte, word int) int {
	n := word
	if n < len(text) && text[n] == ' ' {
		n++
		n += wordLength(text[n:])
	}
	if n == len(text) || text[n] != '[' {
		return 0
	}
	n++
	n += leading(text[n:], isDigit)
	if !bytes.HasPrefix(text[n:], []byte("]: ")) {
		return 0
	}
	return n + len("]:")
}

// wordLength is the length of a name of a container, a logger, a host or a unit.
func wordLength(text []byte) (n int) {
	for n < min(len(text), longestPrefix) && (isNamed(text[n]) || text[n] == '-') {
		n++
	}
	return n
}

// leading is the number of bytes that text begins with for which is holds, at most
// longestPrefix.
func leading(text []byte, is func(byte) bool) (n int) {
	for n < min(len(text), longestPrefix) && is(text[n]) {
		n++
	}
	return n
}

// isNamed tells whether a byte can be part of a dotted name.
func isNamed(c byte) bool { return isLetter(c) || isDigit(c) || c == '.' || c == '_' }

// isAddress tells whether a byte can be part of "10.0.0.1:4321".
func isAddress(c byte) bool { return isDigit(c) || c == '.' || c == ':' }

func isLetter(c byte) bool { return c|0x20-'a' < 26 }
