package forge

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// calls are all that this package asks of a server, by name.
var calls = map[string]func(context.Context, *Client) error{
	"comment": func(ctx context.Context, c *Client) error {
		_, err := PullRequest{c.Repository, 7}.post(ctx, Retrying(never), c.token, mark, body)
		return err
	},
	"runners": func(ctx context.Context, c *Client) error { _, err := c.Runners(ctx); return err },
	"registration token": func(ctx context.Context, c *Client) error {
		_, err := c.RegistrationToken(ctx)
		return err
	},
	"download": func(ctx context.Context, c *Client) error { _, err := c.Download(ctx, "x64"); return err },
	"public": func(ctx context.Context, c *Client) error {
		_, err := PublicWarning(ctx, Retrying(never), c.Repository, c.token)
		return err
	},
}

func never(time.Duration, time.Duration, int, *http.Response) time.Duration { return 0 }

// A useless answer is an error that a person understands, whatever was asked.
func TestUselessAnswers(t *testing.T) {
	const check = ": check the API's address"
	tests := map[string]struct{ answer, want string }{
		"empty":             {"", "the server's answer is empty" + check},
		"null":              {" null\n", "the server's answer is empty" + check},
		"a page":            {"<html><body>Welcome</body></html>", "the server's answer is not one of its API" + check},
		"cut":               {`{"total_count": 1, "runners": [`, "the server's answer is not one of its API" + check},
		"another value":     {`"no"`, "the server's answer is not one of its API" + check},
		"two million lists": {strings.Repeat("[", 2_000_000), "the server's answer is not one of its API" + check},
	}
	for name, test := range tests {
		for _, suffix := range []string{"", giteaAPI} {
			client := clientOf(t, suffix, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, test.answer) })
			for call, ask := range calls {
				t.Run(name+suffix+" to "+call, func(t *testing.T) {
					if err := ask(t.Context(), client); err == nil || !strings.HasSuffix(err.Error(), test.want) {
						t.Errorf("error %v", err)
					}
				})
			}
		}
	}
}

// Parts of an answer may be null or of another type.
func TestOddParts(t *testing.T) {
	for answer, want := range map[string]string{
		`{"total_count": 1, "runners": [null]}`:                   "not one of its API",
		`{"total_count": 1, "runners": 5}`:                        "not one of its API",
		`{"total_count": 1e300, "runners": []}`:                   "not one of its API",
		`{"total_count": 1, "runners": [{"labels": [null, {}]}]}`: "",
		`{"total_count": 1, "runners": null}`:                     "",
	} {
		client := clientOf(t, "", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, answer) })
		_, err := client.Runners(t.Context())
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v", answer, err)
		}
	}
	for name, changed := range map[string]string{"nothing": `{}`, "no address": `{"id": 1}`, "no number": `{"html_url": "https://x/"}`} {
		for _, before := range []string{`[]`, `[{"id": 1, "user": {"login": "somebody"}, "body": "` + mark + `"}]`} {
			client := clientOf(t, "", func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.URL.Path == "/graphql":
					io.WriteString(w, `{"data": {"viewer": {"login": "somebody"}}}`)
				case r.Method == http.MethodGet:
					io.WriteString(w, before)
				case r.Method == http.MethodDelete:
					t.Errorf("%s: a comment was removed", name)
				default:
					io.WriteString(w, changed)
				}
			})
			if err := calls["comment"](t.Context(), client); err == nil || !strings.Contains(err.Error(), "not one of its API") {
				t.Errorf("%s, before %s: error %v", name, before, err)
			}
		}
	}
	for _, comments := range []string{`[null, {"body": null, "user": null}, {}]`, `[{"created_at": "yesterday"}]`} {
		client := clientOf(t, "", func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/graphql":
				io.WriteString(w, `{"data": {"viewer": {"login": "somebody"}}}`)
			default:
				io.WriteString(w, comments)
			}
		})
		if err := calls["comment"](t.Context(), client); err == nil || !strings.Contains(err.Error(), "not one of its API") {
			t.Errorf("%s: error %v", comments, err)
		}
	}
	client := clientOf(t, "", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"data": {"viewer": null}}`) })
	if err := calls["comment"](t.Context(), client); err == nil || !strings.HasSuffix(err.Error(), "the server does not say whose token it is") {
		t.Errorf("error %v", err)
	}
}

// An answer without end costs mostAnswer bytes.
func TestEndlessAnswers(t *testing.T) {
	for status, want := range map[int]string{
		200: "the server's answer has more than 32 MiB: check the API's address",
		403: "(the server says 403)",
		500: "the server failed (500): try again later",
	} {
		var sent atomic.Int64
		client := clientOf(t, "", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			for part := strings.Repeat(" ", 1<<16); ; {
				n, err := io.WriteString(w, part)
				sent.Add(int64(n))
				if err != nil {
					return
				}
			}
		})
		_, err := client.Runners(t.Context())
		if err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%d: error %v", status, err)
		}
		const kept = 8 << 20 // more than sockets keep, of every try
		if n := sent.Load(); n > mostAnswer+(mostRetries+1)*kept {
			t.Errorf("%d: %d bytes were read", status, n)
		}
	}
}

// A list without end costs mostPages answers.
func TestEndlessLists(t *testing.T) {
	var asked atomic.Int64
	client := clientOf(t, "", func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		w.Header().Set("Link", `<http://`+r.Host+`/?page=2>; rel="next"`)
		switch {
		case r.URL.Path == "/graphql":
			io.WriteString(w, `{"data": {"viewer": {"login": "somebody"}}}`)
		case strings.HasSuffix(r.URL.Path, "/comments"):
			io.WriteString(w, `[]`)
		default:
			io.WriteString(w, `{"total_count": 2000000000, "runners": [{"name": "n1"}]}`)
		}
	})
	for _, call := range []string{"runners", "comment"} {
		asked.Store(0)
		err := calls[call](t.Context(), client)
		if n := asked.Load(); err == nil || !strings.HasSuffix(err.Error(), string(endless)) || n > mostPages+1 {
			t.Errorf("%s: error %v after %d requests", call, err, n)
		}
	}
}

