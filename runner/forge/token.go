package forge

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// Token is a secret for one request's header or one child's environment. It prints as
// "(a token)", whatever the verb.
type Token struct{ value string }

// NewToken is a token without the white space around it.
func NewToken(value string) Token { return Token{strings.TrimSpace(value)} }

// ReadToken reads a token from standard input, which must hold nothing else.
func ReadToken(r io.Reader) (Token, error) {
	const most = 4096
	data, err := io.ReadAll(io.LimitReader(r, most+1))
	t := NewToken(string(data))
	switch {
	case err != nil:
		return Token{}, fmt.Errorf("cannot read the token: %w", err)
	case t.IsZero():
		return Token{}, errors.New("standard input is empty: pipe the token in, such as from a file that only root can read")
	case len(data) > most || strings.ContainsAny(t.value, " \t\r\n\x00"):
		return Token{}, errors.New("standard input must hold one token and nothing else")
	}
	return t, nil
}

// IsZero is true without a token.
func (t Token) IsZero() bool { return t.value == "" }

// Reveal is the token's value.
func (t Token) Reveal() string { return t.value }

const hidden = "(a token)"

// Format implements fmt.Formatter.
func (t Token) Format(f fmt.State, _ rune) { io.WriteString(f, hidden) }

// MarshalText keeps the token out of encodings.
func (t Token) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// HideIn is text without the token.
func (t Token) HideIn(text string) string {
	if t.IsZero() {
		return text
	}
	return strings.ReplaceAll(text, t.value, hidden)
}

// stringLiteral is a string of a JSON text, with its quotes (RFC 8259, section 7).
var stringLiteral = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// hideInJSON is text without the token, also where its letters are written as escapes.
// Nothing else of the text changes.
func (t Token) hideInJSON(text []byte) []byte {
	if t.IsZero() {
		return text
	}
	text = []byte(t.HideIn(string(text)))
	return stringLiteral.ReplaceAllFunc(text, func(literal []byte) []byte {
		var decoded string
		if !bytes.ContainsRune(literal, '\\') || json.Unmarshal(literal, &decoded) != nil ||
			!strings.Contains(decoded, t.value) {
			return literal
		}
		shown, err := json.Marshal(t.HideIn(decoded))
		if err != nil { // no string fails
			return []byte(`""`)
		}
		return shown
	})
}
