package privacy

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
)

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

// isSame tells whether a value is only its name again, as in source lines: token=token.
func isSame(value, name []byte) bool {
	return len(value) <= 2*len(name) && strings.EqualFold(letters(value), letters(name))
}
