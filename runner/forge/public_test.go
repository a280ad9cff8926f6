package forge

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// The warning says what protects on this kind of server.
func TestPublicWarning(t *testing.T) {
	tests := map[string]struct {
		suffix string
		answer http.HandlerFunc
		want   []string // none for no warning
	}{
		"public":             {"", raw(200, `{"private": false}`), []string{"me/vllm is public.", "What protects: a private repository", "runner group", "--ephemeral", "dispatch the workflow on the default branch"}},
		"public, on Gitea":   {giteaAPI, raw(200, `{"private": false}`), []string{"me/vllm is public.", "Gitea's approval does not protect", "--ephemeral"}},
		"private":            {"", raw(200, `{"private": true}`), nil},
		"not seen by others": {"", raw(404, `{"message": "Not Found"}`), nil},
	}
	for name, test := range tests {
		client := clientOf(t, test.suffix, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != test.suffix+"/repos/me/vllm" || r.Header.Get("Authorization") != "" {
				w.WriteHeader(500)
				io.WriteString(w, "asked "+r.URL.Path)
				return
			}
			test.answer(w, r)
		})
		warning, err := PublicWarning(t.Context(), Retrying(never), client.Repository, Token{})
		if err != nil || (warning == "") != (len(test.want) == 0) {
			t.Errorf("%s: %q, error %v", name, warning, err)
		}
		for _, want := range test.want {
			if !strings.Contains(warning, want) {
				t.Errorf("%s: %q is missing in %q", name, want, warning)
			}
		}
	}
}

// A token that may not see the repository leaves the question open.
func TestPublicIsUnknown(t *testing.T) {
	client := clientOf(t, "", raw(404, `{"message": "Not Found"}`))
	if warning, err := PublicWarning(t.Context(), Retrying(never), client.Repository, NewToken(bot)); err == nil {
		t.Errorf("%q, no error", warning)
	}
}
