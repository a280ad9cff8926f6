package privacy

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// known is a secret's value that is known: it is found as it is, and as JSON, shells and
// URLs escape it, also several times over.
type known struct {
	plain []byte // is part of each form
	forms *regexp.Regexp
}

func newKnown(value string) known { return known{[]byte(longestPlain(value)), escaped(value)} }

// in finds the value in a line.
func (k known) in(line []byte) (spans []span) {
	if !bytes.Contains(line, k.plain) {
		return nil
	}
	for _, at := range k.forms.FindAllIndex(line, -1) {
		spans = append(spans, span{at[0], at[0], at[1]})
	}
	return spans
}

// longestPlain is the longest part of a text that nothing escapes. Every form of the text
// contains it.
func longestPlain(text string) (longest string) {
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return !isPlain(r) }) {
		if len(part) > len(longest) {
			longest = part
		}
	}
	return longest
}

func isPlain(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

// escaped matches all forms of a text.
func escaped(text string) *regexp.Regexp {
	var forms strings.Builder
	for _, r := range text {
		if isPlain(r) {
			forms.WriteRune(r)
			continue
		}
		forms.WriteString(`(?:\\*` + regexp.QuoteMeta(string(r)))
		forms.WriteString(`|` + each(`(?i:%%(?:25)*%02x)`, utf8.AppendRune(nil, r)))
		forms.WriteString(`|` + each(`\\+(?i:u%04x)`, utf16.AppendRune(nil, r)))
		if short, ok := shortForms[r]; ok {
			forms.WriteString(`|` + short)
		}
		forms.WriteString(`)`)
	}
	return regexp.MustCompile(forms.String())
}

// shortForms are those of a space in URLs, and of a tabulator in JSON.
var shortForms = map[rune]string{' ': `\+`, '\t': `\\+t`}

// each writes units of a text, each in one form.
func each[T byte | uint16](form string, units []T) string {
	var all bytes.Buffer
	for _, u := range units {
		fmt.Fprintf(&all, form, u)
	}
	return all.String()
}
