package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coldstart/reports/phase"
	"coldstart/reports/testkit"
)

func TestPlanJSONIsAJobMatrix(t *testing.T) {
	t.Parallel()
	got := coldstart(t, "plan", "--figures", "10,7", "--json")
	want := `{"include":[` +
		`{"cell":"figure7-n1","figure":"7","role":"","node":"n1","runs_on":["self-hosted","n1"],"timeout_minutes":15},` +
		`{"cell":"figure10-gpu0-n1","figure":"10","role":"gpu0","node":"n1","runs_on":["self-hosted","n1"],"timeout_minutes":15},` +
		`{"cell":"figure10-gpu1-n2","figure":"10","role":"gpu1","node":"n2","runs_on":["self-hosted","n2"],"timeout_minutes":15},` +
		`{"cell":"hardware-n1","figure":"hardware","role":"","node":"n1","runs_on":["self-hosted","n1"],"timeout_minutes":15},` +
		`{"cell":"hardware-n2","figure":"hardware","role":"","node":"n2","runs_on":["self-hosted","n2"],"timeout_minutes":15},` +
		`{"cell":"hardware-n3","figure":"hardware","role":"","node":"n3","runs_on":["self-hosted","n3"],"timeout_minutes":15},` +
		`{"cell":"hardware-n4","figure":"hardware","role":"","node":"n4","runs_on":["self-hosted","n4"],"timeout_minutes":15}]}` + "\n"
	if got.out != want {
		t.Errorf("got %s, want %s", got.out, want)
	}
}

func TestPlanTable(t *testing.T) {
	t.Parallel()
	testkit.Golden(t, "runner/testdata/plan.txt", onScreen(t, 80, "plan").out)
}

// With a rule of when to stop, the plan says what it is likely to save.
func TestPlanSaves(t *testing.T) {
	t.Parallel()
	got := coldstart(t, "plan", "--engine", "vllm", "--figures", "2", "--nodes", "n1", "--iterations", "3", "--confidence", "50%", "--max-iterations", "11")
	for _, part := range []string{"2 jobs, 12 runs of the engine at most.", "within 50 % of its mean", "takes 4 runs", "saves 6"} {
		if !strings.Contains(got.out, part) {
			t.Errorf("%q is missing in\n%s", part, got.out)
		}
	}
	if got := coldstart(t, "plan", "--engine", "vllm", "--figures", "2", "--nodes", "n1"); strings.Contains(got.out, "at most") || strings.Contains(got.out, "an upper limit") {
		t.Errorf("without a rule it says\n%s", got.out)
	}
}

// readLog is what a program reads of phases --json.
type readLog struct {
	Log     string
	Seconds phase.Times
	Ready   float64 `json:"time_to_ready"`
}

// phases --json over the whole artifact agrees with what its authors read.
func TestPhasesJSONAgreesWithThePaper(t *testing.T) {
	t.Parallel()
	artifact := testkit.Artifact(t)
	got := coldstart(t, "phases", "--json", artifact)
	if got.code != exitDone {
		t.Fatalf("exit %d: %s", got.code, got.err)
	}
	var logs []readLog
	if err := json.Unmarshal([]byte(got.out), &logs); err != nil {
		t.Fatal(err)
	}
	byPath := map[string]readLog{}
	for _, log := range logs {
		byPath[log.Log] = log
	}
	readings := testkit.Readings(t, "comparison_results.json")
	for _, reading := range readings {
		log := byPath[reading.Path]
		for p, want := range reading.Seconds {
			ours, known := log.Seconds.Get(p)
			if known != (want != nil) || known && math.Abs(ours-*want) > 1e-6*math.Abs(*want) {
				t.Errorf("%s: %v is %v (%t)", reading.Path, p, ours, known)
			}
			if p == phase.ActualTotalTime && want != nil && math.Abs(log.Ready-*want) > 0.0005 {
				t.Errorf("%s: ready after %v s, not %v", reading.Path, log.Ready, *want)
			}
		}
	}
	if want := 768; len(readings) != want {
		t.Errorf("%d logs compared, want %d", len(readings), want)
	}
}

// A log of a release that is yet to come is shown as far as it is recognised.
func TestPhasesOfAFutureRelease(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "vllm.log")
	text := "[core.py:1] Initializing a V1 LLM engine (v7.1.0) with config\n[a.py:1] Loading weights took 1.5 seconds\ninitialize_engine took 9 seconds\n"
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	got := coldstart(t, "phases", path)
	for _, part := range []string{"vLLM\t7.1.0\n", "load_weights\t1.500\n"} {
		if !strings.Contains(got.out, part) {
			t.Errorf("%q is missing in\n%s", part, got.out)
		}
	}
	if warning := path + ":1: vLLM 7.1.0 is newer than"; got.code != exitDone || !strings.Contains(got.err, warning) {
		t.Errorf("exit %d, %q is missing in %s", got.code, warning, got.err)
	}
}

