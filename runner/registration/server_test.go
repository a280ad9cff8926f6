package registration

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"coldstart/runner/forge"
)

// Tokens of the tests, each to be found nowhere but where it belongs.
const (
	admin = "ghp_admin_0123456789" // may administer
	guest = "ghp_guest_0123456789" // may read
	reg   = "AREGISTRATION0123456789"
	temp  = "TEMPDOWNLOAD0123456789"
)

var secrets = []string{admin, guest, reg, temp}

// server stands in for GitHub or Gitea: its API of runners, and its downloads.
type server struct {
	t       *testing.T
	http    *httptest.Server
	gitea   bool
	archive []byte
	sum     string // that the API names
	newest  string // release that the API offers
	// until is the API's schedule: when releases get no more jobs, such as
	// "2026-11-05T08:04:55Z", or null. It does not know others.
	until map[string]string

	mu       sync.Mutex
	runners  []map[string]any
	next     int
	busyFor  time.Duration // every runner
	requests []string
	faults   map[string]http.HandlerFunc // by method and end of path, for every request
}

func newServer(t *testing.T) *server {
	s := &server{t: t, next: 1, newest: "2.330.0", archive: archiveOf(t, standIn), faults: map[string]http.HandlerFunc{}}
	s.sum = sumOf(s.archive)
	s.http = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.http.Close)
	return s
}

func (s *server) api() string {
	if s.gitea {
		return s.http.URL + "/api/v1"
	}
	return s.http.URL + "/api/v3"
}

// add is what the server does with a runner that registers.
func (s *server) add(name string, labels []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.gitea {
		labels = append([]string{"self-hosted", "Linux", "X64"}, labels...) // which it adds by itself
	}
	s.drop(func(r map[string]any) bool { return r["name"] == name && !s.gitea })
	s.runners = append(s.runners, runnerJSON(s.next, name, "online", labels...))
	s.next++
}

func runnerJSON(id int, name, status string, labels ...string) map[string]any {
	list := []map[string]any{}
	for _, label := range labels {
		list = append(list, map[string]any{"name": label, "type": "custom"})
	}
	return map[string]any{"id": id, "name": name, "os": "linux", "status": status, "busy": false, "labels": list}
}

func (s *server) drop(which func(map[string]any) bool) (dropped bool) {
	var kept []map[string]any
	for _, r := range s.runners {
		if which(r) {
			dropped = true
		} else {
			kept = append(kept, r)
		}
	}
	s.runners = kept
	return dropped
}

func (s *server) passes(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busyFor -= d
}

// fails makes every request of a method to a path with that end fail.
func (s *server) fails(end string, how http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[end] = how
}

func (s *server) mend() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.faults)
}

func (s *server) names() (names []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.runners {
		names = append(names, fmt.Sprint(r["name"]))
	}
	return names
}

func (s *server) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, r.Method+" "+r.URL.Path)
	for end, fault := range s.faults {
		if method, path, _ := strings.Cut(end, " "); method == r.Method && strings.HasSuffix(r.URL.Path, path) {
			fault(w, r)
			return
		}
	}
	if strings.HasPrefix(r.URL.Path, "/files/") {
		if got := r.Header.Get("Authorization"); got != "Bearer "+temp {
			s.t.Errorf("a download is authorized by %q", got)
		}
		w.Write(s.archive)
		return
	}
	s.answerAPI(w, r)
}

// answerAPI answers as the API does, with the errors' texts of GitHub.
func (s *server) answerAPI(w http.ResponseWriter, r *http.Request) {
	base := "/api/v3/repos/me/vllm/actions/runners"
	if s.gitea {
		base = "/api/v1/repos/me/vllm/actions/runners"
	}
	switch token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "); {
	case token == guest:
		answer(w, 403, map[string]any{"message": "Resource not accessible by personal access token"})
		return
	case token != admin:
		answer(w, 401, map[string]any{"message": "Bad credentials"})
		return
	}
	what, found := strings.CutPrefix(r.URL.Path, base)
	switch {
	case !found:
		answer(w, 404, map[string]any{"message": "Not Found"})
	case r.Method == "POST" && what == "/registration-token" && !s.gitea:
		answer(w, 201, map[string]any{"token": reg, "expires_at": "2026-01-01T12:00:00Z"})
	case r.Method == "GET" && what == "/registration-token" && s.gitea:
		answer(w, 200, map[string]any{"token": reg})
	case r.Method == "GET" && what == "/downloads" && !s.gitea:
		answer(w, 200, s.downloads())
	case r.Method == "GET" && strings.HasPrefix(what, "/deprecations/") && s.until[path.Base(what)] != "":
		release := path.Base(what)
		fmt.Fprintf(w, `{"runner_version": %q, "runtime_deprecates_at": %s}`, release, s.until[release])
	case r.Method == "GET" && what == "":
		s.list(w, r)
	case r.Method == "DELETE" && what != "":
		if s.drop(func(r map[string]any) bool { return "/"+fmt.Sprint(r["id"]) == what }) {
			w.WriteHeader(204)
		} else {
			answer(w, 404, map[string]any{"message": "Not Found"})
		}
	default:
		answer(w, 404, map[string]any{"message": "Not Found"})
	}
}

