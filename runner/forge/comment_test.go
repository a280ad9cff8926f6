package forge

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	mark = "<!-- coldstart report: reproduce -->"
	body = mark + "\nnew"
)

// waits takes note of how long a client would wait, and does not.
type waits struct {
	mu  sync.Mutex
	all []time.Duration
}

func (w *waits) backoff(first, longest time.Duration, attempt int, response *http.Response) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all = append(w.all, backoff(first, longest, attempt, response))
	return 0
}

// pullAt is the pull request on the server with an API.
func pullAt(t *testing.T, api string) PullRequest {
	t.Helper()
	repository, err := NewRepository("me/vllm", api)
	if err != nil {
		t.Fatal(err)
	}
	return PullRequest{Repository: repository, Number: 7}
}

// postTo posts the new body as the bot.
func postTo(t *testing.T, f *server) (url string, waited []time.Duration, err error) {
	t.Helper()
	w := &waits{}
	url, err = pullAt(t, f.serve(t)).post(t.Context(), Retrying(w.backoff), NewToken(bot), mark, body)
	return url, w.all, err
}

func TestPostFindsItsComment(t *testing.T) {
	const mine, theirs, nightly = "github-actions[bot]: ", "somebody: ", "<!-- coldstart report: nightly -->"
	talk := slices.Repeat([]string{theirs + "LGTM"}, 220)
	tests := map[string]struct {
		before []string
		want   []string
		url    string // its last digits
	}{
		"none yet":                         {nil, []string{mine + body}, "-1"},
		"updated, not repeated":            {[]string{theirs + "hi", mine + mark + "\nold"}, []string{theirs + "hi", mine + body}, "-2"},
		"on the third page":                {append(slices.Clone(talk), mine+mark), append(slices.Clone(talk), mine+body), "-221"},
		"of another workflow":              {[]string{mine + nightly}, []string{mine + nightly, mine + body}, "-2"},
		"quoted in a reply":                {[]string{mine + "> " + mark}, []string{mine + "> " + mark, mine + body}, "-2"},
		"copied by somebody":               {[]string{theirs + mark}, []string{theirs + mark, mine + body}, "-2"},
		"copied by somebody, then ours":    {[]string{theirs + mark, mine + mark}, []string{theirs + mark, mine + body}, "-2"},
		"two, which a cut-off report left": {[]string{mine + mark, theirs + mark, mine + mark}, []string{mine + body, theirs + mark}, "-1"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			f := with(test.before...)
			url, waited, err := postTo(t, f)
			if err != nil || len(waited) > 0 {
				t.Fatalf("error %v, waited %v", err, waited)
			}
			if diff := cmp.Diff(test.want, f.texts()); diff != "" {
				t.Errorf("comments (-want +got):\n%s", diff)
			}
			if !strings.HasSuffix(url, test.url) {
				t.Errorf("posted at %s, want a URL that ends with %s", url, test.url)
			}
		})
	}
}

// Whoever may write to a repository may edit every comment, with Gitea at least. The token's
// own comment is updated and somebody else's is not, wherever it stands.
func TestPostLeavesOthersComments(t *testing.T) {
	const mine, theirs = "github-actions[bot]: ", "somebody: "
	tests := map[string]struct{ before, want []string }{
		"theirs alone":         {[]string{theirs + mark}, []string{theirs + mark, mine + body}},
		"theirs first":         {[]string{theirs + mark, mine + mark}, []string{theirs + mark, mine + body}},
		"theirs in between":    {[]string{mine + mark, theirs + mark, mine + mark}, []string{mine + body, theirs + mark}},
		"a name like ours":     {[]string{"github-actions: " + mark}, []string{"github-actions: " + mark, mine + body}},
		"whoever left (ghost)": {[]string{": " + mark}, []string{": " + mark, mine + body}},
	}
	for name, test := range tests {
		for _, prefix := range []string{"", "/api/v3", "/api/v1"} {
			f := with(test.before...)
			f.prefix, f.editable = prefix, true
			if _, _, err := postTo(t, f); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, f.texts()); diff != "" {
				t.Errorf("%s, %s: comments (-want +got):\n%s", name, prefix, diff)
			}
		}
	}
}