// No message has the token in it, wherever the server repeats it.
func TestServerRepeatsTheToken(t *testing.T) {
	const secret = "ghs_0123456789abcdefghij"
	escaped := fmt.Sprintf(`\u%04x%s`, secret[0], secret[1:])
	long := strings.Repeat("x", 180)
	answers := map[string]http.HandlerFunc{
		"message":         func(w http.ResponseWriter, _ *http.Request) { refuse(w, 403, "bad token "+secret) },
		"escaped message": raw(422, `{"message": "`+escaped+`"}`),
		"cut message":     raw(422, `{"message": "`+long+escaped+`"}`),
		"one-time password": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-GitHub-OTP", "required")
			refuse(w, 401, long+secret)
		},
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://"+secret+".example/", http.StatusFound)
		},
		"not HTTP":    hijacked("HTTP/1.1 " + secret + "\r\n\r\n"),
		"no protocol": hijacked(secret + "\r\n\r\n"),
		"bad address": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "http://%zz"+secret)
			w.WriteHeader(http.StatusFound)
		},
		"answer": raw(200, `{"runners": "`+secret+`"}`),
	}
	for name, answer := range answers {
		client := clientOf(t, "", answer)
		client, err := NewClient(Retrying(never), client.Repository, NewToken(secret))
		if err != nil {
			t.Fatal(err)
		}
		for call, ask := range calls {
			t.Run(name+" to "+call, func(t *testing.T) {
				if err := ask(t.Context(), client); err == nil || strings.Contains(err.Error(), secret[:12]) {
					t.Errorf("error %v", err)
				}
			})
		}
	}
}

// No answer that is used has the token in it either, however the server writes it.
func TestServerRepeatsTheTokenInAnAnswer(t *testing.T) {
	var all strings.Builder
	for _, letter := range bot {
		fmt.Fprintf(&all, `\u%04X`, letter)
	}
	for _, written := range []string{bot, all.String(), fmt.Sprintf(`\u%04x%s`, bot[0], bot[1:]), `\"\\` + all.String() + `\n` + bot} {
		client := clientOf(t, "", func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.URL.Path == "/graphql":
				fmt.Fprintf(w, `{"data": {"viewer": {"login": "%s"}}}`, written)
			case strings.HasSuffix(r.URL.Path, "/downloads"):
				fmt.Fprintf(w, `[{"os": "linux", "architecture": "x64", "download_url": "https://x/%[1]s", "filename": "%[1]s"}]`, written)
			case r.Method == http.MethodPost:
				fmt.Fprintf(w, `{"id": 1, "html_url": "https://x/%s"}`, written)
			case strings.HasSuffix(r.URL.Path, "/comments"):
				io.WriteString(w, `[]`)
			default:
				fmt.Fprintf(w, `{"total_count": 1, "runners": [{"name": "%[1]s", "labels": [{"name": "%[1]s"}]}]}`, written)
			}
		})
		runners, err := client.Runners(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		download, err := client.Download(t.Context(), "x64")
		if err != nil {
			t.Fatal(err)
		}
		url, err := PullRequest{client.Repository, 7}.post(t.Context(), Retrying(never), client.token, mark, body)
		if err != nil {
			t.Fatal(err)
		}
		for _, got := range []string{fmt.Sprint(runners), download.URL, download.Name, url} {
			if strings.Contains(got, bot) || !strings.Contains(got, hidden) {
				t.Errorf("%s: %q", written, got)
			}
		}
	}
}

