package registration

import (
	"os"
	"strings"
	"testing"
	"time"

	"coldstart/runner/forge"
)

// The state of a runner's program, by its release, its age and how its service ended.
func TestProgram(t *testing.T) {
	const update = "sudo --preserve-env=GITHUB_TOKEN coldstart register --node n1 --repo me/vllm"
	tests := map[string]struct {
		release, offered, exit string
		until                  string // the server's schedule, as JSON
		days                   int    // since the release was built
		want                   string
		idle                   bool
	}{
		"young":                        {release: "2.336.0", days: 30},
		"old":                          {release: "2.336.0", days: 31, want: "release 2.336.0 was built on 2026-01-09, 31 days ago, and whether there is a newer one is not known: GitHub gives no jobs to a runner 30 days after a newer release"},
		"old, and still the newest":    {release: "2.336.0", offered: "2.336.0", days: 31},
		"not the newest":               {release: "2.330.0", offered: "2.336.0", days: 10, want: "release 2.330.0 is outdated, the server offers 2.336.0: GitHub gives no jobs to a runner 30 days after a newer release"},
		"not scheduled":                {release: "2.336.0", until: "null", days: 90},
		"scheduled":                    {release: "2.336.0", until: `"2026-02-09T08:04:55Z"`, days: 30, want: "GitHub gives no jobs to release 2.336.0 of its runner from 2026-02-09 on"},
		"after its time":               {release: "2.336.0", until: `"2026-02-09T08:04:55Z"`, days: 31, want: "GitHub gives no jobs to release 2.336.0 of its runner since 2026-02-09", idle: true},
		"before the first that counts": {release: "2.328.1", days: 10, want: "release 2.328.1 of GitHub's runner is too old: GitHub accepts none before 2.329.0", idle: true},
		"the first that counts":        {release: "2.329.0", days: 10},
		"refused":                      {release: "2.330.0", exit: "7\n", days: 10, want: "the runner stopped: GitHub no longer accepts its release 2.330.0", idle: true},
		"stopped":                      {release: "2.330.0", exit: "143\n", days: 10},
		"unknown":                      {days: 10},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			m := registered(t)
			r, _ := m.registration()
			now, _, err := m.loadState(&r.Runner)
			if err != nil {
				t.Fatal(err)
			}
			now.Version, now.URL = test.release, "https://github.com/me/vllm"
			if err := m.saveState(&r.Runner, &now); err != nil {
				t.Fatal(err)
			}
			m.failed = test.exit
			m.Now = func() time.Time { return packed.AddDate(0, 0, test.days) }
			var server *forge.Client
			if test.offered != "" || test.until != "" {
				m.server.newest, m.server.until = test.offered, map[string]string{test.release: test.until}
				if server, err = forge.NewClient(m.HTTP, r.Repository, r.Token); err != nil {
					t.Fatal(err)
				}
			}
			found, exists := m.Program(t.Context(), "n1", server)
			if want := (Program{test.release, test.want, test.idle, update}); !exists || found != want {
				t.Errorf("got  %+v\nwant %+v", found, want)
			}
			status := NodeStatus{Node: "n1"}
			status.judge(found)
			text := strings.Join(append(status.Problems, status.Warnings...), "\n")
			if test.want != "" && text != test.want+"; update it on the node with: "+update || status.Ready() == test.idle {
				t.Errorf("ready %t: %s", status.Ready(), text)
			}
		})
	}
}

// An archive of a release that GitHub does not register is refused, at github.com.
func TestReleaseThatIsTooOld(t *testing.T) {
	m := newMachine(t, newServer(t))
	for api, refused := range map[string]bool{"": true, "https://api.octo.ghe.com": true, "https://github.example.com/api/v3": false} {
		err := official{&Registration{Runner: runnerAt(t, api), System: m.System}}.accepts(t.Context(), "2.328.0", time.Time{})
		if (err != nil) != refused {
			t.Errorf("%s: error %v", api, err)
		}
	}
	examples := releaseIn.FindString(ExampleArchive)
	if err := (official{&Registration{Runner: runnerAt(t, ""), System: m.System}}).accepts(t.Context(), examples, time.Time{}); err != nil {
		t.Errorf("the examples: %v", err)
	}
}

// The command that a message names is about the runner that a state describes.
func TestCommands(t *testing.T) {
	const start = "sudo --preserve-env=GITHUB_TOKEN coldstart remove --node n1 --repo "
	for _, test := range []struct{ agent, url, want string }{
		{"actions/runner", "https://github.com/me/vllm", "me/vllm"},
		{"actions/runner", "https://octo.ghe.com/me/vllm", "me/vllm --api-url https://api.octo.ghe.com"},
		{"actions/runner", "https://github.example.com/me/vllm", "me/vllm --api-url https://github.example.com/api/v3"},
		{"act_runner", "http://10.0.0.1:3000/me/vllm", "me/vllm --api-url http://10.0.0.1:3000/api/v1"},
		{"", "", "OWNER/REPO"},
	} {
		r := runnerAt(t, "")
		s := &state{Agent: test.agent, URL: test.url}
		if got := r.command("remove", s.repository()); got != start+test.want {
			t.Errorf("%s: %s", test.url, got)
		}
	}
	r := runnerAt(t, "")
	r.Dir = "/srv/runners/n1"
	if got := r.command("remove", r.Repository); got != start+"me/vllm --dir /srv/runners/n1" {
		t.Error(got)
	}
}

func TestMissingLibraries(t *testing.T) {
	tests := []struct{ lacks, release, remedy string }{
		{"", "ID=debian\n", ""},
		{"libicuuc", "ID=debian\n", "sudo apt-get install '^libicu[0-9]+$'"},
		{"libicuuc", "ID=ubuntu\nID_LIKE=debian\n", "sudo apt-get install '^libicu[0-9]+$'"},
		{"libssl", "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n", "sudo dnf install openssl-libs"},
		{"libz", "ID=opensuse-leap\n", "install zlib"},
	}
	for _, test := range tests {
		m := newMachine(t, newServer(t))
		m.lacks = test.lacks
		if err := os.WriteFile(m.path("/etc/os-release"), []byte(test.release), 0o644); err != nil {
			t.Fatal(err)
		}
		says, remedy := m.MissingLibraries(t.Context())
		if remedy != test.remedy || (says == "") != (test.lacks == "") {
			t.Errorf("%s, %s: %s -> %s", test.lacks, test.release, says, remedy)
		}
	}
	m := newMachine(t, newServer(t))
	m.Has = func(string) bool { return false }
	if says, _ := m.MissingLibraries(t.Context()); !strings.Contains(says, "no ldconfig") {
		t.Error(says)
	}
}
