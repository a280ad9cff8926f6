package registration

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/hardware"
	"coldstart/reports/result"
	"coldstart/runner/forge"
)

func TestStatus(t *testing.T) {
	m := registered(t)
	m.server.add("by-hand", []string{"n2"})
	m.server.runners[1]["version"], m.server.until = "2.329.0\x1b[2J/..", map[string]string{"2.329.0": `"2026-01-01T00:00:00Z"`}
	m.server.add("stranger", []string{"n2"})
	for i := range 250 { // three pages
		m.server.add(fmt.Sprintf("cloud-%03d", i), nil)
	}
	m.server.runners = append(m.server.runners, runnerJSON(900, "n3", "offline", "Linux", "X64", "N3", "l40s"))
	nodes := []result.Node{n1, {Name: "n2"}, {Name: "n3", Declared: hardware.Hardware{GPU: "NVIDIA H100"}}, {Name: "n4"}}
	status, err := Look(t.Context(), m.System, m.runner().Repository, forge.NewToken(admin), nodes)
	if err != nil {
		t.Fatal(err)
	}
	if len(status.Others) != 251 {
		t.Errorf("%d other runners", len(status.Others))
	}
	want := `[
  {
    "node": "n1",
    "runner": "n1",
    "id": 1,
    "online": true,
    "busy": false,
    "labels": [
      "self-hosted",
      "Linux",
      "X64",
      "n1",
      "h100-nvl",
      "rack-2"
    ],
    "version": "2.330.0"
  },
  {
    "node": "n2",
    "runner": "by-hand",
    "id": 2,
    "online": true,
    "busy": false,
    "labels": [
      "self-hosted",
      "Linux",
      "X64",
      "n2"
    ],
    "version": "2.329.0",
    "problems": [
      "runner stranger has the label n2, too, and would take its jobs",
      "GitHub gives no jobs to release 2.329.0 of its runner since 2026-01-01; update it on the node with: UPDATE n2"
    ]
  },
  {
    "node": "n3",
    "runner": "n3",
    "id": 900,
    "online": false,
    "busy": false,
    "labels": [
      "Linux",
      "X64",
      "N3",
      "l40s"
    ],
    "missing": [
      "self-hosted",
      "h100"
    ],
    "superfluous": [
      "l40s"
    ],
    "problems": [
      "offline",
      "lacks the label self-hosted, h100",
      "has the label l40s, which hardware-matrix.yaml does not name"
    ]
  },
  {
    "node": "n4",
    "problems": [
      "no runner"
    ]
  }
]`
	got, err := json.MarshalIndent(status.Nodes, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	update := (&Runner{Node: nodes[1], Repository: m.runner().Repository, Dir: DefaultDir("n2")}).command("register", m.runner().Repository)
	if diff := cmp.Diff(strings.ReplaceAll(want, "UPDATE n2", update), string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestStatusErrors(t *testing.T) {
	m := registered(t)
	for token, want := range map[string]string{
		"": "the API needs a token", guest: "'Administration: read and write'", "old": "wrong or expired",
	} {
		_, err := Look(t.Context(), m.System, m.runner().Repository, forge.NewToken(token), nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v", token, err)
		}
	}
}
