package forge

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// clientOf asks handler, as a server whose API's address ends in suffix.
func clientOf(t *testing.T, suffix string, handler http.HandlerFunc) *Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	repository, err := NewRepository("me/vllm", server.URL+suffix)
	if err != nil {
		t.Fatal(err)
	}
	never := func(time.Duration, time.Duration, int, *http.Response) time.Duration { return 0 }
	client, err := NewClient(Retrying(never), repository, NewToken(bot))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// GitHub makes a registration token for a POST, Gitea gives it to a GET.
func TestRegistrationToken(t *testing.T) {
	for suffix, method := range map[string]string{"": "POST", "/api/v3": "POST", "/api/v1": "GET"} {
		client := clientOf(t, suffix, func(w http.ResponseWriter, r *http.Request) {
			if r.Method != method || r.URL.Path != suffix+"/repos/me/vllm/actions/runners/registration-token" {
				refuse(w, 404, "Not Found")
				return
			}
			fmt.Fprint(w, `{"token": "AREGISTRATION"}`)
		})
		if token, err := client.RegistrationToken(t.Context()); err != nil || token.Reveal() != "AREGISTRATION" {
			t.Errorf("%q: %q, error %v", suffix, token.Reveal(), err)
		}
	}
	client := clientOf(t, "", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{}`) })
	const want = "me/vllm: cannot get a registration token: the server's answer contains none"
	if _, err := client.RegistrationToken(t.Context()); err == nil || err.Error() != want {
		t.Errorf("error %v", err)
	}
}

// Every refusal says what the token needs on this kind of server.
func TestRunnersExplain(t *testing.T) {
	const api = "http://"
	tests := []struct {
		suffix string
		status int
		want   []string
	}{
		{"/api/v3", 401, []string{"the token is wrong or expired: give a valid one in GITHUB_TOKEN"}},
		{"/api/v3", 403, []string{"the token may not do this; ", "'Administration: read and write'"}},
		{"/api/v3", 404, []string{"there is no repository me/vllm at " + api, "or the token may not administer it; ", "'Administration: read and write'"}},
		{"/api/v1", 403, []string{"the token may not do this; ", "the scope 'write:repository'"}},
		{"/api/v1", 404, []string{"there is no repository me/vllm at " + api, "or this release of the server has no such call; ", "'write:repository'"}},
		{"/api/v1", 405, []string{"do it in the repository's settings, under Actions, Runners"}},
	}
	for _, test := range tests {
		client := clientOf(t, test.suffix, func(w http.ResponseWriter, _ *http.Request) { refuse(w, test.status, "No") })
		_, err := client.Runners(t.Context())
		if err == nil || !strings.HasPrefix(err.Error(), "me/vllm: cannot list the runners: ") {
			t.Errorf("%s %d: error %v", test.suffix, test.status, err)
			continue
		}
		for _, want := range test.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s %d: error %v lacks %q", test.suffix, test.status, err, want)
			}
		}
	}
}

// Runners come from every page, also of a server that does not name the next one.
func TestRunners(t *testing.T) {
	statuses := []string{"online", "idle", "active", "offline"}
	client := clientOf(t, "/api/v1", func(w http.ResponseWriter, r *http.Request) {
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		var some []string
		for id := 100 * page; id > 100*(page-1) && id > 0; id-- {
			version := ""
			if id%4 == 0 { // which newer servers add
				version = `, "version": "2.336.0"`
			} else if id%4 == 1 {
				version = `, "version": null`
			}
			if id <= 250 {
				some = append(some, fmt.Sprintf(`{"id": %d, "name": "n%03d", "status": %q, "labels": [{"name": "x"}]%s}`,
					id, id, statuses[id%4], version))
			}
		}
		fmt.Fprintf(w, `{"total_count": 250, "runners": [%s]}`, strings.Join(some, ","))
	})
	all, err := client.Runners(t.Context())
	if err != nil || len(all) != 250 {
		t.Fatalf("%d runners, error %v", len(all), err)
	}
	want := []Runner{
		{"n001", 1, true, false, []string{"x"}, ""}, {"n002", 2, true, false, []string{"x"}, ""},
		{"n003", 3, false, false, []string{"x"}, ""}, {"n004", 4, true, false, []string{"x"}, "2.336.0"},
	}
	if diff := cmp.Diff(want, all[:4]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if one, exists, err := client.Runner(t.Context(), "N250"); err != nil || !exists || one.ID != 250 {
		t.Errorf("%+v, exists %t, error %v", one, exists, err)
	}
	if _, exists, err := client.Runner(t.Context(), "n251"); err != nil || exists {
		t.Errorf("exists %t, error %v", exists, err)
	}
}

// A runner that the server does not know is forgotten already; one at work is not.
func TestForget(t *testing.T) {
	for status, want := range map[int]string{204: "", 404: "", 422: "the runner is running a job: wait until it is idle"} {
		client := clientOf(t, "", func(w http.ResponseWriter, r *http.Request) {
			if r.Method != "DELETE" || r.URL.Path != "/repos/me/vllm/actions/runners/7" {
				t.Errorf("%s %s", r.Method, r.URL.Path)
			}
			w.WriteHeader(status)
		})
		err := client.Forget(t.Context(), 7)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%d: error %v", status, err)
		}
	}
}

// The schedule is the answer for the release that was asked about, and none is no date.
func TestJobsUntil(t *testing.T) {
	for answer, want := range map[string]string{
		`{"runner_version": "2.336.0", "runtime_deprecates_at": "2026-11-05T08:04:55Z"}`: "2026-11-05",
		`{"runner_version": "2.336.0", "runtime_deprecates_at": null}`:                   "0001-01-01",
		`{"runner_version": "2.336.0"}`:                                                  "0001-01-01",
		`{"runner_version": "2.335.0", "runtime_deprecates_at": null}`:                   "not one of its API",
		`{}`:                           "not one of its API",
		`{"message": "Not Found"}`:     "not one of its API",
		`{"runner_version": "2.336.0"`: "cannot ask until when release 2.336.0 gets jobs",
	} {
		client := clientOf(t, "/api/v3", func(w http.ResponseWriter, r *http.Request) {
			if r.Method != "GET" || r.URL.Path != "/api/v3/repos/me/vllm/actions/runners/deprecations/2.336.0" {
				refuse(w, 404, "Not Found")
				return
			}
			fmt.Fprint(w, answer)
		})
		until, err := client.JobsUntil(t.Context(), "2.336.0")
		got := until.Format(time.DateOnly)
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, want) {
			t.Errorf("%s: %s, want %s", answer, got, want)
		}
	}
}
