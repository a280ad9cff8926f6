package forge

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

const (
	// mostRetries is how often a request is repeated.
	mostRetries = 5
	firstWait   = time.Second
	// limitWait is the first wait for a limit whose answer has no time; GitHub asks
	// for a minute at least.
	limitWait = time.Minute
	// longestWait bounds one wait. A primary limit is reset within the hour, which is
	// too long for a job to wait.
	longestWait = 10 * time.Minute
	// perAttempt bounds one request with its answer.
	perAttempt = time.Minute
)

// Retrying is a client that repeats a request after a broken connection, a 5xx, and
// GitHub's primary and secondary rate limits, which are answered with 403 or 429. It
// waits before each repetition as long as wait says; nil waits as the server asks.
func Retrying(wait retryablehttp.Backoff) *http.Client {
	if wait == nil {
		wait = backoff
	}
	client := retryablehttp.NewClient()
	client.HTTPClient.Timeout = perAttempt
	client.Logger = nil
	client.RetryMax = mostRetries
	client.RetryWaitMin, client.RetryWaitMax = firstWait, longestWait
	client.CheckRetry = worthRetrying
	client.Backoff = wait
	client.ErrorHandler = oneOfBoth
	return &http.Client{Transport: unaccounted{client.StandardClient().Transport}}
}

// worthRetrying makes no error of an answer, so that the last answer is explained.
func worthRetrying(ctx context.Context, response *http.Response, err error) (bool, error) {
	if err == nil && ctx.Err() == nil && isRateLimit(response) {
		wait, told := toldToWait(response, time.Now())
		return !told || wait <= longestWait, nil
	}
	return retryablehttp.DefaultRetryPolicy(ctx, response, err)
}

// oneOfBoth gives an answer or an error, as a transport must.
func oneOfBoth(response *http.Response, err error, _ int) (*http.Response, error) {
	if err != nil && response != nil {
		response.Body.Close()
		response = nil
	}
	return response, err
}

// isRateLimit tells a limit from a lack of permission, both of which are 403.
func isRateLimit(response *http.Response) bool {
	switch response.StatusCode {
	case http.StatusTooManyRequests:
		return true
	case http.StatusForbidden:
		_, told := toldToWait(response, time.Now())
		return told || saysRateLimit(response)
	}
	return false
}

// mostRead bounds what is read of an answer before it is handed on.
const mostRead = 1 << 16

// saysRateLimit tells a secondary limit that only the answer's text names. The
// body can still be read afterwards.
func saysRateLimit(response *http.Response) bool {
	start, _ := io.ReadAll(io.LimitReader(response.Body, mostRead)) // what breaks off here names no limit
	response.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(start), response.Body), response.Body}
	return bytes.Contains(start, []byte("secondary rate limit"))
}

// toldToWait is how long the server asks to wait: Retry-After in seconds, or, of
// a limit, until X-RateLimit-Reset in seconds since 1970 has passed.
func toldToWait(response *http.Response, now time.Time) (wait time.Duration, told bool) {
	if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil && seconds >= 0 {
		return time.Duration(seconds) * time.Second, true
	}
	if !mayBeRateLimit(response) || response.Header.Get("X-RateLimit-Remaining") != "0" {
		return 0, false
	}
	reset, err := strconv.ParseInt(response.Header.Get("X-RateLimit-Reset"), 10, 64)
	return max(0, time.Unix(reset, 0).Sub(now)) + time.Second, err == nil
}

func mayBeRateLimit(response *http.Response) bool {
	return response.StatusCode == http.StatusForbidden || response.StatusCode == http.StatusTooManyRequests
}

// backoff is as long as the server asks, or doubles from attempt to attempt. The
// answer's body is gone by now; a 403 that is tried again was a limit.
func backoff(first, longest time.Duration, attempt int, response *http.Response) time.Duration {
	if response == nil {
		return min(first<<attempt, longest)
	}
	if wait, told := toldToWait(response, time.Now()); told {
		return min(wait, longest)
	}
	if mayBeRateLimit(response) {
		first = limitWait
	}
	return min(first<<attempt, longest)
}

// unaccounted hides from go-github how much of the primary limit is left, unless the
// answer is a refusal: after "none left" go-github would refuse the next call itself,
// where this client asks and, if it must, waits.
type unaccounted struct{ http.RoundTripper }

func (u unaccounted) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := u.RoundTripper.RoundTrip(request)
	if err == nil && !mayBeRateLimit(response) {
		response.Header.Del("X-RateLimit-Reset")
	}
	return response, err
}
