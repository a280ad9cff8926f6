package comment

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/google/go-github/v62/github"
)

// remedies are what a person can do about the API's refusals.
var remedies = map[int]string{
	http.StatusUnauthorized: "give a valid token in GITHUB_TOKEN",
	http.StatusForbidden: "the token lacks the permission to write to pull requests. In a workflow, the job needs 'permissions: pull-requests: write', " +
		"which a run for a fork never gets; a fine-grained token needs 'Pull requests: read and write', a classic one the scope 'repo'",
	http.StatusNotFound: "there is no such pull request, or the token may not see it. In a workflow, the job needs 'permissions: pull-requests: write'; " +
		"other tokens must have been given access to the repository",
}

// explain says what happened and what a person can do about it, without the
// requests in between.
func (p Place) explain(err error) error {
	return fmt.Errorf("cannot comment on %s/%s#%d: %w", p.Owner, p.Repo, p.Number, explained(err))
}

func explained(err error) error {
	var (
		primary     *github.RateLimitError
		secondary   *github.AbuseRateLimitError
		answer      *github.ErrorResponse
		unreachable *url.Error
	)
	switch {
	case errors.As(err, &primary):
		return limited(primary.Rate.Reset.Time)
	case errors.As(err, &secondary):
		return limited(after(secondary.RetryAfter))
	case errors.As(err, &answer) && answer.Response != nil:
		return refused(answer)
	case errors.As(err, &unreachable):
		return fmt.Errorf("the server cannot be reached: %w", unreachable.Err)
	}
	return err
}

// limited is an error that says when a limit is over, where that is known.
func limited(until time.Time) error {
	if until.IsZero() {
		return errors.New("the token has used up its rate limit: try again later")
	}
	return fmt.Errorf("the token has used up its rate limit: try again after %s", until.UTC().Format("15:04:05 UTC on 2 January 2006"))
}

func after(wait *time.Duration) time.Time {
	if wait == nil {
		return time.Time{}
	}
	return time.Now().Add(*wait)
}

func refused(answer *github.ErrorResponse) error {
	response := answer.Response
	if isRateLimit(response) {
		if wait, told := toldToWait(response, time.Now()); told {
			return limited(time.Now().Add(wait))
		}
		return limited(time.Time{})
	}
	said := fmt.Sprint(response.StatusCode)
	if answer.Message != "" {
		said = fmt.Sprintf("%d, %q", response.StatusCode, plain(answer.Message, aSentence))
	}
	remedy := remedies[response.StatusCode]
	switch {
	case remedy != "":
		return fmt.Errorf("%s (the server says %s)", remedy, said)
	case response.StatusCode >= http.StatusInternalServerError:
		return fmt.Errorf("the server is in trouble (%s): try again later", said)
	}
	return fmt.Errorf("the server refuses it (%s)", said)
}

// isStatus tells an answer of the server by its status. A rate limit is none of
// them, whatever its status.
func isStatus(err error, status int) bool {
	var answer *github.ErrorResponse
	return errors.As(err, &answer) && answer.Response != nil &&
		answer.Response.StatusCode == status && !isRateLimit(answer.Response)
}
