package forge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/go-github/v62/github"
)

// remedies say by status what a person can do about a refusal.
type remedies map[int]string

// Explain says why a request outside a repository failed, such as a download. It leaves
// out the address.
func Explain(err error, secret Token) error { return explain(err, nil, secret) }

// explain says what happened and what a person can do about it, without the words of HTTP
// and without the token, whatever the server said.
func explain(err error, known remedies, secret Token) error {
	var second *github.TwoFactorAuthError
	if errors.As(err, &second) {
		err = (*github.ErrorResponse)(second)
	}
	var refusal *github.ErrorResponse
	if errors.As(err, &refusal) {
		refusal.Message = secret.HideIn(refusal.Message) // before it is cut
	}
	return discreet{reason(err, known), secret}
}

// discreet is an error without the token in its text.
type discreet struct {
	error
	secret Token
}

func (d discreet) Error() string { return d.secret.HideIn(d.error.Error()) }
func (d discreet) Unwrap() error { return d.error }

func reason(err error, known remedies) error {
	var (
		primary     *github.RateLimitError
		secondary   *github.AbuseRateLimitError
		answer      *github.ErrorResponse
		unusable    answerError
		shape       *json.UnmarshalTypeError
		date        *time.ParseError
		unreachable *url.Error
	)
	switch {
	case errors.As(err, &primary):
		return limited(primary.Rate.Reset.Time)
	case errors.As(err, &secondary):
		return limited(until(toldToWait(secondary.Response)))
	case errors.As(err, &answer) && answer.Response != nil:
		return refused(answer, known)
	case errors.As(err, &unusable):
		return unusable
	case errors.As(err, &shape), errors.As(err, &date):
		return notTheAPI
	case errors.Is(err, context.DeadlineExceeded):
		return errors.New("the server did not answer in time: try again later")
	case errors.As(err, &unreachable):
		return fmt.Errorf("the server cannot be reached: %w", unreachable.Err)
	}
	return err
}

// limited says when a rate limit ends, if that is known.
func limited(until time.Time) error {
	if until.IsZero() {
		return errors.New("the token has used up its rate limit: try again later")
	}
	return fmt.Errorf("the token has used up its rate limit: try again after %s",
		until.UTC().Format("15:04:05 UTC on 2 January 2006"))
}

// until is when a wait from now on is over; zero if the wait is not known.
func until(wait time.Duration, known bool) time.Time {
	if !known {
		return time.Time{}
	}
	return time.Now().Add(wait)
}

func refused(answer *github.ErrorResponse, known remedies) error {
	response := answer.Response
	if isRateLimit(response) {
		return limited(until(toldToWait(response)))
	}
	said := fmt.Sprint(response.StatusCode)
	if answer.Message != "" {
		said += fmt.Sprintf(", %q", oneLine(answer.Message))
	}
	remedy := known[response.StatusCode]
	switch {
	case remedy != "":
		return fmt.Errorf("%s (the server says %s)", remedy, said)
	case response.StatusCode >= http.StatusInternalServerError:
		return fmt.Errorf("the server failed (%s): try again later", said)
	}
	return fmt.Errorf("the server refuses the request (%s)", said)
}

// oneLine is a server's message in a line of at most 200 characters.
func oneLine(text string) string {
	letters := []rune(strings.Join(strings.Fields(text), " "))
	if len(letters) > 200 {
		letters = append(letters[:199], '…')
	}
	return string(letters)
}

// isStatus tells whether the server answered with a status, other than by a rate limit.
func isStatus(err error, status int) bool {
	var answer *github.ErrorResponse
	return errors.As(err, &answer) && answer.Response != nil &&
		answer.Response.StatusCode == status && !isRateLimit(answer.Response)
}