// Where the stamps are whole seconds, as vLLM writes them by itself, it is said how
// exact a phase between two of them is.
func TestPhasesOfWholeSeconds(t *testing.T) {
	t.Parallel()
	const from, to, note = "INFO 02-09 16:09:50%s [a.py:1] Starting to load model m...\n", "INFO 02-09 16:09:52%s [a.py:1] Loading weights took 1.5 seconds\ninitialize_engine took 9 seconds\n", "start.log: stamped in whole seconds: "
	for _, milliseconds := range []string{"", ".250"} {
		path := filepath.Join(t.TempDir(), "start.log")
		if err := os.WriteFile(path, fmt.Appendf(nil, from+to, milliseconds, milliseconds), 0o644); err != nil {
			t.Fatal(err)
		}
		table, json := coldstart(t, "phases", path), coldstart(t, "phases", "--json", path)
		want := milliseconds == ""
		if said := strings.Contains(table.err, note); table.code != exitDone || said != want {
			t.Errorf("stamps with milliseconds %q: exit %d: %s", milliseconds, table.code, table.err)
		}
		if said := strings.Contains(json.out, `"whole_seconds":true`); said != want {
			t.Errorf("stamps with milliseconds %q: %s", milliseconds, json.out)
		}
	}
}

// One log is a tree of segments, several have a row each, and with --paper both are a table
// of the paper's phases; of a log with several start-ups, the last one is shown.
func TestPhasesTree(t *testing.T) {
	t.Parallel()
	const logs = "reports/phase/testdata/"
	for name, args := range map[string][]string{
		"phases-serve":    {logs + "releases/0.20.2-serve.log"},
		"phases-paper":    {"--paper", logs + "releases/0.20.2-serve.log"},
		"phases-default":  {logs + "releases/0.32.0-cpu-serve.log"},
		"phases-attempts": {logs + "posted/killed-without-a-word-same-pid.log"},
		"phases-failed":   {logs + "posted/crash-loop.log"},
		"phases-servers":  {logs + "servers/compose.log"},
		"phases-findings": {logs + "findings/compiled-again.log"},
		"phases-several": {
			logs + "releases/0.20.2-serve.log", logs + "releases/0.12.0.log", logs + "releases/0.32.0-grpc.log",
			logs + "posted/crash-loop.log", logs + "releases/0.6.0.log", logs + "releases/0.20.2-warm.log",
		},
		"phases-several-paper": {"--paper", logs + "releases/0.20.2-serve.log", logs + "releases/0.12.0.log"},
	} {
		t.Run(name, func(t *testing.T) {
			got := onScreen(t, 160, append([]string{"phases"}, args...)...)
			testkit.Golden(t, "runner/testdata/"+name+".txt", got.out+got.err)
		})
	}
	servers := coldstart(t, "phases", "--json", logs+"servers/compose.log")
	if strings.Count(servers.out, `"log":`) != 2 || !strings.Contains(servers.out, `"server":"api-1"`) {
		t.Errorf("two servers are not two objects: %s", servers.out)
	}
	if got := coldstart(t, "phases", "go.mod"); got.out != "" || strings.Count(got.err, "\n") != 1 {
		t.Errorf("a file that is no log has more than an error: %s%s", got.out, got.err)
	}
}

// Logs side by side are named by what tells them apart.
func TestPhasesTable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var paths []string
	for i := range 2 {
		path := filepath.Join(dir, fmt.Sprint(i), "start.log")
		os.MkdirAll(filepath.Dir(path), 0o755)
		text := fmt.Sprintf("[a.py:1] Loading weights took %d.5 seconds\ninitialize_engine took 9 seconds\n", i)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	got := coldstart(t, append([]string{"phases"}, paths...)...)
	for _, part := range []string{"Phase (s)\t0/start.log\t1/start.log\n", "load_weights\t0.500\t1.500\n"} {
		if !strings.Contains(got.out, part) {
			t.Errorf("%q is missing in\n%s", part, got.out)
		}
	}
}

// Files of what the start-ups of logs were doing when are written beside the tree. A log
// without such a start-up has an error.
func TestPhasesPictures(t *testing.T) {
	t.Parallel()
	const logs = "reports/phase/testdata/"
	for flag, kind := range map[string]struct{ begin, ending string }{
		"--trace": {`{"displayTimeUnit":"ms","traceEvents":[`, ".json"}, "--timeline": {"%PDF-1.", ".pdf"},
	} {
		path := filepath.Join(t.TempDir(), "file"+kind.ending)
		got := coldstart(t, "phases", flag, path, logs+"releases/0.20.2-serve.log")
		text, err := os.ReadFile(path)
		if got.code != exitDone || err != nil || !bytes.HasPrefix(text, []byte(kind.begin)) {
			t.Errorf("%s: code %d, %v, %.60q", flag, got.code, err, text)
		}
		if !strings.Contains(got.out, "ready after 126.1 s") || !strings.Contains(got.err, path+" is written: open it") {
			t.Errorf("%s: %s%s", flag, got.out, got.err)
		}
		got = coldstart(t, "phases", flag, filepath.Join(t.TempDir(), "no"+kind.ending), logs+"posted/crash-loop.log")
		if got.code != exitFailed || !strings.Contains(got.err, "is not written: no log with time stamps has a start-up that came up") {
			t.Errorf("%s of a failed start-up: code %d, %s", flag, got.code, got.err)
		}
		got = coldstart(t, "phases", flag, path+"/no"+kind.ending, logs+"releases/0.20.2-serve.log")
		if got.code != exitFailed || !strings.Contains(got.err, path+"/no"+kind.ending+" cannot be written: not a directory") {
			t.Errorf("%s into a file: code %d, %s", flag, got.code, got.err)
		}
	}
}

