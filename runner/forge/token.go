package forge

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// Token is given to the one request or child process that needs it, in a header or an
// environment variable. It prints as "(a token)", whatever the verb.
type Token struct{ value string }

// NewToken is a token as people paste it, white space around it.
func NewToken(value string) Token { return Token{strings.TrimSpace(value)} }

// ReadToken reads a token that is all of a short input.
func ReadToken(r io.Reader) (Token, error) {
	const most = 4096
	data, err := io.ReadAll(io.LimitReader(r, most+1))
	t := NewToken(string(data))
	switch {
	case err != nil:
		return Token{}, fmt.Errorf("cannot read the token: %w", err)
	case t.IsZero():
		return Token{}, errors.New("there is no token on standard input; " +
			"pipe one in, such as from a file that only root can read")
	case len(data) > most || strings.ContainsAny(t.value, " \t\r\n\x00"):
		return Token{}, errors.New("what came on standard input is no token, which is one word")
	}
	return t, nil
}

// IsZero tells that there is no token.
func (t Token) IsZero() bool { return t.value == "" }

// Reveal is the token's value, for a header or a child's environment.
func (t Token) Reveal() string { return t.value }

const hidden = "(a token)"

// Format prints that there is a token.
func (t Token) Format(f fmt.State, _ rune) { io.WriteString(f, hidden) }

// MarshalText keeps a token out of whatever is encoded.
func (t Token) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// HideIn is text without the token.
func (t Token) HideIn(text string) string {
	if t.IsZero() {
		return text
	}
	return strings.ReplaceAll(text, t.value, hidden)
}
