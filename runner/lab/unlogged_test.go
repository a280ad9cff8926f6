package lab

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coldstart/reports/result"
)

// What no run of a figure will have is said when it is planned, as far as it is known then.
func TestUnlogged(t *testing.T) {
	const file = `default_node: a
nodes: {a: {}, b: {environment: newer}}
environments:
  newer: {python: 3.12, packages: [vllm==0.20.2]}
  between: {python: 3.12, packages: ["vllm==0.19.1"]}
models: {mine: }
sets:
  plain: {models: [mine]}
  eager: {models: [mine], arguments: {enforce-eager: true}}
  served: {models: [mine], start: serve}
figures:
  profiling: {kind: bars, set: plain, phase: kv_cache_profiling, nodes: [a, b]}
  eager-profiling: {kind: bars, set: eager, phase: kv_cache_profiling, nodes: [b]}
  total: {kind: bars, set: plain, phase: total_time, nodes: [a]}
  ready: {kind: bars, set: plain, phase: time_to_ready, nodes: [a]}
  first: {kind: bars, set: plain, phase: first_token, nodes: [a]}
  first-served: {kind: bars, set: served, phase: first_token, nodes: [a]}
`
	path := filepath.Join(t.TempDir(), FileName)
	if err := os.WriteFile(path, []byte(file), 0o644); err != nil {
		t.Fatal(err)
	}
	l, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	const absent = "figure profiling on b shows kv_cache_profiling, which no run will have: vLLM 0.20.2 prints it only with --enforce-eager"
	for _, test := range []struct {
		figure, environment string
		start               result.Start
		want                string // empty: no note
	}{
		{figure: "profiling", want: absent},
		{figure: "profiling", environment: "newer", want: strings.Replace(absent, " on b ", " on a ", 1)},
		{figure: "eager-profiling"},
		{figure: "total"},
		{figure: "total", environment: "between",
			want: "figure total on a shows total_time, which no run will have: vLLM 0.19.1 prints it only with --max-num-batched-tokens"},
		{figure: "ready", environment: "newer"},
		{figure: "first", want: "figure first on a shows first_token, which no run will have: only an engine that serves has requests"},
		{figure: "first", start: result.Serve},
		{figure: "first-served"},
	} {
		_, notes, err := l.Plan(Request{Figures: test.figure, Engine: "vllm", Environment: test.environment, Start: test.start, Iterations: 1})
		if err != nil {
			t.Fatal(err)
		}
		if told := strings.Join(notes, "\n"); (told != "") != (test.want != "") || !strings.HasPrefix(told, test.want) {
			t.Errorf("%s in %s: %q, want %q", test.figure, test.environment, told, test.want)
		}
	}
}
