package forge

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

const (
	bot   = "ghs_bot"   // token of a workflow
	other = "ghp_other" // token of somebody else, who may comment too
	guest = "ghs_guest" // token that may only read
)

var logins = map[string]string{bot: "github-actions[bot]", other: "somebody", guest: "reader"}

// server stands in for one with GitHub's API of issue comments. It has the
// pull request me/vllm#7.
type server struct {
	prefix string // of the API's paths, such as "/api/v3"
	left   int    // calls that are left of the primary limit, as every answer tells
	reset  int64  // when there are more again, seconds since 1970

	mu       sync.Mutex
	comments []stored // oldest first
	next     int64    // id
	faults   []fault
	editable bool          // by everybody who may write, as on Gitea
	requests []string      // methods in order
	meeting  chan struct{} // closed once as many creates are asked for as are expected
	expected int
}

type stored struct {
	id           int64
	author, body string
}

// A fault happens once, to the next request of a method.
type fault struct {
	method string
	worked bool // although the answer is another, the request was carried out
	answer http.HandlerFunc
}

// with is a server whose pull request has these comments, as "author: body".
func with(comments ...string) *server {
	f := &server{left: 4999, reset: 2_000_000_000, next: 1}
	for _, c := range comments {
		author, body, _ := strings.Cut(c, ": ")
		f.add(author, body)
	}
	return f
}

func (f *server) add(author, body string) stored {
	c := stored{f.next, author, body}
	f.comments = append(f.comments, c)
	f.next++
	return c
}

// texts are the pull request's comments, as with takes them.
func (f *server) texts() (texts []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.comments {
		texts = append(texts, c.author+": "+c.body)
	}
	return texts
}

// seen are the methods of the requests so far.
func (f *server) seen() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.requests)
}

// serve starts the forge and gives its API's address.
func (f *server) serve(t *testing.T) (api string) {
	t.Helper()
	mux := http.NewServeMux()
	all, one := f.prefix+"/repos/me/vllm/issues/7/comments", f.prefix+"/repos/me/vllm/issues/comments/{id}"
	mux.HandleFunc("GET "+all, f.list)
	mux.HandleFunc("POST "+all, f.create)
	mux.HandleFunc("PATCH "+one, f.edit)
	mux.HandleFunc("DELETE "+one, f.remove)
	mux.HandleFunc("POST "+strings.TrimSuffix(f.prefix, "/v3")+"/graphql", f.viewer)
	mux.HandleFunc("GET "+f.prefix+"/user", f.user)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { refuse(w, 404, "Not Found") })
	server := httptest.NewServer(f.guarded(mux))
	t.Cleanup(server.Close)
	return server.URL + f.prefix
}

// guarded has the requests meet, if they are to, and then takes them one by one.
func (f *server) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && !whose(r) {
			f.meet()
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		if !whose(r) {
			f.requests = append(f.requests, r.Method)
		} else {
			w.Header().Set("Connection", "close") // a client repeats a GET by itself on a kept one that breaks
		}
		w.Header().Set("X-RateLimit-Limit", "5000")
		w.Header().Set("X-RateLimit-Remaining", strconv.Itoa(f.left))
		w.Header().Set("X-RateLimit-Reset", strconv.FormatInt(f.reset, 10))
		if login(r) == "" {
			f.requests = append(f.requests, "refused")
			refuse(w, 401, "Bad credentials")
			return
		}
		i := slices.IndexFunc(f.faults, func(x fault) bool { return x.method == r.Method && !whose(r) })
		if i < 0 {
			next.ServeHTTP(w, r)
			return
		}
		fault := f.faults[i]
		f.faults = slices.Delete(f.faults, i, i+1)
		if fault.worked {
			next.ServeHTTP(httptest.NewRecorder(), r)
		}
		fault.answer(w, r)
	})
}

// expect has the first creates wait for each other.
func (f *server) expect(creates int) { f.expected, f.meeting = creates, make(chan struct{}) }

func (f *server) meet() {
	if f.meeting == nil {
		return
	}
	f.mu.Lock()
	f.expected--
	if f.expected == 0 {
		close(f.meeting)
	}
	f.mu.Unlock()
	<-f.meeting
}

