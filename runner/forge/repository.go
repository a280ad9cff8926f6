package forge

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// Repository is a repository on a server. Addresses have no slash at the end.
type Repository struct {
	API   string // address of the server's API
	Web   string // address of the server for people and runners; empty until WithWeb
	Owner string
	Name  string
	// InsecureHTTP lets tokens go to another machine over http, where everybody on the way
	// can read them.
	InsecureHTTP bool
}

const (
	githubAPI     = "https://api.github.com"
	enterpriseAPI = "/api/v3" // end of the address of a GitHub Enterprise Server's API
)

// NewRepository is the repository OWNER/REPO on the server with an API, such as
// GITHUB_API_URL gives it; an empty api is github.com's.
func NewRepository(name, api string) (Repository, error) {
	if name == "" {
		return Repository{}, errors.New("name the repository: --repo OWNER/REPO")
	}
	owner, repo, _ := strings.Cut(name, "/")
	if owner == "" || repo == "" || strings.Trim(owner+repo, nameCharacters) != "" || repo == "." || repo == ".." {
		return Repository{}, fmt.Errorf("--repo must be OWNER/REPO, not %q", name)
	}
	return Repository{API: strings.TrimSuffix(cmp.Or(api, githubAPI), "/"), Owner: owner, Name: repo}, nil
}

const nameCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

// WithWeb is the repository with the server's address for people and runners. An
// empty web stands for the address that follows from the API's.
func (r Repository) WithWeb(web string) (Repository, error) {
	if _, err := address(r.API); err != nil {
		return Repository{}, fmt.Errorf("--api-url %w such as https://github.example.com/api/v3", err)
	}
	r.Web = cmp.Or(strings.TrimSuffix(web, "/"), webOf(r.API))
	if _, err := address(r.Web); err != nil {
		return Repository{}, fmt.Errorf("--api-url %s does not tell where runners find the server: "+
			"give --url, such as https://github.example.com", r.API)
	}
	return r, nil
}

// address parses the address of a server. It refuses one with a password, which would end
// up in units and messages.
func address(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" ||
		u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.ContainsAny(text, " \t\r\n\"'\\%") {
		return nil, errors.New("must be a plain https address")
	}
	return u, nil
}

// KeepsTokens says why a token must not be sent to the server: its address is http, and
// leads to another machine.
func (r Repository) KeepsTokens() error {
	for _, text := range []string{r.API, r.Web} {
		u, err := url.Parse(text)
		if err == nil && u.Scheme == "http" && !r.InsecureHTTP && !isLoopback(u.Hostname()) {
			return fmt.Errorf("%s is not https: everybody on the way could read the token. "+
				"Give an https address, or accept that with --insecure-http "+
				"(in a workflow: insecure-http: true)", text)
		}
	}
	return nil
}

func isLoopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

// webOf is the address of the server that has an API; empty if it does not follow.
func webOf(api string) string {
	for _, suffix := range []string{enterpriseAPI, giteaAPI} {
		if web, cut := strings.CutSuffix(api, suffix); cut {
			return web
		}
	}
	scheme, host, _ := strings.Cut(api, "://api.") // github.com's, and those of ghe.com
	if host == "" || strings.Contains(host, "/") {
		return ""
	}
	return scheme + "://" + host
}

// String is the repository as people write it.
func (r Repository) String() string { return r.Owner + "/" + r.Name }

// URL is the repository's address.
func (r Repository) URL() string { return r.Web + "/" + r.String() }

// Endpoint is the API's address of the repository's runners, or of something below
// it, such as "/downloads".
func (r Repository) Endpoint(what string) string {
	return fmt.Sprintf("%s/repos/%s/actions/runners%s", r.API, r, what)
}