// tokens are one for the API, or a registration token instead.
func tokens(api string) (token, registration forge.Token) {
	if api == "" {
		return forge.Token{}, forge.NewToken(reg)
	}
	return forge.NewToken(api), forge.Token{}
}

func (s *server) downloads() (all []map[string]any) {
	for _, arch := range []string{"arm64", "x64"} {
		name := "actions-runner-linux-" + arch + "-" + s.newest + ".tar.gz"
		all = append(all, map[string]any{
			"os": "linux", "architecture": arch, "filename": name, "download_url": s.http.URL + "/files/" + name,
			"sha256_checksum": s.sum, "temp_download_token": temp,
		})
	}
	return all
}

// list pages as GitHub does, at most a hundred at once.
func (s *server) list(w http.ResponseWriter, r *http.Request) {
	size, _ := strconv.Atoi(r.URL.Query().Get("per_page"))
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	size, page = min(max(size, 1), 100), max(page, 1)
	from := min((page-1)*size, len(s.runners))
	shown := []map[string]any{}
	for _, runner := range s.runners[from:min(from+size, len(s.runners))] {
		runner["busy"] = s.busyFor > 0
		shown = append(shown, runner)
	}
	answer(w, 200, map[string]any{"total_count": len(s.runners), "runners": shown})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}

func saying(status int, message string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { answer(w, status, map[string]any{"message": message}) }
}

// entry is one of an archive.
type entry struct {
	name string
	kind byte // tar's
	mode int64
	text string // or where a link leads
}

// standIn is what there is in GitHub's runner, as far as it matters here: scripts,
// a program, and the links that node brings. Its configuration takes note of the
// arguments and the names of the variables that it was given.
var standIn = []entry{
	{"./", tar.TypeDir, 0o755, ""},
	{"./config.sh", tar.TypeReg, 0o755, `#!/bin/sh
printf '%s\n' "$@" >argv
env | cut -d= -f1 | sort | grep -v -e '^_$' -e '^PWD$' -e '^SHLVL$' -e '^OLDPWD$' >environment
[ -z "$OFFLINE" ] || { echo 'Name or service not known (github.example:443)'; exit 1; }
[ ! -e .runner ] || { echo 'Cannot configure the runner because it is already configured.'; exit 1; }
[ "$ACTIONS_RUNNER_INPUT_TOKEN" = ` + reg + ` ] || {
	echo "token $ACTIONS_RUNNER_INPUT_TOKEN"
	echo "Http response code: NotFound from 'POST https://api.github.com/actions/runner-registration'"
	exit 1
}
echo '{"agentName": "n1"}' >.runner
echo '{"scheme": "OAuth"}' >.credentials
echo '{"d": "secret"}' >.credentials_rsaparams
chmod 644 .credentials
`},
	{"./run.sh", tar.TypeReg, 0o755, "#!/bin/sh\n"},
	{"./bin/Runner.Listener", tar.TypeReg, 0o755, "#!/bin/sh\necho 2.330.0\n"},
	{"./externals/node20/bin/node", tar.TypeReg, 0o755, "node"},
	{"./externals/node20/bin/npm", tar.TypeSymlink, 0o777, "../lib/node_modules/npm/bin/npm-cli.js"},
	{"./externals/node20/lib/node_modules/npm/bin/npm-cli.js", tar.TypeReg, 0o644, "npm"},
}

// answering is the stand-in with another program.
func answering(script string) (entries []entry) {
	for _, e := range standIn {
		if strings.HasSuffix(e.name, listener) {
			e.text = "#!/bin/sh\n" + script + "\n"
		}
		entries = append(entries, e)
	}
	return entries
}

// packed is when the stand-in was built.
var packed = time.Date(2026, time.January, 9, 12, 0, 0, 0, time.UTC)

func archiveOf(t *testing.T, entries []entry) []byte {
	t.Helper()
	var b bytes.Buffer
	plain := gzip.NewWriter(&b)
	out := tar.NewWriter(plain)
	for _, e := range entries {
		header := &tar.Header{Name: e.name, Typeflag: e.kind, Mode: e.mode, ModTime: packed}
		if e.kind == tar.TypeReg {
			header.Size = int64(len(e.text))
		} else {
			header.Linkname = e.text
		}
		if err := out.WriteHeader(header); err != nil {
			t.Fatal(err)
		}
		if e.kind == tar.TypeReg {
			if _, err := out.Write([]byte(e.text)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	if err := plain.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sumOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
