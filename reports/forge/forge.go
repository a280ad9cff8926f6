// Package forge speaks to a server that has GitHub's API: GitHub itself, a GitHub
// Enterprise Server, or Gitea as far as it is alike. It makes go-github's client
// one that gets over what passes (retry.go), and its errors such that a person
// can act on them (explain.go). What is asked, and what a refusal means there,
// is the business of whoever asks: the comment on a pull request, and the
// registration of runners.
package forge

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/go-github/v62/github"
)

// NewClient speaks to the API at an address, such as GITHUB_API_URL gives it;
// empty is github.com's. An error says which setting is wrong, and never the
// token.
func NewClient(http *http.Client, api, token string) (*github.Client, error) {
	client := github.NewClient(http).WithAuthToken(strings.TrimSpace(token))
	if api == "" {
		return client, nil
	}
	base, err := url.Parse(strings.TrimSuffix(api, "/") + "/")
	if err != nil || base.Host == "" || base.Scheme != "https" && base.Scheme != "http" {
		return nil, errors.New("the API's address is no URL such as https://github.example.com/api/v3: correct GITHUB_API_URL")
	}
	client.BaseURL = base
	return client, nil
}
