package forge

import (
	"context"
	"net/http"
	"strings"
)

var loginRemedies = remedies{
	http.StatusUnauthorized: "give a valid token in GITHUB_TOKEN",
	http.StatusForbidden:    "the token may not see its own user; one of Gitea needs the scope 'read:user'",
	http.StatusNotFound: "the API's address is wrong: Gitea's ends in " + giteaAPI +
		", a GitHub Enterprise Server's in " + enterpriseAPI,
}

// login is the name of the token's user or bot, as the author of its comments.
//
// GitHub's GET /user refuses the token of an app, such as a workflow's GITHUB_TOKEN; the
// viewer of its GraphQL API is github-actions[bot] then. Gitea has no GraphQL; its GET
// /user knows the user of a workflow's token too.
func (c *Client) login(ctx context.Context) (string, error) {
	var name string
	if c.IsGitea() {
		user, _, err := c.github.Users.Get(ctx, "")
		if err != nil {
			return "", err
		}
		name = user.GetLogin()
	} else {
		request, err := c.github.NewRequest(http.MethodPost, c.graphQL(), map[string]string{"query": "{viewer{login}}"})
		if err != nil {
			return "", err
		}
		var answer struct {
			Data struct{ Viewer struct{ Login string } }
		}
		if _, err := c.github.Do(ctx, request, &answer); err != nil {
			return "", err
		}
		name = answer.Data.Viewer.Login
	}
	if name == "" {
		return "", answerError("the server does not say whose token it is")
	}
	return name, nil
}

// graphQL is the address of GitHub's GraphQL API, relative to the REST API's.
func (r Repository) graphQL() string {
	if strings.HasSuffix(r.API, enterpriseAPI) {
		return "../graphql"
	}
	return "graphql"
}
