package comment

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/google/go-github/v62/github"

	"coldstart/reports/forge"
)

// Place is a pull request on a server that speaks GitHub's API.
type Place struct {
	API    string // address, such as GITHUB_API_URL gives it; empty for github.com
	Token  string
	Owner  string
	Repo   string
	Number int // of the pull request
}

// Posted is what became of a comment.
type Posted struct {
	URL     string
	Updated bool // an earlier comment was updated
}

// Post puts body on the pull request: into the comment that begins with marker,
// if there is one that may be changed, or else into a new one. If several
// reports post at once, one comment is left. An error says what is lacking, and
// never the token.
func Post(ctx context.Context, place Place, marker, body string) (Posted, error) {
	return post(ctx, forge.Retrying(forge.Backoff), place, marker, body)
}

func post(ctx context.Context, http *http.Client, place Place, marker, body string) (Posted, error) {
	client, err := place.client(http)
	if err != nil {
		return Posted{}, err
	}
	p := &poster{Place: place, marker: marker, issues: client.Issues}
	posted, err := p.post(ctx, body)
	if err != nil {
		return Posted{}, place.explain(err)
	}
	return posted, nil
}

// client speaks to the server that the place is on. An error says which setting
// is wrong.
func (p Place) client(http *http.Client) (*github.Client, error) {
	if strings.TrimSpace(p.Token) == "" {
		return nil, errors.New("there is no token to comment with: give one in GITHUB_TOKEN")
	}
	return forge.NewClient(http, p.API, p.Token)
}

// poster puts comments on one pull request. Reports that post at once agree
// without talking to each other: the oldest comment stays, with the body of
// whoever comes last, and each removes the others.
type poster struct {
	Place
	marker string
	issues *github.IssuesService
}

func (p *poster) post(ctx context.Context, body string) (Posted, error) {
	marked, err := p.find(ctx)
	if err != nil {
		return Posted{}, err
	}
	for _, c := range marked {
		posted, err := p.update(ctx, c, body)
		if forge.IsStatus(err, http.StatusForbidden) || forge.IsStatus(err, http.StatusNotFound) {
			continue // of somebody else, who copied the marker, or just removed
		}
		if err != nil {
			return Posted{}, err
		}
		return posted, p.removeOthers(ctx, c, marked)
	}
	return p.create(ctx, body)
}

// create makes a comment, and looks whether it is the only one: another report
// may have made one too, and a create that was answered with an error may have
// worked all the same.
func (p *poster) create(ctx context.Context, body string) (Posted, error) {
	created, _, err := p.issues.CreateComment(ctx, p.Owner, p.Repo, p.Number, &github.IssueComment{Body: &body})
	if err != nil {
		return Posted{}, err
	}
	marked, err := p.find(ctx)
	if err != nil {
		return Posted{}, err
	}
	own := slices.IndexFunc(marked, func(c *github.IssueComment) bool { return sameAuthor(c, created) })
	if own >= 0 && marked[own].GetID() != created.GetID() {
		return p.post(ctx, body) // into that older one
	}
	return Posted{URL: created.GetHTMLURL()}, p.removeOthers(ctx, created, marked)
}

func (p *poster) update(ctx context.Context, c *github.IssueComment, body string) (Posted, error) {
	updated, _, err := p.issues.EditComment(ctx, p.Owner, p.Repo, c.GetID(), &github.IssueComment{Body: &body})
	return Posted{URL: updated.GetHTMLURL(), Updated: true}, err
}

// removeOthers removes the comments of one's author but that one.
func (p *poster) removeOthers(ctx context.Context, one *github.IssueComment, marked []*github.IssueComment) error {
	for _, c := range marked {
		if c.GetID() == one.GetID() || !sameAuthor(c, one) {
			continue
		}
		_, err := p.issues.DeleteComment(ctx, p.Owner, p.Repo, c.GetID())
		if err != nil && !forge.IsStatus(err, http.StatusNotFound) { // another report was faster
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
		comments, response, err := p.issues.ListComments(ctx, p.Owner, p.Repo, p.Number, options)
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
