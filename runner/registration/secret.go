package registration

import (
	"fmt"
	"io"
	"strings"
)

// Secret is a token. It is printed as what it is, never as its value, whatever
// verb prints it.
type Secret struct{ value string }

// NewSecret is a token as people paste it, white space around it.
func NewSecret(value string) Secret { return Secret{strings.TrimSpace(value)} }

// ReadSecret reads a token that is all of a short input.
func ReadSecret(r io.Reader) (Secret, error) {
	const most = 4096
	data, err := io.ReadAll(io.LimitReader(r, most+1))
	s := NewSecret(string(data))
	switch {
	case err != nil:
		return Secret{}, fmt.Errorf("cannot read the token: %w", err)
	case s.IsZero():
		return Secret{}, fmt.Errorf("there is no token on standard input; pipe one in, such as from a file that only root can read")
	case len(data) > most || strings.ContainsAny(s.value, " \t\r\n\x00"):
		return Secret{}, fmt.Errorf("what came on standard input is no token, which is one word")
	}
	return s, nil
}

// IsZero says that there is no token.
func (s Secret) IsZero() bool { return s.value == "" }

// Format prints that there is a token.
func (s Secret) Format(f fmt.State, _ rune) { io.WriteString(f, "(a token)") }

// MarshalText keeps a token out of whatever is encoded.
func (s Secret) MarshalText() ([]byte, error) { return []byte("(a token)"), nil }

// hiddenIn is text with the token taken out.
func (s Secret) hiddenIn(text string) string {
	if s.IsZero() {
		return text
	}
	return strings.ReplaceAll(text, s.value, "(a token)")
}
