package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coldstart/reports/result"
)

// foundLogs are two start-ups of figure 2 in the layout of the paper's artifact, as
// somebody may have kept them.
func foundLogs(t *testing.T) (dir string) {
	t.Helper()
	replay := filepath.Join(t.TempDir(), "replay")
	if got := coldstart(t, "reproduce", "--figures", "2", "--iterations", "2", "--out", replay); got.code != exitDone {
		t.Fatal(got.err)
	}
	dir = filepath.Join(t.TempDir(), "logs")
	for _, iteration := range []string{"1", "2"} {
		text, err := os.ReadFile(filepath.Join(replay, "cells", "figure2-n1", "logs", iteration, "llama3-3b.log"))
		if err != nil {
			t.Fatal(err)
		}
		folder := filepath.Join(dir, "figure-2", "iterations", iteration)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "output_model_llama3-3b.txt"), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// No page says of found logs that coldstart measured them, and none shows hardware
// that nobody declared for them. The paper's is its own nodes' alone.
func TestReportOfFoundLogs(t *testing.T) {
	t.Parallel()
	logs := foundLogs(t)
	own := filepath.Join(t.TempDir(), "lab.yaml")
	if err := os.WriteFile(own, []byte("default_node: here\nnodes: {here: {hardware: {gpu: RTX 4090}}}\nfigures: {2: {nodes: [here]}}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	from := fmt.Sprintf("from logs in %s, not measured by coldstart", logs)
	tests := map[string]struct {
		args                    []string
		code                    int
		summary, hardware, lack []string
	}{
		"nobody says where": {
			nil, exitFailed, // the other figures are missing
			[]string{"Read " + from + ", stamped 02-09 16:0", ", year unknown.", "Logs do not say which machine wrote them."},
			[]string{"| GPU     | -- | -- | -- |"},
			[]string{"H100", "EPYC", "Debian", "Measured with", "measured in this session"},
		},
		"their lab's file says it": {
			[]string{"--matrix", own}, exitDone,
			[]string{"Read " + from, "| here  |", "The hardware is as declared in the file given with --matrix"},
			[]string{"| GPU     | RTX 4090 |"},
			[]string{"H100", "EPYC", "Debian", "Measured with", "measured in this session"},
		},
		"they say that it was the paper's": {
			[]string{"--matrix", papersLab}, exitFailed,
			[]string{"Read " + from},
			[]string{"H100 NVL", "AMD EPYC 9354 (32C)"},
			[]string{"Measured with"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			out := t.TempDir()
			got := coldstart(t, append([]string{"report", "--from", logs, "--out", out}, test.args...)...)
			if got.code != test.code {
				t.Fatalf("exit %d, want %d: %s", got.code, test.code, got.err)
			}
			summary, hardware, numbers := read(t, out, "summary.md"), read(t, out, "hardware.md"), read(t, out, "data/figure2.json")
			contains(t, summary, test.summary...)
			contains(t, hardware, test.hardware...)
			contains(t, numbers, `"engine": "logs"`, fmt.Sprintf(`"session": %q`, logs))
			for _, word := range test.lack {
				if text := summary + hardware + got.out; strings.Contains(text, word) {
					t.Errorf("%q is in\n%s", word, text)
				}
			}
			comment := coldstart(t, append([]string{"comment", "--from", logs, "--dry-run"}, test.args...)...)
			if comment.code != exitDone || !strings.Contains(comment.out, "not measured by coldstart, stamped 02-09 16:0") {
				t.Errorf("comment: exit %d: %s%s", comment.code, comment.out, comment.err)
			}
		})
	}
}

// Without a date of their own, the documents of found logs bear none, or
// SOURCE_DATE_EPOCH's; a copy of the logs, which is newer, gives the same.
func TestFoundLogsGiveTheSameBytes(t *testing.T) {
	logs := foundLogs(t)
	for epoch, want := range map[string]string{"": "", "1700000000": "/CreationDate(D:20231114221320"} {
		t.Run("epoch "+epoch, func(t *testing.T) {
			if epoch != "" {
				t.Setenv("SOURCE_DATE_EPOCH", epoch)
			}
			var first []byte
			for range 2 {
				out := t.TempDir()
				coldstart(t, "report", "--from", logs, "--out", out)
				text := []byte(read(t, out, "figure2.pdf"))
				if first != nil && !bytes.Equal(first, text) {
					t.Error("the same logs gave other bytes")
				}
				if dated := bytes.Contains(text, []byte("/CreationDate")); dated != (want != "") || !bytes.Contains(text, []byte(want)) {
					t.Errorf("bears a date: %t, want %q", dated, want)
				}
				first = text
				touch(t, logs)
			}
		})
	}
}

// touch makes all logs as new as a copy.
func touch(t *testing.T, dir string) {
	t.Helper()
	for _, name := range names(t, dir) {
		path := filepath.Join(dir, name)
		text, err := os.ReadFile(path)
		if err == nil {
			err = result.WriteFile(path, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in\n%s", part, text)
		}
	}
}
