package forge

import (
	"cmp"
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
// comment that begins with marker if the token may change it, or else makes a new one. If
// several reports post at once, one comment remains.
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
	poster := &poster{PullRequest: p, marker: marker, issues: client.github.Issues}
	url, err = poster.put(ctx, body)
	if err != nil {
		return "", fmt.Errorf("cannot comment on %s#%d: %w", p, p.Number, explain(err, commentRemedies))
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
	marker string
	issues *github.IssuesService
}

func (p *poster) put(ctx context.Context, body string) (url string, err error) {
	marked, err := p.find(ctx)
	if err != nil {
		return "", err
	}
	for _, c := range marked {
		url, err := p.update(ctx, c, body)
		if isStatus(err, http.StatusForbidden) || isStatus(err, http.StatusNotFound) {
			continue // somebody else copied the marker, or the comment was just removed
		}
		if err != nil {
			return "", err
		}
		return url, p.removeOthers(ctx, c, marked)
	}
	return p.create(ctx, body)
}

// create makes a comment and verifies that it is the only one: another report may have
// made one too, and a create that was answered with an error may have worked.
func (p *poster) create(ctx context.Context, body string) (url string, err error) {
	created, _, err := p.issues.CreateComment(ctx, p.Owner, p.Name, p.Number, &github.IssueComment{Body: &body})
	if err != nil {
		return "", err
	}
	marked, err := p.find(ctx)
	if err != nil {
		return "", err
	}
	own := slices.IndexFunc(marked, func(c *github.IssueComment) bool { return sameAuthor(c, created) })
	if own >= 0 && marked[own].GetID() != created.GetID() {
		return p.put(ctx, body) // into the older one
	}
	return created.GetHTMLURL(), p.removeOthers(ctx, created, marked)
}

func (p *poster) update(ctx context.Context, c *github.IssueComment, body string) (url string, err error) {
	updated, _, err := p.issues.EditComment(ctx, p.Owner, p.Name, c.GetID(), &github.IssueComment{Body: &body})
	return updated.GetHTMLURL(), err
}

// removeOthers removes the other comments of the author of one.
func (p *poster) removeOthers(ctx context.Context, one *github.IssueComment, marked []*github.IssueComment) error {
	for _, c := range marked {
		if c.GetID() == one.GetID() || !sameAuthor(c, one) {
			continue
		}
		_, err := p.issues.DeleteComment(ctx, p.Owner, p.Name, c.GetID())
		if err != nil && !isStatus(err, http.StatusNotFound) { // another report was faster
			return err
		}
	}
	return nil
}

func sameAuthor(a, b *github.IssueComment) bool {
	return a.GetUser().GetLogin() == b.GetUser().GetLogin()
}

// find lists the comments that begin with the marker, oldest first.
func (p *poster) find(ctx context.Context) (marked []*github.IssueComment, err error) {
	options := &github.IssueListCommentsOptions{ListOptions: github.ListOptions{PerPage: 100, Page: 1}}
	for options.Page != 0 {
		comments, response, err := p.issues.ListComments(ctx, p.Owner, p.Name, p.Number, options)
		if err != nil {
			return nil, err
		}
		for _, c := range comments {
			if strings.HasPrefix(c.GetBody(), p.marker) {
				marked = append(marked, c)
			}
		}
		options.Page = response.NextPage
	}
	slices.SortFunc(marked, func(a, b *github.IssueComment) int { return cmp.Compare(a.GetID(), b.GetID()) })
	return marked, nil
}
