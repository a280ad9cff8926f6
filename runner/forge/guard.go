package forge

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// What an answer may be.
const (
	// mostAnswer bounds one answer, in bytes. Gitea lists all comments in one answer;
	// GitHub 100 of at most 65,536 characters, of four bytes each.
	mostAnswer = 32 << 20
	// mostPages bounds one list. GitHub keeps at most 2,500 comments of a pull request and
	// 10,000 runners of a repository, 100 a page.
	mostPages = 100
)

// answerError says what is wrong with an answer that cannot be used.
type answerError string

func (e answerError) Error() string { return string(e) }

const (
	notTheAPI = answerError("the server's answer is not one of its API: check the API's address")
	endless   = answerError("the server's list does not end: check the API's address")
	tooLong   = answerError("the server's answer has more than 32 MiB: check the API's address") // mostAnswer
	noAnswer  = answerError("the server's answer is empty: check the API's address")
)

// guard is the transport of every Client. It sends the token to the API's own scheme, host
// and port and nothing anywhere else, also after a redirect; it reads a bounded answer, and
// hides a token that the server repeats in it, however it writes it. All that a command
// learns from the API has passed here.
type guard struct {
	next  http.RoundTripper
	base  *url.URL
	token Token
}

func (g guard) RoundTrip(request *http.Request) (*http.Response, error) {
	if to := request.URL; !sameServer(to, g.base) {
		if request.Body != nil {
			request.Body.Close()
		}
		return nil, answerError(fmt.Sprintf("the server redirects to %s://%s, which must not get the token: "+
			"if that is the server, give its API's address", to.Scheme, to.Host))
	}
	if !g.token.IsZero() {
		request = request.Clone(request.Context())
		request.Header.Set("Authorization", "Bearer "+g.token.value)
	}
	response, err := g.next.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	answer, err := read(response)
	if err != nil {
		return nil, err
	}
	answer = g.token.hideInJSON(answer)
	response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(answer)), int64(len(answer))
	return response, nil
}

func sameServer(a, b *url.URL) bool { return a.Scheme == b.Scheme && a.Host == b.Host }

// Downloading is a client for a Download. A redirect may lead it elsewhere, without the
// token.
func Downloading(limit time.Duration) *http.Client {
	return &http.Client{Timeout: limit, CheckRedirect: func(next *http.Request, before []*http.Request) error {
		if !sameServer(next.URL, before[0].URL) {
			next.Header.Del("Authorization")
		}
		if len(before) >= mostRedirects {
			return answerError("the server redirects without end")
		}
		return nil
	}}
}

const mostRedirects = 10

// read reads an answer to its end. It cuts one that refuses, of which the status matters.
func read(response *http.Response) ([]byte, error) {
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, mostAnswer+1))
	done := response.StatusCode == http.StatusOK || response.StatusCode == http.StatusCreated
	switch {
	case err != nil:
		return nil, err
	case !done:
		return answer[:min(len(answer), mostAnswer)], nil
	case len(answer) > mostAnswer:
		return nil, tooLong
	}
	switch text := bytes.TrimSpace(answer); {
	case len(text) == 0 || string(text) == "null":
		return nil, noAnswer
	case !json.Valid(text):
		return nil, notTheAPI
	}
	return answer, nil
}
