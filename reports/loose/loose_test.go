package loose_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"coldstart/reports/compare"
	"coldstart/reports/loose"
	"coldstart/reports/result"
	"coldstart/reports/testkit"
)

// start is a log of a model that came up after so many seconds.
func start(model string, seconds int) string {
	return fmt.Sprintf("INFO 11-28 12:00:00.000 [core.py:1] Initializing a V1 LLM engine (v0.20.2) with config: model='%s', dtype=x\n"+
		"INFO 11-28 12:00:%02d.000 [core.py:2] init engine (profile, create kv cache, warmup model) took 1.00 seconds\n", model, seconds)
}

// launched is that of an engine that a launcher started, and no server.
func launched(model string, seconds int) string {
	return start(model, seconds) + "initialize_engine took 1.00 seconds\n"
}

// coarse is one whose stamps are whole seconds.
func coarse(seconds int) string { return strings.ReplaceAll(start("a", seconds), ".000 [", " [") }

// served is the log of a server, ready after the given seconds.
func served(model string, seconds int) string {
	return start(model, seconds-1) + "INFO 11-28 12:00:" + fmt.Sprintf("%02d.000", seconds) + " [api_server.py:3] Starting vLLM API server 0 on http://0.0.0.0:8000\n" +
		"INFO:     Application startup complete.\n"
}

// behind has a text's lines behind the prefix of docker compose.
func behind(server, text string) string {
	return server + "  | " + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n"+server+"  | ") + "\n"
}

const (
	failed = "INFO 11-28 12:00:00.000 [core.py:1] Initializing a V1 LLM engine (v0.20.2) with config: dtype=x\nValueError: no such model\n"
	kept   = `{"schema":1,"runs":[{"iteration":1,"configuration":"a","log":"logs/1/a.log","seconds":{},` +
		`"moments":{"processes":[{"pid":1,"name":"python","began":"2026-11-28T11:59:57Z"}]}}]}`
	prose = "Started on Saturday.\n"
)

// outcome is each run, and the warnings.
func outcome(r *result.Results) string {
	var lines []string
	for i := range r.Cells["logs"].Runs {
		run := &r.Cells["logs"].Runs[i]
		lines = append(lines, fmt.Sprintf("%s %d: ready after %v s, counts: %t", run.Configuration, run.Iteration, run.TimeToReady, run.Counts()))
	}
	for _, w := range r.Warnings {
		lines = append(lines, "warning "+w)
	}
	return strings.Join(lines, "\n")
}