// No picture takes the place of a log.
func TestPhasesKeepsLogs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	log := filepath.Join(dir, "a.log")
	const text = "not a log\n"
	testkit.WriteFiles(t, dir, map[string]string{"a.log": text})
	for _, name := range []string{"hard.json", "hard.pdf"} {
		if err := os.Link(log, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("a.log", filepath.Join(dir, "soft.pdf")); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ flag, file, input, want string }{
		{"--trace", "a.log", "a.log", "a.log does not end in .json"},
		{"--trace", "new.pdf", "a.log", "new.pdf does not end in .json"},
		{"--timeline", "new.json", "a.log", "new.json does not end in .pdf"},
		{"--timeline", "new", "a.log", "new does not end in .pdf"},
		{"--trace", "hard.json", "hard.json", "hard.json is one of the logs"},
		{"--trace", "hard.json", "a.log", "hard.json is one of the logs"},
		{"--timeline", "hard.pdf", ".", "hard.pdf is one of the logs"},
		{"--timeline", "soft.pdf", "a.log", "soft.pdf is one of the logs"},
	} {
		got := coldstart(t, "phases", test.flag, filepath.Join(dir, test.file), filepath.Join(dir, test.input))
		if want := test.flag + ": " + dir + "/" + test.want; got.code != exitUsage || !strings.Contains(got.err, want) {
			t.Errorf("%+v: exit %d, %q lacks %q", test, got.code, got.err, want)
		}
		if kept, err := os.ReadFile(log); err != nil || string(kept) != text {
			t.Fatalf("%+v: the log is %q, %v", test, kept, err)
		}
	}
}

// The segments of a log that a measurement keeps reach from exec to the first token.
func TestPhasesOfAKeptLog(t *testing.T) {
	t.Parallel()
	log, err := os.ReadFile("reports/phase/testdata/releases/0.32.0-cpu-serve.log")
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	testkit.WriteFiles(t, root, map[string]string{
		"logs/1/a.log": string(log),
		"cell.json": `{"schema":1,"session":"s1","cell":{"id":"figure2-n1"},"runs":[
			{"iteration":1,"configuration":"a","log":"logs/1/a.log","seconds":{},"moments":{
			"processes":[{"pid":1,"name":"vllm","began":"2026-11-23T08:59:51Z"}],
			"ready":"2026-11-23T09:00:59.5Z","first_token":"2026-11-23T09:01:00.1Z"}}]}`,
	})
	got := coldstart(t, "phases", filepath.Join(root, "logs/1/a.log"))
	shown := strings.Join(strings.Fields(got.out), " ")
	for _, part := range []string{"ready after 68.5 s", "process_start 9.000", "serving_setup 3.500", "first_token 0.600"} {
		if !strings.Contains(shown, part) {
			t.Errorf("%q is missing in\n%s%s", part, got.out, got.err)
		}
	}
}

// The settings that phases writes make vLLM log debug lines with milliseconds.
func TestPhasesLoggingConfig(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "logging.json")
	got := coldstart(t, "phases", "--logging-config", path)
	if got.code != exitDone || !strings.Contains(got.err, "VLLM_LOGGING_CONFIG_PATH="+path+" vllm serve") {
		t.Errorf("code %d: %s", got.code, got.err)
	}
	text, err := os.ReadFile(path)
	if err != nil || !bytes.Contains(text, []byte(`%(asctime)s.%(msecs)03d`)) || !bytes.Contains(text, []byte(`"level": "DEBUG"`)) {
		t.Errorf("%s, %v", text, err)
	}
	for _, args := range [][]string{{"a.log"}, {"--json"}, {"--paper"}} {
		got := coldstart(t, append([]string{"phases", "--logging-config", path}, args...)...)
		if got.code != exitUsage || !strings.Contains(got.err, "--logging-config reads no log") {
			t.Errorf("%v: code %d: %s", args, got.code, got.err)
		}
	}
	got = coldstart(t, "phases", "--logging-config", filepath.Join(path, "x.json"))
	if got.code != exitFailed || !strings.Contains(got.err, "the log settings cannot be written") {
		t.Errorf("code %d: %s", got.code, got.err)
	}
}
