package history

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/testkit"
)

const commit = "0123456789abcdef0123456789abcdef01234567"

// measuredIn reads an example's results.
func measuredIn(t testing.TB, example string) *result.Results {
	t.Helper()
	results, err := result.Read(filepath.Join("..", "examples", example))
	if err != nil {
		t.Fatal(err)
	}
	return results
}

func recordsOf(t testing.TB, results *result.Results, commit string) []Record {
	t.Helper()
	records, warnings, err := Records(results, commit)
	if err != nil || len(warnings) > 0 || len(records) == 0 {
		t.Fatalf("%d records, %v, warnings %q", len(records), err, warnings)
	}
	return records
}

// A measured session's lines, without their facts; those beside them.
func TestRecords(t *testing.T) {
	records := recordsOf(t, measuredIn(t, "cpu/uncached"), commit)
	var lines strings.Builder
	for _, record := range records {
		for _, name := range slices.Sorted(maps.Keys(record.Facts)) {
			if strings.ContainsAny(name[:1], "-_") || strings.ToLower(name) != name || slices.Contains(telling, name) {
				fmt.Fprintf(&lines, "%s: %s\n", name, record.Facts[name])
			}
		}
		record.Facts = nil
		text, err := json.Marshal(record)
		if err != nil {
			t.Fatal(err)
		}
		lines.WriteString(string(text) + "\n")
	}
	testkit.Golden(t, "testdata/records.txt", lines.String())
}

// A record has the segments that all of its runs have.
func TestSegments(t *testing.T) {
	run := func(iteration int, segments string) result.Run {
		run := result.Run{Iteration: iteration, Configuration: "c"}
		run.Seconds.Set(phase.ActualTotalTime, 20)
		run.Seconds.Set(phase.ModelLoading, 2)
		if err := json.Unmarshal([]byte(segments), &run.Segments); err != nil {
			t.Fatal(err)
		}
		return run
	}
	const three = `{"front_end+worker_setup":7,"model_loading":5,"first_token":1}`
	for _, test := range []struct {
		name  string
		runs  []result.Run
		lines string // of the series
	}{
		{"all have them", []result.Run{run(1, three), run(2, `{"front_end+worker_setup":8,"model_loading":5,"first_token":2}`)},
			"time_to_ready 12.5, front_end+worker_setup 7.5, model_loading 5, first_token 1.5, actual_total_time 20"},
		{"one has others", []result.Run{run(1, three), run(2, `{"front_end":3,"worker_setup":4,"model_loading":5,"first_token":1}`)},
			"actual_total_time 20, model_loading 2"},
		{"none has any", []result.Run{run(1, `{}`), run(2, `{}`)}, "actual_total_time 20, model_loading 2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			planned := result.Cell{ID: "cell", Node: "n1", Set: "set"}
			records := recordsOf(t, &result.Results{
				Plan: result.Plan{Session: "s", Engine: "vllm", Cells: []result.Cell{planned},
					Sets: []result.Set{{Name: "set", Configurations: []result.Configuration{{ID: "c"}}}}},
				Cells: map[string]*result.CellResult{"cell": {Cell: planned, Runs: test.runs}},
			}, commit)
			var lines []string
			for _, line := range (&History{Records: records}).Series()[0].Lines {
				lines = append(lines, fmt.Sprintf("%s %g", line.Phase, line.Seconds[0]))
			}
			if got := strings.Join(lines, ", "); got != test.lines {
				t.Errorf("got  %s\nwant %s", got, test.lines)
			}
		})
	}
}