// whose tells whether a request asks for the token's owner. Such are not counted.
func whose(r *http.Request) bool {
	return strings.HasSuffix(r.URL.Path, "/graphql") || strings.HasSuffix(r.URL.Path, "/user")
}

// viewer answers as GitHub's GraphQL API does, also for the token of an app.
func (f *server) viewer(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintf(w, `{"data": {"viewer": {"login": %q}}}`, login(r))
}

// user answers as Gitea does. GitHub refuses the token of an app.
func (f *server) user(w http.ResponseWriter, r *http.Request) {
	if !strings.HasSuffix(f.prefix, "/api/v1") {
		refuse(w, 403, "Resource not accessible by integration")
		return
	}
	fmt.Fprintf(w, `{"id": -2, "login": %q}`, login(r))
}

func login(r *http.Request) string {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return logins[token]
}

func (f *server) list(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	size, page := count(cmp.Or(query.Get("per_page"), "30")), count(cmp.Or(query.Get("page"), "1"))
	size = min(size, 100)
	last := max(1, (len(f.comments)+size-1)/size)
	link := func(page int, rel string) string {
		return fmt.Sprintf(`<http://%s%s/repositories/1/issues/7/comments?per_page=%d&page=%d>; rel="%s"`, r.Host, f.prefix, size, page, rel)
	}
	var links []string
	if page > 1 {
		links = append(links, link(page-1, "prev"), link(1, "first"))
	}
	if page < last {
		links = append(links, link(page+1, "next"), link(last, "last"))
	}
	if len(links) > 0 {
		w.Header().Set("Link", strings.Join(links, ", "))
	}
	first := min((page-1)*size, len(f.comments))
	answers := []map[string]any{}
	for _, c := range f.comments[first:min(first+size, len(f.comments))] {
		answers = append(answers, c.answer())
	}
	reply(w, 200, answers)
}

func count(text string) int { n, _ := strconv.Atoi(text); return n }

func (c stored) answer() map[string]any {
	return map[string]any{
		"id": c.id, "body": c.body, "user": map[string]any{"login": c.author},
		"html_url": fmt.Sprintf("https://github.com/me/vllm/pull/7#issuecomment-%d", c.id),
	}
}

func (f *server) create(w http.ResponseWriter, r *http.Request) {
	if login(r) == logins[guest] {
		refuse(w, 403, "Resource not accessible by integration")
		return
	}
	reply(w, 201, f.add(login(r), bodyOf(r)).answer())
}

func (f *server) edit(w http.ResponseWriter, r *http.Request) {
	if i, ok := f.changeable(w, r); ok {
		f.comments[i].body = bodyOf(r)
		reply(w, 200, f.comments[i].answer())
	}
}

func (f *server) remove(w http.ResponseWriter, r *http.Request) {
	if i, ok := f.changeable(w, r); ok {
		f.comments = slices.Delete(f.comments, i, i+1)
		w.WriteHeader(204)
	}
}

// changeable finds the comment of a request, or answers why it may not be
// changed.
func (f *server) changeable(w http.ResponseWriter, r *http.Request) (int, bool) {
	i := slices.IndexFunc(f.comments, func(c stored) bool { return strconv.FormatInt(c.id, 10) == r.PathValue("id") })
	switch {
	case i < 0:
		refuse(w, 404, "Not Found")
	case f.comments[i].author != login(r) && !f.editable:
		refuse(w, 403, "Resource not accessible by integration")
	default:
		return i, true
	}
	return 0, false
}

func bodyOf(r *http.Request) string {
	var sent struct{ Body string }
	if err := json.NewDecoder(r.Body).Decode(&sent); err != nil {
		panic(err)
	}
	return sent.Body
}

func reply(w http.ResponseWriter, status int, answer any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer)
}

func refuse(w http.ResponseWriter, status int, message string) {
	reply(w, status, map[string]string{"message": message, "documentation_url": "https://docs.github.com/rest", "status": strconv.Itoa(status)})
}

// answering is an answer with a status, a message and headers in pairs.
func answering(status int, message string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		refuse(w, status, message)
	}
}

// gateway is how a load balancer answers for a server that does not.
func gateway(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(502)
	fmt.Fprint(w, "<html><body><h1>502 Bad Gateway</h1></body></html>")
}

// cutOff breaks the connection.
func cutOff(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
