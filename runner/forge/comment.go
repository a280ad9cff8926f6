package forge

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/google/go-github/v62/github"
)

// PullRequest is a pull request of a repository.
type PullRequest struct {
	Repository
	Number int
}

// Post puts body on the pull request and returns the comment's address. It replaces the
// token's own comment that begins with marker, or else makes a new one: everybody may
// write a comment that begins so. If several reports post at once, one comment remains.
func (p PullRequest) Post(ctx context.Context, token Token, marker, body string) (url string, err error) {
	return p.post(ctx, Retrying(nil), token, marker, body)
}

func (p PullRequest) post(
	ctx context.Context, by *http.Client, token Token, marker, body string,
) (url string, err error) {
	client, err := NewClient(by, p.Repository, token)
	if err != nil {
		return "", err
	}
	author, err := client.login(ctx)
	if err != nil {
		return "", fmt.Errorf("cannot comment on %s#%d, since it is unknown whose the token is: %w",
			p, p.Number, explain(err, loginRemedies, token))
	}
	url, err = (&poster{p, author, marker, client.github.Issues}).put(ctx, body)
	if err != nil {
		return "", fmt.Errorf("cannot comment on %s#%d: %w", p, p.Number, explain(err, commentRemedies, token))
	}
	return url, nil
}

var commentRemedies = remedies{
	http.StatusUnauthorized: "give a valid token in GITHUB_TOKEN",
	http.StatusForbidden: "the token lacks the permission to write to pull requests. In a workflow, the job needs " +
		"'permissions: pull-requests: write', which a run for a fork never gets; " +
		"a fine-grained token needs 'Pull requests: read and write', a classic one the scope 'repo'",
	http.StatusNotFound: "there is no such pull request, or the token may not see it. In a workflow, the job needs " +
		"'permissions: pull-requests: write'; other tokens must have been given access to the repository",
}

// poster puts comments on one pull request. Concurrent reports agree by one rule: the
// oldest comment stays, the last report's body stands in it, and each removes the others.
type poster struct {
	PullRequest
	author string // login of the token's user or bot
	marker string
	issues *github.IssuesService
}

// put updates the comment or creates it. After a create it looks again: another report may
// have created one too, and a create that was answered with an error may have worked.
func (p *poster) put(ctx context.Context, body string) (url string, err error) {
	own, err := p.find(ctx)
	if err != nil {
		return "", err
	}
	url, updated, err := p.update(ctx, own, len(own), body)
	if err != nil || updated {
		return url, err
	}
	created, _, err := p.issues.CreateComment(ctx, p.Owner, p.Name, p.Number, &github.IssueComment{Body: &body})
	if err == nil {
		err = isComment(created)
	}
	if err != nil {
		return "", err
	}
	if own, err = p.find(ctx); err != nil {
		return "", err
	}
	older, _ := slices.BinarySearch(own, created.GetID())
	url, updated, err = p.update(ctx, own, older, body)
	if err != nil || updated {
		return url, err
	}
	return created.GetHTMLURL(), p.removeOthers(ctx, own, created.GetID())
}

// update puts body into the oldest of the first n comments that still exists, and removes
// all others.
func (p *poster) update(ctx context.Context, own []int64, n int, body string) (url string, updated bool, err error) {
	for _, id := range own[:n] {
		changed, _, err := p.issues.EditComment(ctx, p.Owner, p.Name, id, &github.IssueComment{Body: &body})
		if isStatus(err, http.StatusNotFound) {
			continue // it was just removed
		}
		if err == nil {
			err = isComment(changed)
		}
		if err != nil {
			return "", false, err
		}
		return changed.GetHTMLURL(), true, p.removeOthers(ctx, own, id)
	}
	return "", false, nil
}

// isComment refuses an answer that does not tell which comment it is about, and where that
// stands.
func isComment(answer *github.IssueComment) error {
	if answer.GetID() == 0 || answer.GetHTMLURL() == "" {
		return notTheAPI
	}
	return nil
}

// removeOthers removes all comments but one.
func (p *poster) removeOthers(ctx context.Context, own []int64, but int64) error {
	for _, id := range own {
		if id == but {
			continue
		}
		_, err := p.issues.DeleteComment(ctx, p.Owner, p.Name, id)
		if err != nil && !isStatus(err, http.StatusNotFound) { // another report was faster
			return err
		}
	}
	return nil
}

// find lists the ids of the author's comments that begin with the marker, oldest first.
func (p *poster) find(ctx context.Context) (own []int64, err error) {
	options := &github.IssueListCommentsOptions{ListOptions: github.ListOptions{PerPage: 100, Page: 1}}
	for range mostPages {
		comments, response, err := p.issues.ListComments(ctx, p.Owner, p.Name, p.Number, options)
		if err != nil {
			return nil, err
		}
		for _, c := range comments {
			if c.GetUser().GetLogin() == p.author && strings.HasPrefix(c.GetBody(), p.marker) {
				own = append(own, c.GetID())
			}
		}
		if response.NextPage == 0 {
			slices.Sort(own)
			return own, nil
		}
		options.Page = response.NextPage
	}
	return nil, endless
}
