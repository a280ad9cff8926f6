package forge

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestTokenIsNeverPrinted(t *testing.T) {
	const value = "ghp_admin_0123456789"
	token := NewToken(" " + value + "\n")
	holder := struct{ Token Token }{token}
	encoded, err := json.Marshal(holder)
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, printed := range []any{token, &token, holder, &holder, errors.New(fmt.Sprint(token)), string(encoded)} {
			text := fmt.Sprintf(verb, printed)
			if strings.Contains(text, value) || strings.Contains(text, fmt.Sprintf("%x", value)) {
				t.Errorf("%s of %T is %s", verb, printed, text)
			}
		}
	}
	if token.Reveal() != value {
		t.Errorf("the value is %q", token.Reveal())
	}
	if got := token.HideIn("401 for " + value); got != "401 for (a token)" {
		t.Error(got)
	}
	if got := (Token{}).HideIn("401"); got != "401" {
		t.Error(got)
	}
}

func TestReadToken(t *testing.T) {
	if token, err := ReadToken(strings.NewReader("AREGISTRATION\n")); err != nil || token.value != "AREGISTRATION" {
		t.Errorf("%q, error %v", token.value, err)
	}
	for _, input := range []string{"", " \n", "two words", "two\nlines", strings.Repeat("x", 5000)} {
		if _, err := ReadToken(strings.NewReader(input)); err == nil {
			t.Errorf("%.20q: no error", input)
		}
	}
}