// Hiding a token changes nothing else.
func TestHideInJSON(t *testing.T) {
	tests := map[string]string{
		`{"a": 1e400, "b": "\u0067", "a": "\"x\\"}`: `{"a": 1e400, "b": "\u0067", "a": "\"x\\"}`,
		`{"gh\u0073_bot": ["\u003cghs_bot>"]}`:      `{"(a token)": ["\u003c(a token)>"]}`,
		`{"a": "\u003cgh\u0073_bot\n"}`:             `{"a": "\u003c(a token)\n"}`,
		`gh\u0073_bot`:                              `gh\u0073_bot`,
		`"\q" "gh\u0073_bot`:                        `"\q" "gh\u0073_bot`,
	}
	for text, want := range tests {
		if got := string(NewToken(bot).hideInJSON([]byte(text))); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func raw(status int, answer string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		io.WriteString(w, answer)
	}
}

// hijacked answers what no server of HTTP does.
func hijacked(answer string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		connection, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		io.WriteString(connection, answer)
		connection.Close()
	}
}

// The token goes to one scheme, host and port: a redirect that leads elsewhere is refused
// before anything is sent there.
func TestRedirects(t *testing.T) {
	var visits atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		visits.Add(1)
		io.WriteString(w, `{"total_count": 0, "runners": []}`)
	}))
	defer other.Close()
	redirecting := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL+r.URL.Path, http.StatusTemporaryRedirect)
	})
	plain, secure := httptest.NewServer(redirecting), httptest.NewTLSServer(redirecting)
	defer plain.Close()
	defer secure.Close()
	tests := map[string]struct {
		by  *http.Client
		api string
	}{
		"another port": {Retrying(never), plain.URL},
		"http":         {&http.Client{Transport: secure.Client().Transport}, secure.URL},
		"another name": {Retrying(never), strings.Replace(plain.URL, "127.0.0.1", "localhost", 1)},
	}
	for name, test := range tests {
		repository, err := NewRepository("me/vllm", test.api)
		if err != nil {
			t.Fatal(err)
		}
		client, err := NewClient(test.by, repository, NewToken(bot))
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			_, err := client.Runners(t.Context())
			if want := "the server redirects to " + other.URL + ", which must not get the token"; err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("error %v", err)
			}
		})
	}
	if n := visits.Load(); n > 0 {
		t.Errorf("%d requests went to the other server", n)
	}
}

// A repository that was renamed is found, by a redirect of the same server.
func TestRedirectOnTheServer(t *testing.T) {
	client := clientOf(t, "", func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("Authorization") != "Bearer "+bot:
			refuse(w, 401, "Bad credentials")
		case r.URL.Path == "/repositories/1/actions/runners":
			io.WriteString(w, `{"total_count": 1, "runners": [{"name": "n1"}]}`)
		default:
			http.Redirect(w, r, "/repositories/1/actions/runners", http.StatusMovedPermanently)
		}
	})
	if all, err := client.Runners(t.Context()); err != nil || len(all) != 1 {
		t.Errorf("%v, error %v", all, err)
	}
}

// A download goes on at another server, without the token.
func TestDownloading(t *testing.T) {
	got := make(chan string, 1)
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got <- r.Header.Get("Authorization")
	}))
	defer other.Close()
	first := httptest.NewServer(http.RedirectHandler(other.URL, http.StatusFound))
	defer first.Close()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, first.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+bot)
	response, err := Downloading(time.Minute).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if sent := <-got; sent != "" {
		t.Errorf("the other server got %q", sent)
	}
}

