package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// clean takes away what the environment of the test says of a forge.
func clean(t *testing.T) {
	for _, name := range []string{"GITHUB_TOKEN", "GITHUB_API_URL", "GITHUB_REPOSITORY", "RUNNER_REGISTRATION_TOKEN"} {
		t.Setenv(name, "")
	}
}

// A dry run needs no token and no root, and knows the lab's file.
func TestRegistrationDryRuns(t *testing.T) {
	clean(t)
	for args, want := range map[string]string{
		"register --node n3 --repo me/vllm --dry-run": "--name n3 --labels n3,h100 ",
		"remove --node n3 --repo me/vllm --dry-run":   "rm /opt/coldstart/runner-n3.json\n",
		"status --repo me/vllm --dry-run":             "n4: a runner of that name, online, labelled n4, l40s\n",
	} {
		got := coldstart(t, strings.Fields(args)...)
		if got.code != exitDone || !strings.Contains(got.out, want) || got.err != "" {
			t.Errorf("%s: exit %d\n%s%s", args, got.code, got.out, got.err)
		}
	}
}

func TestRegistrationMistakes(t *testing.T) {
	clean(t)
	tests := []struct {
		args string
		code int
		err  string
	}{
		{"register --repo me/vllm", exitUsage, "name the node that this machine is: --node NAME"},
		{"register --node n9 --repo me/vllm", exitUsage, `paper.yaml has no node "n9"`},
		{"register --node n1", exitUsage, "name the repository: --repo OWNER/REPO"},
		{"register --node n1 --repo me/vllm --user root", exitUsage, "a runner refuses to run jobs as root"},
		{"register --node n1 --repo me/vllm --dir /opt", exitUsage, "two levels deep at least"},
		{"remove --node n1 --repo me/vllm --api-url nowhere", exitUsage, "--api-url must be a plain https address such as"},
		{"remove --node n1 --repo me/vllm --matrix none.yaml", exitFailed, "name another file with --matrix FILE"},
		{"status --repo me/vllm", exitFailed, "the API needs a token: give one in GITHUB_TOKEN"},
		{"status --repo me/vllm n1", exitUsage, `coldstart status takes no "n1"`},
	}
	for _, test := range tests {
		got := coldstart(t, strings.Fields(test.args)...)
		if got.code != test.code || !strings.Contains(got.err, test.err) {
			t.Errorf("%s: exit %d\n%s", test.args, got.code, got.err)
		}
	}
}

func TestStatusTable(t *testing.T) {
	clean(t)
	runner := func(id int, name string, busy bool, label string) string {
		return fmt.Sprintf(`{"id": %d, "name": "%s", "status": "online", "busy": %t, "labels": [{"name": "self-hosted"}, {"name": "%s"}, {"name": "%s"}]}`, id, name, busy, name, label)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"total_count": 2, "runners": [%s, %s]}`, runner(1, "n1", true, "h100-nvl"), runner(2, "cloud", false, "big"))
	}))
	defer server.Close()
	t.Setenv("GITHUB_TOKEN", "ghp_x")
	got := coldstart(t, "status", "--repo", "me/vllm", "--api-url", server.URL+"/api/v3")
	for _, part := range []string{
		"\nn1\tn1\tbusy\tself-hosted, n1, h100-nvl\t", "\nn2\t\t\t\t\t", "no runner", "\nnone\tcloud\tidle\t",
	} {
		if !strings.Contains(got.out, part) {
			t.Errorf("%q is missing in\n%s", part, got.out)
		}
	}
	if want := "3 of 4 nodes are not ready: n2, n3, n4"; got.code != exitFailed || !strings.Contains(got.err, want) {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
	if got := coldstart(t, "status", "--repo", "me/vllm", "--api-url", server.URL+"/api/v3", "--json"); !strings.HasPrefix(got.out, "{\n") && !strings.HasPrefix(got.out, `{"nodes":[{"node":"n1","runner":"n1",`) {
		t.Errorf("JSON %s", got.out)
	}
}
