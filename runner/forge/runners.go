package forge

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/go-github/v62/github"
)

// Runner is a runner as the server knows it.
type Runner struct {
	Name   string   `json:"runner"`
	ID     int64    `json:"id"`
	Online bool     `json:"online"`
	Busy   bool     `json:"busy"`
	Labels []string `json:"labels"`
	// Version is the runner's release; empty if the server does not say.
	Version string `json:"version,omitempty"`
}

// explain says what was asked for, and what to do about the error.
func (c *Client) explain(asked string, err error) error {
	return fmt.Errorf("%s: cannot %s: %w", c, asked, explain(err, c.runnerRemedies(), c.token))
}

func (c *Client) runnerRemedies() remedies {
	dialect := c.dialect()
	permission := "managing runners takes an administrator: " + dialect.permission
	return remedies{
		http.StatusUnauthorized: "the token is wrong or expired: give a valid one in GITHUB_TOKEN",
		http.StatusForbidden:    "the token may not do this; " + permission,
		http.StatusNotFound: fmt.Sprintf("there is no repository %s at %s, or the token may not administer it%s; %s",
			c, c.API, dialect.notFound, permission),
		http.StatusMethodNotAllowed: "this release of the server has no such call: " +
			"do it in the repository's settings, under Actions, Runners",
		http.StatusUnprocessableEntity: "the runner is running a job: wait until it is idle",
	}
}

// RegistrationToken is a token that registers a runner within the hour.
func (c *Client) RegistrationToken(ctx context.Context) (Token, error) {
	const asked = "get a registration token"
	var made github.RegistrationToken
	if err := c.call(ctx, c.TokenMethod(), "/registration-token", &made); err != nil {
		return Token{}, c.explain(asked, err)
	}
	token := NewToken(made.GetToken())
	if token.IsZero() {
		return Token{}, c.explain(asked, answerError("the server's answer contains none"))
	}
	return token, nil
}

// call makes a call about runners that the library does not have, or not with all that the
// server answers.
func (c *Client) call(ctx context.Context, method, what string, answer any) error {
	request, err := c.github.NewRequest(method, strings.TrimPrefix(c.Endpoint(what), c.API+"/"), nil)
	if err != nil {
		return err
	}
	_, err = c.github.Do(ctx, request, answer)
	return err
}

// JobsUntil is when GitHub gives no more jobs to a release of its runner; zero if it has not
// set the time. It is an error if the server does not know: GitHub Enterprise Server has no
// such call.
func (c *Client) JobsUntil(ctx context.Context, release string) (time.Time, error) {
	var schedule struct {
		Release string    `json:"runner_version"`
		Jobs    time.Time `json:"runtime_deprecates_at"` // may be null
	}
	err := c.call(ctx, http.MethodGet, "/deprecations/"+release, &schedule)
	if err == nil && schedule.Release != release {
		err = notTheAPI
	}
	if err != nil {
		return time.Time{}, c.explain("ask until when release "+release+" gets jobs", err)
	}
	return schedule.Jobs, nil
}

// Download is where GitHub's runner can be downloaded.
type Download struct {
	Name   string // of the file
	URL    string
	Token  Token  // for that address; zero if it needs none
	SHA256 string // of the file, hexadecimal; empty if the server does not say
}

// Download finds GitHub's runner for Linux on an architecture, as GitHub calls it.
func (c *Client) Download(ctx context.Context, architecture string) (Download, error) {
	all, _, err := c.github.Actions.ListRunnerApplicationDownloads(ctx, c.Owner, c.Name)
	if err != nil {
		return Download{}, c.explain("list the runner's downloads", err)
	}
	var others []string
	for _, d := range all {
		if d.GetOS() == "linux" && d.GetArchitecture() == architecture {
			return Download{
				Name: d.GetFilename(), URL: d.GetDownloadURL(),
				Token: NewToken(d.GetTempDownloadToken()), SHA256: d.GetSHA256Checksum(),
			}, nil
		}
		others = append(others, d.GetOS()+"/"+d.GetArchitecture())
	}
	return Download{}, fmt.Errorf("the server offers no runner for linux/%s, only for %s; give one with --runner-archive",
		architecture, strings.Join(others, ", "))
}

// listed is a runner in the server's list.
type listed struct {
	github.Runner
	Version string `json:"version"` // null until it has connected
}

// Runners are all runners of the repository, by name. It counts the pages, since not every
// server names the next one.
func (c *Client) Runners(ctx context.Context) (all []Runner, err error) {
	for number := range mostPages {
		var page struct {
			TotalCount int       `json:"total_count"`
			Runners    []*listed `json:"runners"`
		}
		err := c.call(ctx, http.MethodGet, fmt.Sprintf("?per_page=100&page=%d", number+1), &page)
		if err == nil && slices.Contains(page.Runners, nil) {
			err = notTheAPI
		}
		if err != nil {
			return nil, c.explain("list the runners", err)
		}
		for _, r := range page.Runners {
			all = append(all, known(r))
		}
		if len(page.Runners) == 0 || len(all) >= page.TotalCount {
			slices.SortFunc(all, func(a, b Runner) int {
				return cmp.Or(strings.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
			})
			return all, nil
		}
	}
	return nil, c.explain("list the runners", endless)
}

func known(r *listed) Runner {
	runner := Runner{
		Name: r.GetName(), ID: r.GetID(), Online: isOnline(r.GetStatus()), Busy: r.GetBusy(), Labels: []string{},
		Version: r.Version,
	}
	for _, label := range r.Labels {
		runner.Labels = append(runner.Labels, label.GetName())
	}
	return runner
}

// Runner finds a runner by its name, whatever its case.
func (c *Client) Runner(ctx context.Context, name string) (found Runner, exists bool, err error) {
	all, err := c.Runners(ctx)
	if err != nil {
		return Runner{}, false, err
	}
	i := slices.IndexFunc(all, func(r Runner) bool { return strings.EqualFold(r.Name, name) })
	if i < 0 {
		return Runner{}, false, nil
	}
	return all[i], true, nil
}

// Forget removes a runner from the server. It is no error if the server does not know it.
func (c *Client) Forget(ctx context.Context, id int64) error {
	_, err := c.github.Actions.RemoveRunner(ctx, c.Owner, c.Name, id)
	if err != nil && !isStatus(err, http.StatusNotFound) {
		return c.explain("unregister the runner", err)
	}
	return nil
}