// Each file is a run of its model; a log that names none is of the others', if those have one.
func TestRead(t *testing.T) {
	for name, test := range map[string]struct {
		files map[string]string
		want  string
		err   string
	}{
		"one model, in folders and a hub's cache": {
			files: map[string]string{
				"1.log": start("/models/llama", 20), "2.txt": start("/hub/models--meta--llama/snapshots/0af3", 22), "deep/3.log": start("meta/llama", 21),
			},
			want: "llama 1: ready after 20 s, counts: true\nllama 2: ready after 22 s, counts: true\nllama 3: ready after 21 s, counts: true",
		},
		"stamps in whole seconds": {
			files: map[string]string{"1.log": coarse(20), "2.log": start("a", 21), "3.log": coarse(22)},
			want: "a 1: ready after 20 s, counts: true\na 2: ready after 21 s, counts: true\na 3: ready after 22 s, counts: true\n" +
				"warning 2 logs, such as DIR/1.log: stamped in whole seconds: a segment is off by up to a second",
		},
		"two models": {
			files: map[string]string{"1.log": start("a", 20), "2.log": start("b", 22), "3.log": start("a", 21), "4.log": failed},
			want: "a 1: ready after 20 s, counts: true\nb 1: ready after 22 s, counts: true\na 2: ready after 21 s, counts: true\n" +
				"a model without a name 1: ready after 0 s, counts: false",
		},
		"a failure and a file that is no log": {
			files: map[string]string{"1.log": start("a", 20), "2.log": failed, "notes.txt": prose, "data.csv": "1,2\n"},
			want: "a 1: ready after 20 s, counts: true\na 2: ready after 0 s, counts: false\n" +
				"warning DIR/notes.txt:1: no line of an engine's start-up found; it is left out",
		},
		"served": {
			files: map[string]string{"1.log": served("a", 20), "2.log": served("a", 21), "3.log": failed},
			want: "a 1: ready after 20 s, counts: true\na 2: ready after 21 s, counts: true\n" +
				"a 3: ready after 0 s, counts: false",
		},
		"served and engine only": {
			files: map[string]string{"0.log": failed, "1.log": served("a", 20), "2.log": start("a", 12)},
			want: "a 1: ready after 0 s, counts: false\na 2: ready after 20 s, counts: true\n" +
				"warning DIR/2.log: not served, as DIR/1.log is: left out, since the two kinds are never compared",
		},
		"engine only, and several that are served": {
			files: map[string]string{"1.log": start("a", 12), "2.log": served("a", 20), "3.log": served("a", 21)},
			want: "a 1: ready after 12 s, counts: true\n" +
				"warning 2 logs, such as DIR/2.log: not engine only, as DIR/1.log is: left out, since the two kinds are never compared",
		},
		"several servers in one log": {
			files: map[string]string{"compose.log": behind("api-1", start("a", 20)) + behind("api-2", start("a", 21)) + behind("api-3", failed)},
			want: "a 1: ready after 20 s, counts: true\na 2: ready after 21 s, counts: true\n" +
				"a 3: ready after 0 s, counts: false",
		},
		"a log that coldstart keeps, with what it measured": {
			files: map[string]string{
				"cells/c/logs/1/a.log": start("a", 20),
				"cells/c/cell.json":    kept,
			},
			want: "a 1: ready after 23 s, counts: true",
		},
		"a log that coldstart keeps, and one that it does not": {
			files: map[string]string{
				"cells/c/logs/1/a.log": start("a", 20), "found.log": start("a", 21),
				"cells/c/cell.json": kept,
			},
			want: "a 1: ready after 20 s, counts: true\na 2: ready after 21 s, counts: true\n" +
				"warning only some logs have times that coldstart measured beside them: these times are not used",
		},
		"no log": {
			files: map[string]string{"notes.txt": prose, "more.txt": prose},
			err:   "DIR: none of 2 files is a start-up log, such as DIR/more.txt:1: no line of an engine's start-up found",
		},
		"no log but one":     {files: map[string]string{"notes.txt": prose}, err: "DIR/notes.txt:1: no line of an engine's start-up found"},
		"an empty directory": {files: map[string]string{"data.csv": "1,2\n"}, err: "DIR: no .log or .txt file in this directory or below it"},
	} {
		dir := t.TempDir()
		testkit.WriteFiles(t, dir, test.files)
		read, err := loose.Read(dir)
		if err != nil {
			if got := strings.ReplaceAll(err.Error(), dir, "DIR"); got != test.err {
				t.Errorf("%s: %s, want %q", name, got, test.err)
			}
			continue
		}
		if got := strings.ReplaceAll(outcome(read), dir, "DIR"); got != test.want || test.err != "" {
			t.Errorf("%s:\n%s\nwant\n%s%s", name, got, test.want, test.err)
		}
	}
}

// Two sides with one model each are compared, whatever the names; others by name.
func TestReadBoth(t *testing.T) {
	dir := t.TempDir()
	testkit.WriteFiles(t, dir, map[string]string{
		"a.log": start("/models/llama", 20), "b.log": start("/new/Llama-3B", 22),
		"two/1.log": start("Llama-3B", 20), "two/2.log": start("qwen", 20),
	})
	models := func(a, b string) string {
		sides, err := loose.ReadBoth(filepath.Join(dir, a), filepath.Join(dir, b))
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, side := range sides {
			for _, c := range side.Plan.Sets[0].Configurations {
				label := c.Model
				if m := side.Plan.Model(c.Model); m != nil {
					label += " called " + m.Label
				}
				all = append(all, label)
			}
		}
		return strings.Join(all, ", ")
	}
	if got, want := models("a.log", "b.log"), "llama, llama called Llama-3B"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got, want := models("b.log", "two"), "Llama-3B, Llama-3B, qwen"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// A served start-up is never compared with one of the engine alone.
func TestStarts(t *testing.T) {
	dir := t.TempDir()
	testkit.WriteFiles(t, dir, map[string]string{
		"engine/1.log": start("a", 20), "engine/2.log": launched("a", 21),
		"served/1.log": served("a", 30), "served/2.log": served("a", 31), "launched/1.log": launched("a", 20), "failed/1.log": failed,
	})
	const otherwise = "the set differs between A and B: start: "
	for _, test := range []struct{ a, b, want string }{
		{"engine", "engine", ""},
		{"served", "served", ""},
		{"engine", "served", otherwise + "engine only → served; only start-ups of one kind are compared: " +
			"measure both engine only, or both served; a log without a server's lines counts as engine only"},
		{"served", "engine/1.log", otherwise + "served → engine only"},
		{"served", "launched", otherwise + "served → engine only"},
		{"engine", "launched", ""},
		{"served", "failed", "B failed to start in its only run"},
	} {
		sides, err := loose.ReadBoth(filepath.Join(dir, test.a), filepath.Join(dir, test.b))
		if err != nil {
			t.Fatal(err)
		}
		_, err = compare.Results(sides[0], sides[1], compare.Options{NameA: "A", NameB: "B"})
		switch {
		case test.want == "" && err != nil:
			t.Errorf("%s and %s: %v", test.a, test.b, err)
		case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%s and %s: %v, want %q", test.a, test.b, err, test.want)
		}
	}
}