// Added and read again, records are the same, and what is added twice counts once.
func TestAppendAndRead(t *testing.T) {
	records := slices.Concat(
		recordsOf(t, measuredIn(t, "h200/start"), commit), recordsOf(t, measuredIn(t, "h200/again"), "89abcdef"),
	)
	for _, name := range []string{"history.jsonl", "history"} {
		path := filepath.Join(t.TempDir(), "kept", name)
		for _, want := range []int{len(records), 0} {
			if added, err := Append(path, records); err != nil || added != want {
				t.Fatalf("%s: %d records were added, want %d (%v)", name, added, want, err)
			}
		}
		h, err := Read(path)
		if err != nil || len(h.Warnings) > 0 {
			t.Fatalf("%v, warnings %q", err, h.Warnings)
		}
		want := slices.Clone(records)
		for i := range want {
			if diff := cmp.Diff(want[i].Facts, map[string]string(h.facts[want[i].Environment])); diff != "" {
				t.Errorf("facts of record %d (-want +got):\n%s", i, diff)
			}
			want[i].Facts = nil
		}
		slices.SortStableFunc(want, func(a, b Record) int { return a.Time.Compare(b.Time) })
		if diff := cmp.Diff(want, h.Records); diff != "" {
			t.Errorf("%s: records (-want +got):\n%s", name, diff)
		}
	}
}

// The facts of an environment stand in one line of a history.
func TestFactsAreWrittenOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h.jsonl")
	for _, commit := range []string{"aaaaaaa", "bbbbbbb"} {
		if _, err := Append(path, recordsOf(t, measuredIn(t, "h200/again"), commit)); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if lines, facts := strings.Count(string(text), "\n"), strings.Count(string(text), `"facts"`); lines != 2 || facts != 1 {
		t.Errorf("%d lines, %d with facts", lines, facts)
	}
}

