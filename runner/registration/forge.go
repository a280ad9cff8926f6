package registration

import (
	"fmt"
	"net/url"
	"strings"
)

// Forge is a repository on a server, where runners are registered.
type Forge struct {
	API   string // address of the server's API, without a slash at the end
	Web   string // address of the server for people and runners, likewise
	Owner string
	Repo  string
	Gitea bool // or a server that is like it
}

const (
	githubAPI = "https://api.github.com"
	githubWeb = "https://github.com"
)

// NewForge is a repository, OWNER/REPO, on the server with an API; without one,
// on github.com. The server's own address follows from that of its API, unless
// it is given as web.
func NewForge(repository, api, web string) (Forge, error) {
	owner, repo, _ := strings.Cut(repository, "/")
	if owner == "" || repo == "" || strings.Trim(owner+repo, nameCharacters) != "" || repo == "." || repo == ".." {
		return Forge{}, fmt.Errorf("--repo must be OWNER/REPO, not %q", repository)
	}
	if api == "" {
		api = githubAPI
	}
	api = strings.TrimSuffix(api, "/")
	f := Forge{API: api, Web: strings.TrimSuffix(web, "/"), Owner: owner, Repo: repo, Gitea: strings.HasSuffix(api, "/api/v1")}
	if _, err := address(api); err != nil {
		return Forge{}, fmt.Errorf("--api-url %w such as https://github.example.com/api/v3", err)
	}
	if f.Web == "" {
		f.Web = webOf(api)
	}
	if _, err := address(f.Web); err != nil {
		return Forge{}, fmt.Errorf("where runners find the server does not follow from --api-url %s: give --url, such as https://github.example.com", api)
	}
	return f, nil
}

const nameCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

// address reads an address that has nothing but a place. One with a password
// would end up in units and messages.
func address(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" ||
		u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.ContainsAny(text, " \t\r\n\"'\\%") {
		return nil, fmt.Errorf("must be a plain https address")
	}
	return u, nil
}

// webOf is the address of the server whose API is at an address: empty where
// that does not tell.
func webOf(api string) string {
	for _, suffix := range []string{"/api/v3", "/api/v1"} {
		if web, cut := strings.CutSuffix(api, suffix); cut {
			return web
		}
	}
	u, err := url.Parse(api)
	if err != nil || u.Path != "" {
		return ""
	}
	host, cut := strings.CutPrefix(u.Host, "api.") // github.com's, and those of ghe.com
	if !cut {
		return ""
	}
	return u.Scheme + "://" + host
}

// Name is the repository as people write it.
func (f *Forge) Name() string { return f.Owner + "/" + f.Repo }

// url is the repository's address.
func (f *Forge) url() string { return f.Web + "/" + f.Name() }

// endpoint is the address of something of the repository's runners.
func (f *Forge) endpoint(what string) string {
	return fmt.Sprintf("%s/repos/%s/actions/runners%s", f.API, f.Name(), what)
}