// What passes is waited for, and leaves one comment however often it was tried.
func TestPostTriesAgain(t *testing.T) {
	soon := func(w http.ResponseWriter, r *http.Request) {
		answering(403, "API rate limit exceeded for installation.", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", fmt.Sprint(time.Now().Unix()))(w, r)
	}
	secondary := answering(403, "You have exceeded a secondary rate limit.", "Retry-After", "7")
	mute := answering(403, "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.")
	tests := map[string]struct {
		before []string
		faults []fault
		waited []time.Duration
	}{
		"secondary limit":             {nil, []fault{{"POST", false, secondary}}, []time.Duration{7 * time.Second}},
		"secondary limit, no header":  {nil, []fault{{"POST", false, mute}, {"POST", false, mute}}, []time.Duration{time.Minute, 2 * time.Minute}},
		"secondary limit on an edit":  {[]string{mark}, []fault{{"PATCH", false, secondary}}, []time.Duration{7 * time.Second}},
		"429":                         {nil, []fault{{"GET", false, answering(429, "slow down", "Retry-After", "2")}}, []time.Duration{2 * time.Second}},
		"primary limit, over soon":    {nil, []fault{{"GET", false, soon}}, []time.Duration{time.Second}},
		"502 on the list":             {nil, []fault{{"GET", false, gateway}, {"GET", false, gateway}}, []time.Duration{time.Second, 2 * time.Second}},
		"502 on the create":           {nil, []fault{{"POST", false, gateway}}, []time.Duration{time.Second}},
		"502 on the edit":             {[]string{mark}, []fault{{"PATCH", false, gateway}}, []time.Duration{time.Second}},
		"502, but created":            {nil, []fault{{"POST", true, gateway}}, []time.Duration{time.Second}},
		"502 twice, but both created": {nil, []fault{{"POST", true, gateway}, {"POST", true, gateway}}, []time.Duration{time.Second, 2 * time.Second}},
		"502, but removed":            {[]string{mark, mark}, []fault{{"DELETE", true, gateway}}, []time.Duration{time.Second}},
		"503 with a time":             {nil, []fault{{"GET", false, answering(503, "maintenance", "Retry-After", "30")}}, []time.Duration{30 * time.Second}},
		"connection cut":              {nil, []fault{{"GET", false, cutOff}, {"POST", false, cutOff}}, []time.Duration{time.Second, time.Second}},
		"connection cut, but created": {nil, []fault{{"POST", true, cutOff}}, []time.Duration{time.Second}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			f := with()
			for _, b := range test.before {
				f.add(logins[bot], b)
			}
			f.faults = test.faults
			_, waited, err := postTo(t, f)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{logins[bot] + ": " + body}, f.texts()); diff != "" {
				t.Errorf("comments (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.waited, waited); diff != "" {
				t.Errorf("waits (-want +got):\n%s", diff)
			}
		})
	}
}

// The last call that a limit allows says that none is left. The next is asked
// for all the same: the limit may have been reset by then.
func TestPostAsksTheServerAndNotItsLastAnswer(t *testing.T) {
	f := with()
	f.left = 0
	if _, _, err := postTo(t, f); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"GET", "POST", "GET"}, f.seen()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestPostExplains(t *testing.T) {
	always := func(method string, answer http.HandlerFunc) []fault {
		return slices.Repeat([]fault{{method, false, answer}}, mostRetries+1)
	}
	const where = "cannot comment on me/vllm#7: "
	tests := map[string]struct {
		token  string
		repo   string
		faults []fault
		want   string
		tries  int
	}{
		"no token":      {token: " ", want: "the API needs a token: give one in GITHUB_TOKEN"},
		"invalid token": {token: "ghs_old", want: where[:len(where)-2] + `, since it is unknown whose the token is: give a valid token in GITHUB_TOKEN (the server says 401, "Bad credentials")`, tries: 1},
		"may only read": {token: guest, tries: 2, want: where + "the token lacks the permission to write to pull requests. " +
			"In a workflow, the job needs 'permissions: pull-requests: write', which a run for a fork never gets; " +
			"a fine-grained token needs 'Pull requests: read and write', a classic one the scope 'repo' " +
			`(the server says 403, "Resource not accessible by integration")`},
		"no such place": {repo: "elsewhere", tries: 1, want: where[:len(where)-len("vllm#7: ")] + "elsewhere#7: there is no such pull request, or the token may not see it. " +
			"In a workflow, the job needs 'permissions: pull-requests: write'; other tokens must have been given access to the repository " +
			`(the server says 404, "Not Found")`},
		"primary limit, over next year": {
			faults: always("GET", answering(403, "API rate limit exceeded", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "4102444800")),
			want:   where + "the token has used up its rate limit: try again after 00:00:00 UTC on 1 January 2100", tries: 1,
		},
		"limit that does not end": {
			faults: always("POST", answering(429, "slow down")),
			want:   where + "the token has used up its rate limit: try again later", tries: 7,
		},
		"secondary limit on every edit makes no second comment": {
			faults: always("PATCH", answering(403, "You have exceeded a secondary rate limit.")),
			want:   where + "the token has used up its rate limit: try again later", tries: 7,
		},
		"502 for ever":   {faults: always("GET", gateway), want: where + "the server failed (502): try again later", tries: 6},
		"too long":       {faults: always("POST", answering(422, "Validation Failed")), want: where + `the server refuses the request (422, "Validation Failed")`, tries: 2},
		"cut every time": {faults: always("GET", cutOff), want: where + "the server cannot be reached: EOF", tries: 6},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			f := with()
			if strings.Contains(name, "edit") {
				f.add(logins[bot], mark)
			}
			f.faults = test.faults
			pull, token := pullAt(t, f.serve(t)), NewToken(bot)
			if test.token != "" {
				token = NewToken(test.token)
			}
			if test.repo != "" {
				pull.Name = test.repo
			}
			_, err := pull.post(t.Context(), Retrying((&waits{}).backoff), token, mark, body)
			if err == nil {
				t.Fatal("no error")
			}
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if seen := f.seen(); len(seen) != test.tries {
				t.Errorf("%d requests, want %d: %v", len(seen), test.tries, seen)
			}
		})
	}
}