// What was built from the commit is no part of what it was measured in.
func TestBuiltPackages(t *testing.T) {
	const release = "0.20.3.dev1+gaaaaaaa"
	torch := result.Package{Name: "torch", Version: "2.9.0"}
	for _, test := range []struct {
		name     string
		packages []result.Package
		want     string // the facts but for the environment's name
	}{
		{"none", []result.Package{torch, {Name: "vllm", Version: release}}, "release " + release + ", torch 2.9.0, vllm " + release},
		{"the engine", []result.Package{torch, {Name: "vllm", Version: release, Source: result.BuiltFrom("aaaaaaa")}}, "torch 2.9.0"},
		{"another", []result.Package{{Name: "plugin", Version: "1.0", Source: result.BuiltFrom("aaaaaaa")}, {Name: "vllm", Version: release}},
			"release " + release + ", vllm " + release},
		{"from another repository", []result.Package{{Name: "plugin", Version: "1.0", Source: "https://h/p@aaaaaaa"}},
			"plugin 1.0 from https://h/p@aaaaaaa, release " + release},
	} {
		cell := &result.CellResult{Cell: result.Cell{ID: "cell", Node: "n1", Set: "set"}}
		run := result.Run{Iteration: 1, Configuration: "c", Release: release}
		run.Seconds.Set(phase.ActualTotalTime, 20)
		run.Environment = cell.KeepEnvironment(&result.InstalledEnvironment{Name: "e", Packages: test.packages})
		cell.Runs = []result.Run{run}
		record := recordsOf(t, &result.Results{
			Plan: result.Plan{Session: "s", Engine: "vllm", Cells: []result.Cell{cell.Cell},
				Sets: []result.Set{{Name: "set", Configurations: []result.Configuration{{ID: "c"}}}}},
			Cells: map[string]*result.CellResult{"cell": cell},
		}, commit)[0]
		var facts []string
		for _, name := range slices.Sorted(maps.Keys(record.Facts)) {
			if name != "environment" {
				facts = append(facts, name+" "+record.Facts[name])
			}
		}
		if got := strings.Join(facts, ", "); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

// A measurement that went on, and has more runs now, takes the place of what it was.
func TestLastOfOneSessionCounts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h.jsonl")
	record := recordsOf(t, measuredIn(t, "h200/again"), commit)[0]
	for _, seconds := range []float64{30, 31} {
		record.Phases = map[string]Mean{"total_time": {Seconds: seconds, Runs: 3}}
		record.Whole = "total_time"
		if added, err := Append(path, []Record{record}); err != nil || added != 1 {
			t.Fatal(added, err)
		}
	}
	h, err := Read(path)
	if err != nil || len(h.Records) != 1 || h.Records[0].Phases["total_time"].Seconds != 31 {
		t.Errorf("%+v, %v", h, err)
	}
}

// Half a line, as a full disk leaves it, costs itself only.
func TestHalfALine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h.jsonl")
	records := recordsOf(t, measuredIn(t, "h200/start"), commit)
	text, err := json.Marshal(records[0])
	if err == nil {
		err = os.WriteFile(path, text[:len(text)/2], 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	if added, err := Append(path, records); err != nil || added != len(records) {
		t.Fatal(added, err)
	}
	h, err := Read(path)
	want := path + ":1: not JSON at byte "
	if err != nil || len(h.Records) != len(records) || len(h.Warnings) != 1 || !strings.HasPrefix(h.Warnings[0], want) {
		t.Errorf("%d records, %v, warnings %q", len(h.Records), err, h.Warnings)
	}
}

// Commits are in the order of their dates, whenever they were measured.
func TestOrder(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 5, n, 0, 0, 0, 0, time.UTC) }
	type times struct{ committed, measured int } // days; 0: not known
	for _, test := range []struct {
		name    string
		records []times
		want    string
	}{
		{"measured as they were made", []times{{1, 11}, {2, 12}, {3, 13}}, "c000000 (1 May), c000001 (2 May), c000002 (3 May)"},
		{"older ones measured later", []times{{3, 11}, {1, 12}, {2, 13}}, "c000001 (1 May), c000002 (2 May), c000000 (3 May)"},
		{"without dates", []times{{0, 13}, {0, 11}, {0, 12}}, "c000001 (11 May), c000002 (12 May), c000000 (13 May)"},
		{"some without a date", []times{{0, 5}, {4, 11}, {6, 12}}, "c000001 (4 May), c000000 (5 May), c000002 (6 May)"},
		{"of one date", []times{{1, 12}, {1, 11}}, "c000001 (1 May), c000000 (1 May)"},
	} {
		records := made(make([]float64, len(test.records)), 99).Records
		for i, at := range test.records {
			records[i].Time = day(at.measured)
			if at.committed > 0 {
				records[i].Committed = day(at.committed)
			}
		}
		path := filepath.Join(t.TempDir(), "h.jsonl")
		if _, err := Append(path, records); err != nil {
			t.Fatal(err)
		}
		h, err := Read(path)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for i, series := 0, h.Series()[0]; i < len(series.Records); i++ {
			got = append(got, series.Named(i))
		}
		if got := strings.Join(got, ", "); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

const line = `{"schema":1,"commit":"abcdef0","session":"s","node":"n1","engine":"vllm","set":"baseline",` +
	`"configuration":"qwen","environment":"e","phases":{"total_time":{"mean":1,"n":5}}}`

func TestBadLines(t *testing.T) {
	for _, test := range []struct{ old, new, want string }{
		{line, "", ""},
		{line, " ", ""},
		{line, "{", "h.jsonl:2: not JSON at byte 1: unexpected end of JSON input; the line is left out"},
		{line, "[]", "h.jsonl:2: the line has the wrong type: array; the line is left out"},
		{`"s"`, `7`, "h.jsonl:2: session has the wrong type: number; the line is left out"},
		{`"schema":1`, `"schema":2`, "schema 2, but this release of coldstart reads schema 1 only"},
		{"abcdef0", "main", `a commit is 7 to 64 hexadecimal digits, not "main"`},
		{"n1", "", "node is missing"},
		{"n1", `n\u001b[31m`, `"n\x1b[31m" is not printable`},
		{"n1", strings.Repeat("n", 201), "has more than 200 bytes"},
		{`"mean":1`, `"mean":-1`, "total_time cannot take -1 s"},
		{`"mean":1`, `"mean":1e300`, "total_time cannot take 1e+300 s"},
		{`"n":5`, `"n":0`, "total_time cannot have 0 runs"},
		{`{"total_time":{"mean":1,"n":5}}`, `{}`, "0 phases and 0 segments; a record has 1 to 200 phases"},
		{`"environment":"e"`, `"environment":"e","whole":"ready"`, "whole names a phase that the record lacks"},
		{line, strings.Repeat("x", longestLine+1), "h.jsonl:2: more than 1048576 bytes; the line is left out"},
	} {
		t.Run(test.want, func(t *testing.T) {
			dir := t.TempDir()
			after := strings.Replace(line, "abcdef0", "abcdef1", 1)
			text := line + "\n" + strings.Replace(line, test.old, test.new, 1) + "\n" + after
			testkit.WriteFiles(t, dir, map[string]string{"h.jsonl": text})
			h, err := Read(filepath.Join(dir, "h.jsonl"))
			if err != nil {
				t.Fatal(err)
			}
			if commits := commitsOf(h); !slices.Equal(commits, []string{"abcdef0", "abcdef1"}) {
				t.Errorf("the lines before and after it are %q", commits)
			}
			if got := strings.Join(h.Warnings, "\n"); !strings.Contains(got, test.want) || (test.want == "") != (got == "") {
				t.Errorf("warnings %q, want %q", got, test.want)
			}
		})
	}
}

func commitsOf(h *History) (commits []string) {
	for _, r := range h.Records {
		commits = append(commits, r.Commit)
	}
	return commits
}

func TestManyBadLines(t *testing.T) {
	dir := t.TempDir()
	testkit.WriteFiles(t, dir, map[string]string{"h.jsonl": strings.Repeat("{\n", 100) + line})
	h, err := Read(dir)
	if err != nil || len(h.Records) != 1 || len(h.Warnings) != mostWarnings+1 {
		t.Fatalf("%+v, %v", h, err)
	}
	if last := h.Warnings[mostWarnings]; !strings.HasSuffix(last, "h.jsonl: 80 more lines are left out") {
		t.Errorf("the last warning is %q", last)
	}
}

func TestNoHistory(t *testing.T) {
	empty := t.TempDir()
	for path, want := range map[string]string{
		filepath.Join(empty, "none.jsonl"): "cannot read the history " + filepath.Join(empty, "none.jsonl") + ": no such file or directory",
		empty:                              empty + ": the directory holds no file named *.jsonl",
	} {
		if _, err := Read(path); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
	}
}

// FuzzRead: for any bytes, reading does not panic, and every record that it takes can be
// searched, named and read again as it is.
func FuzzRead(f *testing.F) {
	f.Add([]byte(line))
	f.Add([]byte(line[:len(line)/2] + "\n" + line))
	f.Add([]byte(strings.Repeat(line+"\n", 3)))
	f.Add([]byte(`{"schema":1e99}` + "\x00\n[[[["))
	f.Add([]byte(strings.Replace(line, `"environment":"e"`, `"environment":"e","facts":{"torch":"2.9"},"time":"2026-11-03T00:00:00Z"`, 1)))
	f.Fuzz(func(t *testing.T, data []byte) {
		h := &History{facts: map[string]facts{}}
		r := reader{history: h, at: map[identity]int{}}
		if _, err := r.read("h", strings.NewReader(string(data))); err != nil {
			t.Fatal(err)
		}
		for _, s := range h.Series() {
			s.Drifts()
		}
		for _, record := range h.Records {
			text, err := json.Marshal(record)
			if err != nil {
				t.Fatal(err)
			}
			if err := r.line(text); err != nil {
				t.Fatalf("%s: %v", text, err)
			}
		}
	})
}

// made is a history of a phase's seconds, one a day from 20 December on, commits c000000 and
// so on; from is the first record in another environment.
func made(seconds []float64, from int) *History {
	h := &History{facts: map[string]facts{
		"e1": {"torch": "2.9.0", "vllm": "0.20.1"}, "e2": {"torch": "2.9.1", "vllm": "0.20.1"},
	}}
	for i, s := range seconds {
		record := Record{
			Schema: Schema, Commit: fmt.Sprintf("c%06d", i), Time: time.Date(2025, 12, 20+i, 8, 0, 0, 0, time.UTC),
			Session: "s", Environment: "e1", Whole: "total_time", Phases: map[string]Mean{"total_time": {s, 5}},
			Key: Key{Node: "n1", Engine: "vllm", Set: "baseline", Configuration: "qwen-4b"},
		}
		if i >= from {
			record.Environment = "e2"
		}
		h.Records = append(h.Records, record)
	}
	return h
}

func TestDrift(t *testing.T) {
	level := func(n int, seconds float64) []float64 { return slices.Repeat([]float64{seconds}, n) }
	for _, test := range []struct {
		name    string
		seconds []float64
		from    int
		want    string
	}{
		{"steady", level(20, 10), 20, ""},
		{"slower", slices.Concat(level(20, 10), level(8, 10.4)), 99, "total_time has been 4 % slower since commit c000020 (9 Jan)"},
		{"faster, the year before", slices.Concat(level(8, 10), level(20, 8.75)), 99, "total_time has been 12.5 % faster since commit c000008 (28 Dec 2025)"},
		{"where the environment changed", slices.Concat(level(20, 10), level(8, 10.4)), 20,
			"total_time has been 4 % slower since commit c000020 (9 Jan), where the environment changed: torch: 2.9.0 → 2.9.1"},
		{"step by step", slices.Concat(level(10, 10), level(10, 10.5), level(10, 11)), 99,
			"total_time has been getting slower since commit c000010 (30 Dec 2025), 10 % in all; last 4.8 %, at commit c000020 (9 Jan)"},
		{"up and down", slices.Concat(level(10, 10), level(10, 10.5), level(10, 10)), 99, "total_time has been 4.8 % faster since commit c000020 (9 Jan)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			series := made(test.seconds, test.from).Series()
			if len(series) != 1 {
				t.Fatalf("%d series", len(series))
			}
			if got := strings.Join(series[0].Drifts(), "\n"); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// A plan measures the series of its cells' configurations, started in the same way on the
// same node.
func TestMeasured(t *testing.T) {
	plan := &result.Plan{
		Engine: "vllm",
		Sets:   []result.Set{{Name: "baseline", Configurations: []result.Configuration{{ID: "qwen-4b"}, {ID: "yi-6b"}}}},
		Cells:  []result.Cell{{ID: "2-n1", Set: "baseline", Node: "n1"}, {ID: "2-n2", Set: "baseline", Node: "n2", GPU: "1"}},
	}
	for _, test := range []struct {
		name     string
		change   func(*Key)
		measured bool
	}{
		{"the same", func(*Key) {}, true},
		{"another configuration of the set", func(k *Key) { k.Configuration = "yi-6b" }, true},
		{"a GPU of a node", func(k *Key) { k.Node, k.GPU = "n2", "1" }, true},
		{"another GPU", func(k *Key) { k.Node, k.GPU = "n2", "0" }, false},
		{"another node", func(k *Key) { k.Node = "n3" }, false},
		{"another set", func(k *Key) { k.Set = "versions" }, false},
		{"another configuration", func(k *Key) { k.Configuration = "qwen-8b" }, false},
		{"another engine", func(k *Key) { k.Engine = "mine" }, false},
		{"served", func(k *Key) { k.Start = result.Serve }, false},
	} {
		s := &Series{Key: Key{Node: "n1", Engine: "vllm", Set: "baseline", Configuration: "qwen-4b"}}
		test.change(&s.Key)
		if got := len(Measured([]*Series{s}, plan)) == 1; got != test.measured {
			t.Errorf("%s: measured %t, want %t", test.name, got, test.measured)
		}
	}
}
