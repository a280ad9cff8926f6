package forge

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/go-github/v62/github"
)

// remedies are what a person can do about a refusal, by its status.
type remedies map[int]string

// Explain says why a request for no repository failed, such as a download, without
// its address.
func Explain(err error) error { return explain(err, nil) }

// explain says what happened and what a person can do about it, without the
// requests in between.
func explain(err error, known remedies) error {
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
		return refused(answer, known)
	case errors.As(err, &unreachable):
		return fmt.Errorf("the server cannot be reached: %w", unreachable.Err)
	}
	return err
}

// limited says when a rate limit is over, if that is known.
func limited(until time.Time) error {
	if until.IsZero() {
		return errors.New("the token has used up its rate limit: try again later")
	}
	return fmt.Errorf("the token has used up its rate limit: try again after %s",
		until.UTC().Format("15:04:05 UTC on 2 January 2006"))
}

func after(wait *time.Duration) time.Time {
	if wait == nil {
		return time.Time{}
	}
	return time.Now().Add(*wait)
}

func refused(answer *github.ErrorResponse, known remedies) error {
	response := answer.Response
	if isRateLimit(response) {
		if wait, told := toldToWait(response, time.Now()); told {
			return limited(time.Now().Add(wait))
		}
		return limited(time.Time{})
	}
	said := fmt.Sprint(response.StatusCode)
	if answer.Message != "" {
		said = fmt.Sprintf("%d, %q", response.StatusCode, oneLine(answer.Message))
	}
	remedy := known[response.StatusCode]
	switch {
	case remedy != "":
		return fmt.Errorf("%s (the server says %s)", remedy, said)
	case response.StatusCode >= http.StatusInternalServerError:
		return fmt.Errorf("the server is in trouble (%s): try again later", said)
	}
	return fmt.Errorf("the server refuses it (%s)", said)
}

// aSentence is how much of an answer's message is shown, in characters.
const aSentence = 200

// oneLine is a server's message in a line of bounded length.
func oneLine(text string) string {
	letters := []rune(strings.Join(strings.Fields(strings.ToValidUTF8(text, "\uFFFD")), " "))
	if len(letters) > aSentence {
		return string(letters[:aSentence-1]) + "…"
	}
	return string(letters)
}

// isStatus tells whether the server answered with a status. A rate limit has none,
// whatever its answer.
func isStatus(err error, status int) bool {
	var answer *github.ErrorResponse
	return errors.As(err, &answer) && answer.Response != nil &&
		answer.Response.StatusCode == status && !isRateLimit(answer.Response)
}
