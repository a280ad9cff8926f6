package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coldstart/reports/reproduction"
	"coldstart/reports/testkit"
)

// What claims prints: of the paper's own runs, and of examples of another machine, with
// and without saying which node it plays.
func TestClaims(t *testing.T) {
	t.Parallel()
	tests := map[string]string{ // of testdata's files
		"claims":                    "claims",
		"claims-h100-start":         "claims --from reports/examples/h100-paper/start --as n1",
		"claims-h100-trends":        "claims --from reports/examples/h100-paper/trends --as n1",
		"claims-h200-paper":         "claims --from reports/examples/h200-paper/figures --as n1",
		"claims-h200-paper-trends":  "claims --from reports/examples/h200-paper/trends --as n1",
		"claims-h200-paper-loaders": "claims --from reports/examples/h200-paper/loaders --as n1",
		"claims-h200-start":         "claims --from reports/examples/h200/start --as n1",
		"claims-h200-trends":        "claims --from reports/examples/h200/trends --as n1",
		"claims-h200-ssd":           "claims --from reports/examples/h200/ssd --as h200=n1",
		"claims-h200-ssd-hint":      "claims --from reports/examples/h200/ssd",
	}
	for name, command := range tests {
		t.Run(name, func(t *testing.T) {
			got := onScreen(t, 120, strings.Fields(command)...)
			if got.code != exitDone {
				t.Fatalf("exit %d: %s", got.code, got.err)
			}
			testkit.Golden(t, filepath.Join("runner", "testdata", name+".txt"), got.out+got.err)
		})
	}
}

// The recorded logs give the verdicts that the paper's data give, once it is said which
// node is which. The cores were sampled in one run, which decides nothing.
func TestClaimsOfTheRecordedLogs(t *testing.T) {
	t.Parallel()
	artifact := testkit.Artifact(t)
	for _, args := range [][]string{{"claims", "--json"}, {"claims", "--json", "--from", artifact, "--as", "n1=n1,n2=n2,n3=n3"}} {
		got := coldstart(t, args...)
		var made reproduction.Reproduction
		if err := json.Unmarshal([]byte(got.out), &made); err != nil {
			t.Fatalf("exit %d: %v: %s", got.code, err, got.err)
		}
		for _, j := range made.Claims {
			want := reproduction.Holds
			if j.ID == "few-cores" {
				want = reproduction.Undecided
			}
			if j.Verdict != want {
				t.Errorf("%q: claim %s %s: %+v", args, j.ID, j.Verdict, j.Here)
			}
		}
		for _, f := range made.Figures {
			if f.Comparison == nil || f.Comparison.String() != "×1.00" {
				t.Errorf("%q: figure %s beside itself: %+v, %s", args, f.Figure, f.Comparison, f.Note)
			}
		}
	}
}

// A report compares the figures with the paper's only if --as names the paper's nodes.
// Without it, the report says so.
func TestReportBesideThePaper(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		args    []string
		figures int // that stand beside the paper's
		summary []string
	}{
		"told": {[]string{"--as", "n1"}, 3, []string{
			"## Comparison with the paper's numbers", "| 2      | Start-up breakdown of Llama3-3B (stand-in with random weights)",
			"sum of the steps, 10 points", "no interval: a single run", "## The paper's claims",
		}},
		"not told":                     {nil, 0, []string{"## The paper's claims", "* For a comparison with the paper's numbers, say which of the paper's nodes (n1, n2, n3) h200 plays, for example --as n1"}},
		"another of the paper's nodes": {[]string{"--as", "n2"}, 3, []string{"measured on h200; the paper measured it on n1"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			got := coldstart(t, append([]string{"report", "--from", "reports/examples/h200/start", "--out", dir}, test.args...)...)
			if got.code != exitDone {
				t.Fatal(got.err)
			}
			summary, _ := os.ReadFile(filepath.Join(dir, "summary.md"))
			for _, part := range test.summary {
				if !strings.Contains(string(summary), part) {
					t.Errorf("the summary lacks %q:\n%s", part, summary)
				}
			}
			var kept reproduction.Reproduction
			text, err := os.ReadFile(filepath.Join(dir, "data", "claims.json"))
			if err != nil || json.Unmarshal(text, &kept) != nil || len(kept.Figures) != test.figures || len(kept.Claims) == 0 {
				t.Errorf("%v: %d figures, %d claims in %s", err, len(kept.Figures), len(kept.Claims), text)
			}
		})
	}
}

// The comment has the same, folded.
func TestCommentBesideThePaper(t *testing.T) {
	t.Parallel()
	const heading = "<summary>Comparison with the paper&#39;s numbers</summary>"
	for as, want := range map[string]bool{"": false, "n1": true} {
		got := coldstart(t, "comment", "--dry-run", "--from", "reports/examples/h200/ssd", "--as", as)
		if got.code != exitDone || strings.Contains(got.out, heading) != want {
			t.Errorf("--as %q: exit %d: %s%s", as, got.code, got.out, got.err)
		}
	}
}

// The example keeps the comment on its change as the program writes it today.
func TestCommentOfExample(t *testing.T) {
	t.Parallel()
	const change = "reports/examples/h200-serve/change"
	got := coldstart(t, "comment", "--dry-run", "--from", change)
	if got.code != exitDone {
		t.Fatal(got.err)
	}
	testkit.Golden(t, filepath.Join(change, "comment.md"), got.out)
}
