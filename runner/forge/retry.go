package forge

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

const (
	mostRetries = 5
	firstWait   = time.Second
	// limitWait is the first wait after a rate limit without a time. GitHub asks for a
	// minute at least.
	limitWait = time.Minute
	// longestWait bounds one wait. A primary limit lasts up to an hour, which is too long
	// for a job to wait.
	longestWait = 10 * time.Minute
	// longestWaits bounds all waits of a client together, as long as one command has it: a
	// server that limits every call must not hold a job for hours.
	longestWaits = 15 * time.Minute
	// longestTold bounds what a server can say, so that no sum overflows.
	longestTold = 100 * 365 * 24 * time.Hour
	// perAttempt bounds one request with its answer.
	perAttempt = time.Minute
)

// Retrying is a client for NewClient. It repeats a request after a broken connection, a
// 5xx, and GitHub's primary and secondary rate limits, which are answered with 403 or 429.
// wait is the time before each repetition; nil waits as long as the server asks, at most
// longestWait, and longestWaits in all. A redirect is left to NewClient.
func Retrying(wait retryablehttp.Backoff) *http.Client {
	if wait == nil {
		wait = backoff
	}
	client := retryablehttp.NewClient()
	client.HTTPClient.Timeout = perAttempt
	client.HTTPClient.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	client.Logger = nil
	client.RetryMax = mostRetries
	client.RetryWaitMin, client.RetryWaitMax = firstWait, longestWait
	patience := &patience{wait: wait, left: longestWaits}
	client.CheckRetry = patience.worthRetrying
	client.Backoff = patience.backoff
	client.ErrorHandler = oneOfBoth
	return &http.Client{Transport: unaccounted{client.StandardClient().Transport}}
}

// patience is how long a client still waits. Its requests share it.
type patience struct {
	wait retryablehttp.Backoff
	mu   sync.Mutex
	left time.Duration
}

// backoff is the wait, as far as patience lasts.
func (p *patience) backoff(first, longest time.Duration, attempt int, response *http.Response) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	wait := min(p.wait(first, longest, attempt, response), p.left)
	p.left -= wait
	return wait
}

// worthRetrying is false, without an error, for a wait that patience does not last for.
func (p *patience) worthRetrying(ctx context.Context, response *http.Response, err error) (bool, error) {
	p.mu.Lock()
	left := p.left
	p.mu.Unlock()
	if err == nil {
		if wait, told := toldToWait(response); told && wait > left {
			return false, nil
		}
	}
	again, failed := worthRetrying(ctx, response, err)
	return again && left > 0, failed
}

// worthRetrying returns no error for an answer, so that the last answer can be explained.
func worthRetrying(ctx context.Context, response *http.Response, err error) (bool, error) {
	if err == nil && ctx.Err() == nil {
		if wait, told := toldToWait(response); told && wait > longestWait {
			return false, nil
		}
		if isRateLimit(response) {
			return true, nil
		}
	}
	return retryablehttp.DefaultRetryPolicy(ctx, response, err)
}

// oneOfBoth returns an answer or an error, as a transport must.
func oneOfBoth(response *http.Response, err error, _ int) (*http.Response, error) {
	if err != nil && response != nil {
		response.Body.Close()
		response = nil
	}
	return response, err
}

// isRateLimit tells a rate limit from a lack of permission; both are 403.
func isRateLimit(response *http.Response) bool {
	if response.StatusCode != http.StatusForbidden {
		return response.StatusCode == http.StatusTooManyRequests
	}
	_, told := toldToWait(response)
	return told || saysRateLimit(response)
}

// saysRateLimit recognizes a secondary limit that only the answer's text names. The
// body can still be read afterwards.
func saysRateLimit(response *http.Response) bool {
	start, _ := io.ReadAll(io.LimitReader(response.Body, 1<<16)) // a text that breaks off names no limit
	response.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(start), response.Body), response.Body}
	return bytes.Contains(start, []byte("secondary rate limit"))
}

// toldToWait is how long the server asks to wait: Retry-After in seconds or as a date or,
// for a rate limit, until X-RateLimit-Reset in seconds since 1970.
func toldToWait(response *http.Response) (wait time.Duration, told bool) {
	after := response.Header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(after, 10, 64); err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(min(seconds, uint64(longestTold/time.Second))) * time.Second, true
	}
	if date, err := http.ParseTime(after); err == nil {
		return remaining(date), true
	}
	if !mayBeRateLimit(response) || response.Header.Get("X-RateLimit-Remaining") != "0" {
		return 0, false
	}
	reset, err := strconv.ParseInt(response.Header.Get("X-RateLimit-Reset"), 10, 64)
	return remaining(time.Unix(reset, 0)) + time.Second, err == nil
}

// remaining is the time until then.
func remaining(then time.Time) time.Duration { return min(max(0, time.Until(then)), longestTold) }

func mayBeRateLimit(response *http.Response) bool {
	return response.StatusCode == http.StatusForbidden || response.StatusCode == http.StatusTooManyRequests
}

// backoff waits as long as the server asks, or doubles the wait with each attempt. The
// answer's body is gone by now; a 403 that is repeated was a rate limit.
func backoff(first, longest time.Duration, attempt int, response *http.Response) time.Duration {
	if response == nil {
		return min(first<<attempt, longest)
	}
	if wait, told := toldToWait(response); told {
		return min(wait, longest)
	}
	if mayBeRateLimit(response) {
		first = limitWait
	}
	return min(first<<attempt, longest)
}

// unaccounted hides from go-github how much of the primary limit is left, unless the
// answer is a refusal: after "none left" go-github would refuse the next call by itself,
// while this client asks and, if necessary, waits.
type unaccounted struct{ http.RoundTripper }

func (u unaccounted) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := u.RoundTripper.RoundTrip(request)
	if err == nil && !mayBeRateLimit(response) {
		response.Header.Del("X-RateLimit-Reset")
	}
	return response, err
}