// Over http, a token goes to this machine alone, unless somebody accepts more.
func TestTokensOverHTTP(t *testing.T) {
	tests := []struct {
		api, web string
		insecure bool
		refused  string
	}{
		{"https://github.example.com/api/v3", "", false, ""},
		{"http://127.0.0.1:3000/api/v1", "", false, ""},
		{"http://[::1]/api/v1", "", false, ""},
		{"http://localhost/api/v1", "", false, ""},
		{"http://gitea.example.com/api/v1", "", false, "http://gitea.example.com/api/v1 is not https"},
		{"http://10.0.0.1/api/v1", "", false, "http://10.0.0.1/api/v1 is not https"},
		{"http://localhost.example.com/api/v1", "", false, "is not https"},
		{"http://gitea.example.com/api/v1", "", true, ""},
		{"https://gitea.example.com/api/v1", "http://gitea.example.com", false, "http://gitea.example.com is not https"},
	}
	for _, test := range tests {
		repository, err := NewRepository("me/vllm", test.api)
		if err == nil {
			repository, err = repository.WithWeb(test.web)
		}
		if err != nil {
			t.Fatal(err)
		}
		repository.InsecureHTTP = test.insecure
		_, err = NewClient(Retrying(nil), repository, NewToken(bot))
		if (err == nil) != (test.refused == "") || err != nil && !strings.Contains(err.Error(), test.refused) {
			t.Errorf("%s %s: error %v", test.api, test.web, err)
		}
	}
}

// No wait is longer than longestWait, and none is negative, whatever the server says.
func TestWaits(t *testing.T) {
	in := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(http.TimeFormat) }
	tests := []struct {
		after       string
		least, most time.Duration
		again       bool
	}{
		{"7", 7 * time.Second, 7 * time.Second, true},
		{"0", 0, 0, true},
		{"600", longestWait, longestWait, true},
		{"601", longestWait, longestWait, false},
		{"-5", limitWait, limitWait, true},
		{"soon", limitWait, limitWait, true},
		{"1e9", limitWait, limitWait, true},
		{"9223372036854775807", longestWait, longestWait, false},
		{"99999999999999999999999999", longestWait, longestWait, false},
		{in(time.Minute), 50 * time.Second, time.Minute, true},
		{in(-time.Hour), 0, 0, true},
		{in(100_000 * time.Hour), longestWait, longestWait, false},
		{"Fri, 31 Dec 9999 23:59:59 GMT", longestWait, longestWait, false},
	}
	for _, test := range tests {
		for _, status := range []int{429, 403, 503} {
			response := &http.Response{StatusCode: status, Header: http.Header{"Retry-After": {test.after}}, Body: http.NoBody}
			wait := backoff(firstWait, longestWait, 0, response)
			if test.least == limitWait && status == 503 {
				test.least, test.most = firstWait, firstWait // nothing is known
			}
			if wait < test.least || wait > test.most {
				t.Errorf("%d, Retry-After %s: wait %v", status, test.after, wait)
			}
			if status == 403 && test.least == limitWait {
				continue // a lack of permission
			}
			if again, err := worthRetrying(t.Context(), response, nil); again != test.again || err != nil {
				t.Errorf("%d, Retry-After %s: again %t, error %v", status, test.after, again, err)
			}
		}
	}
	for _, reset := range []string{"0", "-9223372036854775808", "9223372036854775807", "never", "99999999999999999999"} {
		header := http.Header{}
		header.Set("X-RateLimit-Remaining", "0")
		header.Set("X-RateLimit-Reset", reset)
		response := &http.Response{StatusCode: 403, Header: header, Body: http.NoBody}
		if wait := backoff(firstWait, longestWait, 0, response); wait < 0 || wait > longestWait {
			t.Errorf("X-RateLimit-Reset %s: wait %v", reset, wait)
		}
	}
}

// All waits of a command together are bounded, whatever the server asks for.
func TestPatience(t *testing.T) {
	for _, after := range []string{"", "0", "1", "599", "600", "901"} {
		patience := &patience{wait: backoff, left: longestWaits}
		response := &http.Response{StatusCode: 429, Header: http.Header{"Retry-After": {after}}, Body: http.NoBody}
		var waited time.Duration
		requests := 0
		for range 2000 { // calls of a command
			for attempt := range mostRetries {
				requests++
				again, err := patience.worthRetrying(t.Context(), response, nil)
				if err != nil {
					t.Fatal(err)
				}
				if !again {
					break
				}
				waited += patience.backoff(firstWait, longestWait, attempt, response)
			}
		}
		if waited > longestWaits {
			t.Errorf("Retry-After %q: %v in %d requests", after, waited, requests)
		}
	}
}
