// Package forge talks to the server of a repository: GitHub, a GitHub Enterprise Server
// or Gitea. It finds and removes the repository's runners (runners.go) and comments on
// its pull requests (comment.go).
//
// A request is repeated after a temporary failure (retry.go). An error says what was asked
// for and what a person can do about it (explain.go), and never contains the token.
// gitea.go has everything in which the servers differ.
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
}

// NewClient asks by an HTTP client that Retrying made.
func NewClient(by *http.Client, about Repository, token Token) (*Client, error) {
	if token.IsZero() {
		return nil, errors.New("the API needs a token: give one in GITHUB_TOKEN")
	}
	base, err := address(about.API + "/")
	if err != nil {
		return nil, errors.New("the API's address must be a URL such as https://github.example.com/api/v3: " +
			"correct GITHUB_API_URL")
	}
	client := github.NewClient(by).WithAuthToken(token.value)
	client.BaseURL = base
	return &Client{Repository: about, github: client}, nil
}
