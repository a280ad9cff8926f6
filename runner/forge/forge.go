// Package forge talks to the server of a repository: GitHub, a GitHub Enterprise Server
// or Gitea. It finds and removes the repository's runners (runners.go), comments on its
// pull requests (comment.go), and warns of a public repository (public.go).
//
// Every request goes through one transport, which trusts no answer (guard.go), and is
// repeated after a temporary failure (retry.go). An error says what was asked for and what
// a person can do about it (explain.go), and never contains the token. gitea.go has
// everything in which the servers differ.
package forge

import (
	"errors"
	"net/http"

	"github.com/google/go-github/v62/github"
)

// Client asks a server about one repository.
type Client struct {
	Repository
	github *github.Client
	token  Token
}

// NewClient asks by an HTTP client that Retrying made.
func NewClient(by *http.Client, about Repository, token Token) (*Client, error) {
	if token.IsZero() {
		return nil, errors.New("the API needs a token: give one in GITHUB_TOKEN")
	}
	return newClient(by, about, token)
}

// newClient is NewClient, where a zero token asks as a stranger.
func newClient(by *http.Client, about Repository, token Token) (*Client, error) {
	base, err := address(about.API + "/")
	if err != nil {
		return nil, errors.New("the API's address must be a URL such as https://github.example.com/api/v3: " +
			"correct GITHUB_API_URL")
	}
	if !token.IsZero() {
		if err := about.KeepsTokens(); err != nil {
			return nil, err
		}
	}
	client := github.NewClient(&http.Client{Transport: guard{by.Transport, base, token}})
	client.BaseURL = base
	return &Client{Repository: about, github: client, token: token}, nil
}
