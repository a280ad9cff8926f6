package forge

import (
	"strings"
	"testing"
)

func TestRepositories(t *testing.T) {
	tests := map[string]struct {
		web   string
		gitea bool
	}{
		"":                                  {"https://github.com", false},
		"https://api.github.com/":           {"https://github.com", false},
		"https://api.lab.ghe.com":           {"https://lab.ghe.com", false},
		"https://github.example.com/api/v3": {"https://github.example.com", false},
		"https://git.example.com/api/v1":    {"https://git.example.com", true},
		"https://example.com/git/api/v1/":   {"https://example.com/git", true},
		"http://127.0.0.1:3000/api/v1":      {"http://127.0.0.1:3000", true},
	}
	for api, want := range tests {
		r, err := withWeb("me/vllm", api, "")
		if err != nil || r.Web != want.web || r.IsGitea() != want.gitea {
			t.Errorf("%q: %+v at %q, error %v", api, r, r.Web, err)
		}
	}
	r, err := withWeb("me/vllm", "https://example.com/rest", "https://example.com/")
	if err != nil || r.URL() != "https://example.com/me/vllm" {
		t.Errorf("%s, error %v", r.URL(), err)
	}
	if got := r.Endpoint("/downloads"); got != "https://example.com/rest/repos/me/vllm/actions/runners/downloads" {
		t.Error(got)
	}
}

func TestRepositoriesRefused(t *testing.T) {
	tests := []struct{ name, api, web, want string }{
		{"me", "", "", "--repo must be OWNER/REPO"},
		{"me/", "", "", "--repo must be OWNER/REPO"},
		{"me/../x", "", "", "--repo must be OWNER/REPO"},
		{"me/..", "", "", "--repo must be OWNER/REPO"},
		{"me/vllm/x", "", "", "--repo must be OWNER/REPO"},
		{"me/v%20", "", "", "--repo must be OWNER/REPO"},
		{"", "", "", "name the repository: --repo OWNER/REPO"},
		{"me/vllm", "ftp://x/api/v3", "", "--api-url must be a plain https address"},
		{"me/vllm", "https://u:p@x/api/v3", "", "--api-url must be a plain https address"},
		{"me/vllm", "https://x/api/v3?token=1", "", "--api-url must be a plain https address"},
		{"me/vllm", "x", "", "--api-url must be a plain https address"},
		{"me/vllm", "https://example.com/rest", "", "give --url"},
		{"me/vllm", "https://api.example.com/rest", "", "give --url"},
		{"me/vllm", "", "https://x/%h", "give --url"},
		{"me/vllm", "", "https://x/a b", "give --url"},
	}
	for _, test := range tests {
		r, err := withWeb(test.name, test.api, test.web)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%+v: %v, error %v", test, r, err)
		}
	}
}

func withWeb(name, api, web string) (Repository, error) {
	r, err := NewRepository(name, api)
	if err != nil {
		return r, err
	}
	return r.WithWeb(web)
}
