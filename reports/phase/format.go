package phase

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
)

// A format is the wording of one kind of message, from its first letter on:
// literal text and fields. A message fits if all of it is there; more may
// follow.
//
//	{seconds}  a plain decimal number, the quantity
//	{gib}      a plain decimal number, GiB of weights
//	{count}    a plain number
//	{release}  digits, letters and dots, the engine's release
//	{range}    two different sizes, such as "(1, 2048)"
//	{any}      all text before the next literal
//	{text}     the same, or the rest of the message; its text is kept
//	{config}, {attention}, {sampler}   the same, for Setup
type format struct {
	lead  string // the literal text that it begins with
	parts []part
}

type part struct {
	literal []byte
	field   field // noField: the part is literal
}

type field uint8

const (
	noField field = iota
	anyField
	secondsField
	gibField
	countField
	releaseField
	rangeField
	textField
)

var fields = map[string]field{
	"any": anyField, "seconds": secondsField, "gib": gibField, "count": countField,
	"release": releaseField, "range": rangeField, "text": textField,
	"config": textField, "attention": textField, "sampler": textField,
}

// values are the contents of a format's fields.
type values struct {
	seconds, gib float64
	count        float64
	text         []byte // of {text} or {release}
}

// longestField limits the length of a field, in bytes. vLLM's longest, its
// configuration line, has some 5 KB.
const longestField = 64 << 10

// newFormat reads a wording. It panics on a field that does not exist, since
// wordings are part of the program.
func newFormat(wording string) format {
	lead, rest, fielded := strings.Cut(wording, "{")
	f := format{lead: lead}
	for fielded {
		var name, literal string
		name, rest, _ = strings.Cut(rest, "}")
		if fields[name] == noField {
			panic("phase: no field is named " + name)
		}
		f.parts = append(f.parts, part{field: fields[name]})
		literal, rest, fielded = strings.Cut(rest, "{")
		if literal != "" {
			f.parts = append(f.parts, part{literal: []byte(literal)})
		}
	}
	return f
}

// has tells whether the wording has a field.
func (f *format) has(wanted field) bool {
	return slices.ContainsFunc(f.parts, func(p part) bool { return p.field == wanted })
}

// leads tells whether message begins with the format's lead. The first bytes of two leads are
// often the same, and their last bytes seldom.
func (f *format) leads(message []byte) bool {
	end := len(f.lead) - 1
	return end < len(message) && message[end] == f.lead[end] && string(message[:end]) == f.lead[:end]
}

// match tells whether message, which begins with the format's lead, begins with all of its
// wording, and reads the contents of its fields.
func (f *format) match(message []byte, v *values) bool {
	message = message[len(f.lead):]
	for i := range f.parts {
		p, n := &f.parts[i], 0
		switch p.field {
		case noField:
			if !bytes.HasPrefix(message, p.literal) {
				return false
			}
			n = len(p.literal)
		case anyField, textField:
			field := message[:min(len(message), longestField)]
			n = len(field)
			if i+1 < len(f.parts) {
				n = bytes.Index(field, f.parts[i+1].literal)
			}
			v.text = field[:max(n, 0)]
		case secondsField:
			v.seconds, n = number(message)
		case gibField:
			v.gib, n = number(message)
		case countField:
			v.count, n = number(message)
		case releaseField:
			n = releaseLength(message)
			v.text = message[:max(n, 0)]
		case rangeField:
			n = rangeLength(message)
		}
		if n < 0 {
			return false
		}
		message = message[n:]
	}
	return true
}

// number reads the decimal that text begins with. n is its length in bytes, or -1 if
// there is none or it is more than any quantity of a start-up.
func number(text []byte) (value float64, n int) {
	for n < len(text) && (isDigit(text[n]) || text[n] == '.') {
		n++
	}
	value, err := strconv.ParseFloat(string(text[:n]), 64)
	if err != nil || value > largest/10 { // which leaves room for sums
		return 0, -1
	}
	return value, n
}

// releaseLength is the length of the release that text begins with, or -1.
func releaseLength(text []byte) int {
	n := 0
	for n < len(text) && (isDigit(text[n]) || text[n] == '.' || text[n] == '+' || 'a' <= text[n] && text[n] <= 'z') {
		n++
	}
	if n == 0 {
		return -1
	}
	return n
}

// rangeLength is the length of the range that text begins with, or -1.
func rangeLength(text []byte) int {
	inside, _, closed := bytes.Cut(text, []byte(")"))
	first, last, two := bytes.Cut(bytes.TrimPrefix(inside, []byte("(")), []byte(", "))
	if !closed || !two || text[0] != '(' || bytes.Equal(first, last) {
		return -1
	}
	return len(inside) + len(")")
}
