package local

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"time"
)

// visitor waits until a server is ready, and then for the first token of a first request.
type visitor struct {
	address  string        // host:port; empty for an engine that ends by itself
	key      string        // of the server's API; empty: it asks for none
	patience time.Duration // of the first request

	ready, firstToken time.Time // zero if not reached
	health            string    // last answer that did not say ready; empty without one
}

const (
	// askEvery is how late the moment of being ready may be seen. Until the server listens,
	// a question costs both sides a refused connection, some 0.1 ms.
	askEvery = 20 * time.Millisecond
	// askAgain is the interval once the server answers, but not 200: each answer may be a
	// line of its log.
	askAgain = 200 * time.Millisecond
	// mostAnswer is how long a question may take.
	mostAnswer = 5 * time.Second
	// mostFirst is how long the first request may take.
	mostFirst = 2 * time.Minute
)

// firstRequest is the body of the first request. It names no model, which is the served one.
const firstRequest = `{"prompt": "Once upon a time", "max_tokens": 4, "temperature": 0, "stream": true}`

// client asks anew each time, as a load balancer does, and never by way of a proxy.
var client = &http.Client{
	Transport:     &http.Transport{DisableKeepAlives: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// A refusedError is an answer of a server that runs, but cannot serve the first request.
type refusedError struct{ text string }

func (e *refusedError) Error() string { return e.text }

func refused(format string, args ...any) error { return &refusedError{fmt.Sprintf(format, args...)} }

// visit returns once the first token is there, or why there is none.
func (v *visitor) visit(ctx context.Context) error {
	for {
		pause := v.ask(ctx)
		if pause == 0 {
			v.ready = time.Now()
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
	first, cancel := context.WithTimeout(ctx, v.patience)
	defer cancel()
	err := v.request(first)
	switch {
	case err == nil:
		v.firstToken = time.Now()
	case ctx.Err() == nil && first.Err() != nil:
		return refused("no token within %v", v.patience)
	}
	return err
}

// ask asks /health once. It returns how long to wait before the next time; 0 if the server is
// ready.
func (v *visitor) ask(ctx context.Context) (pause time.Duration) {
	one, cancel := context.WithTimeout(ctx, mostAnswer)
	defer cancel()
	connected := false
	one = httptrace.WithClientTrace(one, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected = true }})
	answer, err := v.send(one, http.MethodGet, "/health", "")
	switch {
	case err == nil:
		answer.Body.Close()
		if answer.StatusCode == http.StatusOK {
			return 0
		}
		v.health = "HTTP " + answer.Status
		return askAgain
	case errors.Is(err, context.Cause(one)):
		if connected || v.health == "" { // a question cut short in connecting says less than the one before
			v.health = "no answer"
		}
	case ctx.Err() == nil: // otherwise the server is being ended
		v.health = cause(err)
	}
	return askEvery
}

// request sends the first request, and returns at its first token.
func (v *visitor) request(ctx context.Context) error {
	answer, err := v.send(ctx, http.MethodPost, "/v1/completions", firstRequest)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	body := io.LimitReader(answer.Body, largestAnswer)
	if answer.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(body)
		return refused("HTTP %s: %s", answer.Status, cmp.Or((&event{}).read(text).problem(), oneLine(string(text))))
	}
	lines := bufio.NewScanner(body)
	lines.Buffer(nil, largestAnswer)
	for lines.Scan() {
		data, is := strings.CutPrefix(lines.Text(), "data: ")
		e := (&event{}).read([]byte(data))
		switch {
		case is && len(e.Choices) > 0: // even a token without text
			return nil
		case is && e.problem() != "":
			return refused("%s", e.problem())
		}
	}
	return cmp.Or(lines.Err(), refused("the answer ended without a token"))
}

func (v *visitor) send(ctx context.Context, method, path, body string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, "http://"+v.address+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	if v.key != "" {
		request.Header.Set("Authorization", "Bearer "+v.key)
	}
	return client.Do(request)
}

// event is a part of an answer: tokens, or an error in one of the forms that vLLM has had.
type event struct {
	Choices []json.RawMessage
	Message string
	Error   struct{ Message string }
}

// read leaves an event empty if the text is none.
func (e *event) read(text []byte) *event {
	if json.Unmarshal(text, e) != nil {
		return &event{}
	}
	return e
}

func (e *event) problem() string { return oneLine(cmp.Or(e.Error.Message, e.Message)) }

const (
	largestAnswer = 1 << 20 // bytes that are read
	longestWords  = 300     // bytes that are told
)

func oneLine(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	return strings.ToValidUTF8(text[:min(len(text), longestWords)], "")
}

// cause is why a question failed, without its addresses, which vary.
func cause(err error) string {
	var asked *url.Error
	var failed *net.OpError
	switch {
	case errors.As(err, &failed):
		err = failed.Err
	case errors.As(err, &asked):
		err = asked.Err
	}
	return oneLine(err.Error())
}