func TestSecondaryLimitFarAwaySaysWhen(t *testing.T) {
	f := with()
	f.faults = []fault{{"GET", false, answering(403, "You have exceeded a secondary rate limit.", "Retry-After", "7200")}}
	_, waited, err := postTo(t, f)
	if err == nil || !strings.Contains(err.Error(), "try again after ") || len(waited) > 0 {
		t.Errorf("error %v, waited %v; want an error at once that says when", err, waited)
	}
}

func TestPostNowhere(t *testing.T) {
	for _, api := range []string{"github.example.com", "localhost:8080", "ftp://github.example.com", "https://", "http://[::1", "://"} {
		_, err := pullAt(t, api).Post(t.Context(), NewToken(bot), mark, body)
		if err == nil || !strings.Contains(err.Error(), "correct GITHUB_API_URL") {
			t.Errorf("%q: error %v", api, err)
		}
	}
}

func TestServersElsewhere(t *testing.T) {
	for _, prefix := range []string{"", "/api/v3", "/forge/api/v1"} {
		for _, slash := range []string{"", "/"} {
			f := with()
			f.prefix = prefix
			if _, err := pullAt(t, f.serve(t)+slash).Post(t.Context(), NewToken(bot+"\n"), mark, body); err != nil {
				t.Errorf("%s%s: %v", prefix, slash, err)
			}
		}
	}
}

// The token is in one header, and in no error whatever goes wrong.
func TestTokenIsKept(t *testing.T) {
	f := with()
	spied := 0
	spy := func(w http.ResponseWriter, r *http.Request) {
		header := r.Header.Clone()
		header.Del("Authorization")
		if sent := fmt.Sprint(r.URL, header); strings.Contains(sent, bot) {
			t.Errorf("the token is in %s", sent)
		}
		spied++
		gateway(w, r)
	}
	for range mostRetries + 1 {
		f.faults = append(f.faults, fault{"GET", false, spy})
	}
	if _, _, err := postTo(t, f); err == nil || strings.Contains(err.Error(), bot) || spied != mostRetries+1 {
		t.Errorf("error %v after %d requests", err, spied)
	}
	for _, api := range []string{"https://x:" + bot + "@[", "http://x:" + bot + "@127.0.0.1:1", "http://127.0.0.1:1"} {
		_, err := pullAt(t, api).post(t.Context(), Retrying((&waits{}).backoff), NewToken(bot), mark, body)
		if err == nil || strings.Contains(err.Error(), bot) {
			t.Errorf("error %v", err)
		}
	}
}

func TestPostStopsWhenToldTo(t *testing.T) {
	tests := map[string]http.HandlerFunc{
		"waiting for a limit": answering(429, "slow down", "Retry-After", "60"),
		"waiting for a 502":   gateway,
	}
	for name, answer := range tests {
		t.Run(name, func(t *testing.T) {
			f := with()
			ctx, cancel := context.WithCancel(t.Context())
			f.faults = []fault{{"GET", false, answer}}
			stopping := func(first, longest time.Duration, attempt int, response *http.Response) time.Duration {
				cancel()
				return time.Hour
			}
			_, err := pullAt(t, f.serve(t)).post(ctx, Retrying(stopping), NewToken(bot), mark, body)
			if !errors.Is(err, context.Canceled) || len(f.texts()) > 0 {
				t.Errorf("error %v, comments %v", err, f.texts())
			}
		})
	}
	t.Run("during a request", func(t *testing.T) {
		f := with()
		ctx, cancel := context.WithCancel(t.Context())
		f.faults = []fault{{"GET", false, func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() }}}
		_, err := pullAt(t, f.serve(t)).Post(ctx, NewToken(bot), mark, body)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	})
}

// Reports that all find no comment, and all create one, leave one.
func TestPostsAtOnce(t *testing.T) {
	tests := map[string]struct {
		posters int
		faults  []fault
	}{
		"two":                             {posters: 2},
		"three":                           {posters: 3},
		"two, a create told as a failure": {posters: 2, faults: []fault{{"POST", true, gateway}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			for range 40 {
				f := with()
				f.faults = slices.Clone(test.faults)
				race(t, f, test.posters)
				left := f.texts()
				if len(left) != 1 || !strings.HasPrefix(left[0], logins[bot]+": "+mark+"\nof poster ") {
					t.Fatalf("comments %q", left)
				}
			}
		})
	}
}

// race has posters post at once: nobody's comment is created before everybody has
// found that there is none.
func race(t *testing.T, f *server, posters int) {
	t.Helper()
	f.expect(posters)
	pull := pullAt(t, f.serve(t))
	var all sync.WaitGroup
	for i := range posters {
		all.Go(func() {
			body := fmt.Sprintf("%s\nof poster %d", mark, i)
			_, err := pull.post(t.Context(), Retrying((&waits{}).backoff), NewToken(bot), mark, body)
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}
