package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/runner/lab"
	"coldstart/runner/revision/repotest"
)

// bench is a machine to measure on with the fake engine: places of its own for all
// that a measurement leaves, and a matrix file whose engine vllm is the fake one.
type bench struct {
	dir     string
	matrix  string
	journal string
	env     []string // of every coldstart on it, NAME=value
}

// newBench sets a bench up; flags are those of the fake engine.
func newBench(t *testing.T, flags ...string) *bench {
	t.Helper()
	b := &bench{dir: t.TempDir()}
	for _, place := range []string{lockDir, "XDG_STATE_HOME", "XDG_CACHE_HOME"} {
		dir := filepath.Join(b.dir, strings.ToLower(place))
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		b.env = append(b.env, place+"="+dir)
	}
	b.journal, b.matrix = filepath.Join(b.dir, "journal"), filepath.Join(b.dir, "lab.yaml")
	words := append([]string{fakeEngine(t), "--journal", b.journal}, flags...)
	command, err := json.Marshal(words)
	if err != nil {
		t.Fatal(err)
	}
	b.declare(t, fmt.Sprintf("engines:\n  vllm: {command: %s}\n", command))
	return b
}

// declare writes the matrix file of the bench: the paper's, and its own part.
func (b *bench) declare(t *testing.T, own string) {
	t.Helper()
	nodes, err := os.ReadFile(papersLab)
	if err == nil {
		err = os.WriteFile(b.matrix, append([]byte(own), nodes...), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// asProgram makes the test's own program coldstart itself, in a process of its own
// that can be killed, and that locks the machine in a place of the test's.
const (
	asProgram = "COLDSTART_AS_PROGRAM"
	lockDir   = "COLDSTART_LOCK_DIR"
)

// papersLab is the file of the paper's lab. It serves all tests that name no other, so that
// they pass whatever nodes the checkout's own file has.
const papersLab = "runner/lab/paper.yaml"

// programs is where tests build programs of this module.
var programs string

// TestMain runs the tests in the top directory of the checkout, where a person runs
// coldstart.
func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		lab.LockDir = cmp.Or(os.Getenv(lockDir), lab.LockDir)
		main()
	}
	var err error
	programs, err = os.MkdirTemp("", "coldstart-test-")
	if _, below := os.Stat("go.mod"); below != nil { // a fuzz worker starts in the top directory
		err = errors.Join(err, os.Chdir(".."))
	}
	matrix, err2 := filepath.Abs(papersLab)
	if err := errors.Join(err, err2, os.Setenv(lab.Variable, matrix)); err != nil {
		panic(err)
	}
	code := m.Run()
	os.RemoveAll(programs)
	os.Exit(code)
}

// process is coldstart in a process of its own.
func process(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	return cmd
}

// process is coldstart on the bench.
func (b *bench) process(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	cmd := process(t, args...)
	cmd.Env = append(cmd.Env, b.env...)
	return cmd
}

// coldstart runs a command line on the bench.
func (b *bench) coldstart(t *testing.T, args ...string) ran {
	t.Helper()
	var out, err strings.Builder
	cmd := b.process(t, args...)
	cmd.Stdout, cmd.Stderr = &out, &err
	cmd.Run()
	return ran{code: cmd.ProcessState.ExitCode(), out: out.String(), err: err.String()}
}

// fakeEngine builds the fake engine, once for all tests.
func fakeEngine(t *testing.T) string {
	t.Helper()
	path, err := buildFake()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

var buildFake = sync.OnceValues(func() (path string, err error) {
	path = filepath.Join(programs, "fake-engine")
	out, err := exec.Command("go", "build", "-o", path, "./runner/engine/fake").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w: %s", err, out)
	}
	return path, err
})

func (b *bench) path(name string) string { return filepath.Join(b.dir, name) }

// reproduce measures figures on n1 into out below the bench.
func (b *bench) reproduce(t *testing.T, figures, out string, more ...string) ran {
	t.Helper()
	args := append([]string{"reproduce", "--engine", "vllm", "--matrix", b.matrix, "--nodes", "n1", "--figures", figures, "--iterations", "2", "--out", b.path(out)}, more...)
	return b.coldstart(t, args...)
}

// started are the runs that the fake engine was started for.
func (b *bench) started(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(b.journal)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(text)), "\n")
}

// runs are those of a cell below out: which, how long, and whether they count.
func (b *bench) runs(t *testing.T, out, cell string) []result.Run {
	t.Helper()
	results, err := result.Read(b.path(out))
	if err != nil {
		t.Fatal(err)
	}
	if results.Cells[cell] == nil {
		t.Fatalf("%s was not measured: %v", cell, results.Warnings)
	}
	runs := results.Cells[cell].Runs
	for i := range runs {
		runs[i].Around = nil // differs with the weather
	}
	return runs
}

// What a real engine would print of the recorded runs gives the figures of their
// replay. Figure 13, which wants root, has its test among those of faults.
func TestFakeEngineGivesTheFiguresOfTheReplay(t *testing.T) {
	t.Parallel()
	const figures = "1,2,3,4,5,6,7,8,9,14,15,17"
	b := newBench(t)
	if got := b.reproduce(t, figures, "measured"); got.code != exitDone {
		t.Fatalf("exit %d: %s", got.code, got.err)
	}
	b.expectReplayed(t, b.path("measured/report"), figures)
	if all := b.started(t); len(slices.Compact(slices.Sorted(slices.Values(all)))) != len(all) {
		t.Error("a run was made twice, although figures share their sets")
	}
}

// The segments of a measured run are those of its log, behind the time from the process's
// exec to the first stamp. A replay has those of its log alone.
func TestSegmentsAreKept(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for out, engine := range map[string]string{"measured": "vllm", "replayed": "replay"} {
		if got := b.reproduce(t, "2", out, "--engine", engine); got.code != exitDone {
			t.Fatalf("exit %d: %s", got.code, got.err)
		}
	}
	measured, replayed := b.runs(t, "measured", "figure2-n1"), b.runs(t, "replayed", "figure2-n1")
	for i, run := range measured {
		actual, _ := run.Seconds.Get(phase.ActualTotalTime)
		if replayed[i].TimeToReady != actual || replayed[i].Segments.ToReady() != actual {
			t.Errorf("replayed: ready after %v s, want %v: %+v", replayed[i].TimeToReady, actual, replayed[i].Segments)
		}
		if len(run.Warnings) > 0 || len(run.Segments) == 0 || run.Segments[0].Name() != "process_start" {
			t.Fatalf("measured: segments %+v, warnings %q", run.Segments, run.Warnings)
		}
		if !slices.Equal(replayed[i].Segments, run.Segments[1:]) {
			t.Errorf("behind the first stamp: measured %+v, replayed %+v", run.Segments, replayed[i].Segments)
		}
		if len(run.Parts) == 0 || !slices.Equal(replayed[i].Parts, run.Parts) {
			t.Errorf("parts: measured %+v, replayed %+v", run.Parts, replayed[i].Parts)
		}
		start := run.Segments[0].Seconds()
		if math.Abs(run.TimeToReady-start-actual) > 1e-6 || start > time.Minute.Seconds() {
			t.Errorf("measured: ready after %v s, want %v and %v before the first stamp", run.TimeToReady, actual, start)
		}
	}
}

// Figure 12 samples this machine's own cores, which takes a start some time.
func TestFakeEngineGivesFigure12(t *testing.T) {
	t.Parallel()
	b := newBench(t, "--speed", "2")
	if got := b.reproduce(t, "12", "measured"); got.code != exitDone {
		t.Fatalf("exit %d: %s", got.code, got.err)
	}
	b.expectReplayed(t, b.path("measured/report"), "12")
}

// Figures 10 and 11 compare machines: each measures its cells, of one session.
func TestFakeEngineGivesTheFiguresOfSeveralNodes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, figure := range []string{"10", "11"} {
		b.measureCells(t, figure, "measured")
	}
	if got := b.coldstart(t, "report", "--from", b.path("measured"), "--out", b.path("report")); got.code != exitDone {
		t.Fatal(got.err)
	}
	b.expectReplayed(t, b.path("report"), "10,11")
}

// measureCells measures all cells of a figure into out, one by one, as the jobs of
// their nodes do; in the session that out has, if it has one.
func (b *bench) measureCells(t *testing.T, figure, out string) {
	t.Helper()
	opened, err := lab.Open(b.matrix)
	if err != nil {
		t.Fatal(err)
	}
	plan, _, err := opened.Plan(lab.Request{Figures: figure, Engine: "vllm", Iterations: 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, cell := range plan.Cells {
		if cell.Figure == "" {
			continue
		}
		args := []string{"measure", "--engine", "vllm", "--matrix", b.matrix, "--figure", figure, "--node", cell.Node, "--role", cell.Role, "--iterations", "2", "--out", b.path(out)}
		if begun, err := result.ReadPlan(b.path(out)); err == nil {
			args = append(args, "--resume", begun.Session)
		}
		if got := b.coldstart(t, args...); got.code != exitDone {
			t.Fatalf("%s: exit %d: %s", cell.ID, got.code, got.err)
		}
	}
}

// expectReplayed expects the numbers of figures in a report to be those of a replay.
// Figure 12 is of this machine's own cores: all but their samples.
func (b *bench) expectReplayed(t *testing.T, report, figures string) {
	t.Helper()
	args := []string{"reproduce", "--figures", figures, "--iterations", "2", "--out", b.path("replayed")}
	if got := coldstart(t, args...); got.code != exitDone {
		t.Fatal(got.err)
	}
	for number := range strings.SplitSeq(figures, ",") {
		name := filepath.Join("data", "figure"+number+".json")
		measured, replayed := numbers(t, filepath.Join(report, name), "heatmap"), numbers(t, filepath.Join(b.path("replayed/report"), name), "heatmap")
		if measured != replayed {
			t.Errorf("figure %s: measured\n%s\nreplayed\n%s", number, measured, replayed)
		}
	}
}

// A cell that never comes up is a cell with its reasons, and the figure says so.
func TestNeverComesUp(t *testing.T) {
	t.Parallel()
	b := newBench(t, "--fault", "crash", "--after", "load_weights")
	if got := b.reproduce(t, "2", "out"); got.code != exitFailed {
		t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
	}
	summary, err := os.ReadFile(b.path("out/report/summary.md"))
	for _, part := range []string{
		"figure2-n1: llama3-3b has 0 of 2 iterations (iteration 1 failed)",
		"logs/1/llama3-3b.try2.log: llama3-3b did not come up in 4 starts, and was not started again",
	} {
		if err != nil || !strings.Contains(string(summary), part) {
			t.Errorf("%v, %q is missing in the summary:\n%s", err, part, summary)
		}
	}
	if n := len(b.started(t)); n != 4 {
		t.Errorf("%d starts, want the warm-up and the first iteration tried twice", n)
	}
}

// A node is one machine: who comes second is told who is there.
func TestMeasuringTwice(t *testing.T) {
	t.Parallel()
	b := newBench(t, "--fault", "hang", "--only", "0")
	cmd := b.process(t, "reproduce", "--engine", "vllm", "--matrix", b.matrix, "--nodes", "n1", "--figures", "2", "--out", b.path("first"))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer cmd.Process.Signal(os.Interrupt)
	await(t, b.journal)
	got := b.reproduce(t, "2", "second")
	if want := fmt.Sprintf("another measurement runs on this machine, process %d since ", cmd.Process.Pid); got.code != exitFailed || !strings.Contains(got.err, want) {
		t.Errorf("exit %d, error %q lacks %q", got.code, got.err, want)
	}
}

// Two measurements do not mix their results in one directory, also two replays.
func TestReproducingTwiceIntoOneDirectory(t *testing.T) {
	t.Parallel()
	out := t.TempDir()
	first := process(t, "reproduce", "--figures", "2", "--speed", "0.1", "--out", out)
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	defer first.Wait()
	defer first.Process.Kill()
	await(t, filepath.Join(out, "cells"))
	want := fmt.Sprintf("process %d measures into %s: wait until it ends, or choose another directory with --out", first.Process.Pid, out)
	for _, second := range [][]string{
		{"reproduce", "--figures", "2", "--out", out},
		{"measure", "--figure", "2", "--node", "n1", "--out", out},
	} {
		if got := coldstart(t, second...); got.code != exitFailed || !strings.Contains(got.err, want) {
			t.Errorf("%q: exit %d, error %q lacks %q", second, got.code, got.err, want)
		}
	}
}

// An engine that outlives coldstart keeps the machine, also a process of it that has closed
// all files that it inherited, as Python's children do: whoever comes next is told which
// process to end.
func TestEngineKeepsTheMachine(t *testing.T) {
	t.Parallel()
	const lasting = `trap "" TERM; echo $$ >%[1]s.new; mv %[1]s.new %[1]s; while :; do sleep 0.1; done`
	for name, script := range map[string]string{
		"itself": lasting,
		"started twice, with all files closed": `for fd in 3 4 5 6 7 8 9; do eval "exec $fd>&-"; done; ` +
			`( sh -c "$1" >/dev/null 2>&1 & ); exec sleep 1000`,
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			engine := b.path("engine")
			command, err := json.Marshal([]string{"sh", "-c", strings.ReplaceAll(script, "%[1]s", engine), "engine", strings.ReplaceAll(lasting, "%[1]s", engine)})
			if err != nil {
				t.Fatal(err)
			}
			b.declare(t, fmt.Sprintf("engines:\n  vllm: {command: %s}\n", command))
			cmd := b.process(t, "reproduce", "--engine", "vllm", "--matrix", b.matrix, "--nodes", "n1", "--figures", "2", "--out", b.path("first"))
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			await(t, engine)
			group, err := syscall.Getpgid(numberIn(t, engine))
			if err != nil {
				t.Fatal(err)
			}
			defer syscall.Kill(-group, syscall.SIGKILL)
			awaitText(t, b.path(strings.ToLower(lockDir)+"/measuring.lock"), fmt.Sprintf(`"program":{"id":%d,`, group))
			cmd.Process.Kill()
			cmd.Wait()
			want := fmt.Sprintf(" of group %d, which process %d since ", group, cmd.Process.Pid)
			if got := b.reproduce(t, "2", "second", "--limit", "5s"); got.code != exitFailed || !strings.Contains(got.err, want) {
				t.Errorf("exit %d, error %q lacks %q", got.code, got.err, want)
			}
		})
	}
}

// awaitText waits until a file has a text in it.
func awaitText(t *testing.T, file, text string) {
	t.Helper()
	for begun := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		got, err := os.ReadFile(file)
		if strings.Contains(string(got), text) {
			return
		}
		if time.Since(begun) > time.Minute {
			t.Fatalf("%s holds %q, %v; it never held %q", file, got, err, text)
		}
	}
}

// numberIn is the number that a file holds.
func numberIn(t *testing.T, path string) int {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	return number
}

// A command that only prints ends at once, also while it waits for its input.
func TestInterruptedAtInput(t *testing.T) {
	t.Parallel()
	cmd := process(t, "phases", "-")
	input, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	if _, err := io.WriteString(input, strings.Repeat("a line\n", 1<<16)); err != nil { // more than a pipe holds: it reads by now
		t.Fatal(err)
	}
	cmd.Process.Signal(os.Interrupt)
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		if err == nil {
			t.Error("it was not ended by the signal")
		}
	case <-time.After(time.Minute):
		t.Error("it goes on")
	}
}

// await waits until a file is there.
func await(t *testing.T, file string) {
	t.Helper()
	for begun := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(file); err == nil {
			return
		}
		if time.Since(begun) > time.Minute {
			t.Fatal("the engine was never started")
		}
	}
}

// signalOnce starts a command, sends it a signal once a file is there, and returns what
// it said on stderr.
func signalOnce(t *testing.T, signal os.Signal, cmd *exec.Cmd, file string) string {
	t.Helper()
	var said strings.Builder
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer cmd.Process.Signal(os.Interrupt)
	await(t, file)
	cmd.Process.Signal(signal)
	cmd.Wait()
	return said.String()
}

// fakeUV makes an environment without fetching anything. Its Python is the fake engine,
// and when it is started for the third time, after a probe and a run, somebody
// installs another package.
const fakeUV = `#!/bin/sh
case "$1 $2" in
"--version ") echo uv 0.0 ;;
"venv "*)
	for venv; do :; done
	site=$venv/lib/python3.11/site-packages
	mkdir -p "$venv/bin" "$site/vllm-0.10.1.1.dist-info"
	printf 'Name: vllm\nVersion: 0.10.1.1\n' >"$site/vllm-0.10.1.1.dist-info/METADATA"
	printf 'version_info = 3.11.7\n' >"$venv/pyvenv.cfg"
	cat >"$venv/bin/python" <<END
#!/bin/sh
echo start >>"$venv/starts"
if [ "\$(wc -l <"$venv/starts")" = 3 ]; then
	mkdir "$site/numpy-9.dist-info"
	printf 'Name: numpy\nVersion: 9\n' >"$site/numpy-9.dist-info/METADATA"
fi
COLDSTART_ITERATION=1 COLDSTART_SET=breakdown COLDSTART_NODE=n1 exec FAKE_ENGINE "\$@"
END
	chmod +x "$venv/bin/python" ;;
esac
`

// writeProgram writes a script that can be run at once. A program that is being started holds
// this process's open files until its exec, and no file that is open for writing can be run:
// no test that runs in parallel starts one meanwhile.
func writeProgram(t *testing.T, path, script string) {
	t.Helper()
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	if err := os.WriteFile(path, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
}

// ownEnvironment makes coldstart's own vLLM what the bench measures, in an environment
// "own" of this declaration, whose Python is the fake engine.
func (b *bench) ownEnvironment(t *testing.T, declared string) {
	t.Helper()
	b.environmentOf(t, declared, fakeEngine(t))
}

// environmentOf is ownEnvironment with another program as Python.
func (b *bench) environmentOf(t *testing.T, declared, python string) {
	t.Helper()
	program := filepath.Join(b.dir, "bin", "uv")
	if err := os.Mkdir(filepath.Dir(program), 0o755); err != nil {
		t.Fatal(err)
	}
	writeProgram(t, program, strings.ReplaceAll(fakeUV, "FAKE_ENGINE", python))
	b.env = append(b.env, "PATH="+filepath.Dir(program)+string(os.PathListSeparator)+os.Getenv("PATH"))
	b.declare(t, fmt.Sprintf("environments: {own: {%s}}\n", declared))
	if got := b.coldstart(t, "setup", "--environment", "own", "--matrix", b.matrix); got.code != exitDone {
		t.Fatal(got.err)
	}
}

// Cells whose environment lacks what a variable names are left out, each with one
// line, before anything is started.
func TestEnvironmentLacksAPackage(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.ownEnvironment(t, `python: "3.11", packages: [vllm==0.10.1.1], variables: {VLLM_ATTENTION_BACKEND: FLASHINFER}`)
	got := b.reproduce(t, "2,12", "out", "--environment", "own", "--tiny", "--models", b.path("models"))
	const lack = "not measured: environment own has no flashinfer-python, which VLLM_ATTENTION_BACKEND=FLASHINFER of tiny needs: " +
		"add it to packages: of the environment and run 'coldstart setup --environment own', or choose another environment with --environment\n"
	for _, cell := range []string{"figure2-n1", "figure12-n1"} {
		if runs := b.runs(t, "out", cell); len(runs) > 0 {
			t.Errorf("%s has runs: %+v", cell, runs)
		}
	}
	if got.code != exitFailed || strings.Count(got.err, lack) != 2 {
		t.Errorf("exit %d, and for two cells not two lines %q:\n%s", got.code, lack, got.err)
	}
}

// An environment in which anything is changed between two runs, or during one,
// ends the measurement: what was measured before is kept, and the rest is not
// measured in something else.
func TestEnvironmentChangedByHand(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.ownEnvironment(t, `python: "3.11", packages: [vllm==0.10.1.1]`)
	got := b.reproduce(t, "2", "out", "--environment", "own", "--tiny", "--models", b.path("models"))
	if want := "numpy 9 was added; make it anew with 'coldstart setup --environment own --renew'"; got.code != exitFailed || !strings.Contains(got.err, want) {
		t.Errorf("exit %d, error lacks %q:\n%s", got.code, want, got.err)
	}
	runs := b.runs(t, "out", "figure2-n1")
	if len(runs) != 2 || runs[0].Failed != "" || !strings.Contains(runs[1].Failed, "numpy 9 was added") {
		t.Errorf("kept %+v, want one run before the change, and the one during it as failed", runs)
	}
}

// Secrets of the environment, the lab's file and the engine's own words reach no
// file, whatever the engine prints of them.
func TestSecretsReachNoFile(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.env = append(b.env, "VLLM_API_KEY=sekrit-of-the-shell", "HTTPS_PROXY=http://user:sekrit-of-the-proxy@proxy:3128")
	const own = `engines:
  vllm:
    command: [env, HF_TOKEN=sekrit-of-the-command, "INDEX=https://user:sekrit-of-the-index@host/simple", sh, -c, 'env; echo "it logs in with $MY_SECRET"; exec "$0" "$@"', %q]
    variables: {MY_SECRET: sekrit-of-the-lab}
`
	b.declare(t, fmt.Sprintf(own, fakeEngine(t)))
	if got := b.reproduce(t, "2", "out"); got.code != exitDone {
		t.Fatal(got.err)
	}
	log, err := os.ReadFile(b.path("out/cells/figure2-n1/logs/1/llama3-3b.log"))
	if want := "it logs in with ***\n"; err != nil || !strings.Contains(string(log), want) || !strings.Contains(string(log), "VLLM_API_KEY=***\n") {
		t.Errorf("%v, the log lacks %q or the variables:\n%s", err, want, log)
	}
	err = filepath.WalkDir(b.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path == b.matrix {
			return err
		}
		text, err := os.ReadFile(path)
		if i := strings.Index(string(text), "sekrit"); i >= 0 {
			t.Errorf("%s holds %.30s", path, text[i:])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Who and where the machine is stays out of kept logs, unless that is wanted.
func TestIdentities(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	const line = "cache /home/somebody/.cache, tcp://192.0.2.7:51199"
	const own = "engines: {vllm: {command: [sh, -c, 'echo %s; exec \"$0\" \"$@\"', %q]}}\n"
	b.declare(t, fmt.Sprintf(own, line, fakeEngine(t)))
	for want, flags := range map[string][]string{
		"cache /home/user/.cache, tcp://address:51199\n": nil,
		line + "\n": {"--keep-identities"},
	} {
		out := fmt.Sprint("out", len(flags))
		if got := b.reproduce(t, "2", out, flags...); got.code != exitDone {
			t.Fatal(got.err)
		}
		if log, err := os.ReadFile(b.path(out + "/cells/figure2-n1/logs/1/llama3-3b.log")); err != nil || !strings.HasPrefix(string(log), want) {
			t.Errorf("%v, %v: the log begins %.60q, want %q", flags, err, log, want)
		}
	}
}

// Why a cell could not be measured is kept without its reader's home; the person at
// the machine is told the path as it is.
func TestIdentitiesInReasons(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	got := b.coldstart(t, "measure", "--engine", "vllm", "--figure", "2", "--node", "n1", "--models", "/home/somebody/models", "--environments", b.path("environments"), "--out", b.path("out"))
	if want := "/home/somebody/models/llama3-3b: no such model folder"; got.code != exitFailed || !strings.Contains(got.err, want) {
		t.Errorf("exit %d, %q is not in: %s", got.code, want, got.err)
	}
	results, err := result.Read(b.path("out"))
	if err != nil {
		t.Fatal(err)
	}
	if reason, want := results.Cells["figure2-n1"].Error, "/home/user/models/llama3-3b: no such model folder"; !strings.Contains(reason, want) {
		t.Errorf("kept: %s, want %q in it", reason, want)
	}
}

// Cells that are measured one by one, by hand or in jobs, share the runs of one
// session; without its name they are not mixed.
func TestMeasureGoesOnWithASession(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	cell := func(figure string, more ...string) ran {
		return b.coldstart(t, append([]string{"measure", "--engine", "vllm", "--matrix", b.matrix, "--figure", figure, "--node", "n1", "--iterations", "1", "--out", b.path("out")}, more...)...)
	}
	if got := cell("4"); got.code != exitDone {
		t.Fatal(got.err)
	}
	plan, err := result.ReadPlan(b.path("out"))
	if err != nil {
		t.Fatal(err)
	}
	starts := len(b.started(t))
	if got := cell("5"); got.code != exitFailed || !strings.Contains(got.err, "continue it with --resume "+plan.Session) {
		t.Errorf("another session: exit %d: %s", got.code, got.err)
	}
	got := cell("5", "--resume", plan.Session)
	if got.code != exitDone || !strings.Contains(got.err, "figure5-n1         44 runs of models on n1, 44 of them finished before") {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
	if n := len(b.started(t)); n != starts {
		t.Errorf("%d starts, want no more than %d", n, starts)
	}
	if got := b.coldstart(t, "report", "--from", b.path("out"), "--out", b.path("report")); got.code != exitDone {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
}

// A cell that is measured for more models keeps those that it has, and starts nothing
// again.
func TestMeasureMoreModels(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	cell := func(only string, more ...string) ran {
		return b.coldstart(t, append([]string{"measure", "--engine", "vllm", "--matrix", b.matrix, "--figure", "4", "--node", "n1", "--iterations", "2", "--only", only, "--out", b.path("out")}, more...)...)
	}
	if got := cell("qwen-0.5b,llama3-3b"); got.code != exitDone {
		t.Fatal(got.err)
	}
	plan, err := result.ReadPlan(b.path("out"))
	if err != nil {
		t.Fatal(err)
	}
	if got := cell("yi-6b", "--resume", plan.Session); got.code != exitDone {
		t.Fatal(got.err)
	}
	if runs, starts := len(b.runs(t, "out", "figure4-n1")), len(b.started(t)); runs != 9 || starts != 9 {
		t.Errorf("%d runs and %d starts, want 9 of three models", runs, starts)
	}
	if got := b.coldstart(t, "report", "--from", b.path("out"), "--out", b.path("drawn")); got.code != exitDone {
		t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
	}
}

// A rule stops measuring, goes on stopping after an interruption, and the report says
// what it saved.
func TestConfidence(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	measured := func(out, confidence string, more ...string) (summary string, runs int) {
		t.Helper()
		got := b.reproduce(t, "2", out, append([]string{"--confidence", confidence, "--max-iterations", "4"}, more...)...)
		if got.code != exitDone {
			t.Fatalf("exit %d: %s", got.code, got.err)
		}
		text, err := os.ReadFile(b.path(filepath.Join(out, "report", "summary.md")))
		if err != nil {
			t.Fatal(err)
		}
		return string(text), len(b.runs(t, out, "figure2-n1"))
	}
	summary, runs := measured("loose", "90%")
	if want := "lay within 90 % of its mean. This took 3 of 4 counted iterations and saved 25 %.\n"; runs != 4 || !strings.Contains(summary, want) {
		t.Errorf("%d runs, want 4, and %q in\n%s", runs, want, summary)
	}
	summary, runs = measured("tight", "0.001%")
	if want := "This took 4 of 4 counted iterations and saved 0 %. Not settled: llm_imports and 12 more phases of llama3-3b in figure2-n1.\n"; runs != 5 || !strings.Contains(summary, want) {
		t.Errorf("%d runs, want 5, and %q in\n%s", runs, want, summary)
	}
	plan, err := result.ReadPlan(b.path("loose"))
	if err != nil {
		t.Fatal(err)
	}
	starts := len(b.started(t))
	if summary, runs = measured("loose", "90%", "--resume", plan.Session); runs != 4 || !strings.Contains(summary, "saved 25 %") || len(b.started(t)) != starts {
		t.Errorf("gone on with, %d runs and %d starts, want 4 and %d", runs, len(b.started(t)), starts)
	}
	if _, runs = measured("loose", "0.001%", "--resume", plan.Session); runs != 5 || len(b.started(t)) != starts+1 {
		t.Errorf("gone on with by a closer rule, %d runs and %d starts, want 5 and %d", runs, len(b.started(t)), starts+1)
	}
	cell := []string{"measure", "--engine", "vllm", "--matrix", b.matrix, "--figure", "4", "--node", "n1", "--iterations", "2", "--resume", plan.Session, "--out", b.path("loose")}
	if got := b.coldstart(t, cell...); got.code != exitFailed || !strings.Contains(got.err, "was begun with another stopping rule") {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
}

// What a rule did not come to stop is not complete, though nothing planned is missing,
// and though nobody had the time to say so.
func TestConfidenceInterrupted(t *testing.T) {
	t.Parallel()
	for _, signal := range []os.Signal{os.Interrupt, os.Kill} {
		t.Run(signal.String(), func(t *testing.T) {
			hung := filepath.Join(t.TempDir(), "hung")
			b := newBench(t, "--fault", "hang", "--only", "3", "--once", hung)
			signalOnce(t, signal, b.process(t, "reproduce", "--engine", "vllm", "--matrix", b.matrix, "--nodes", "n1", "--figures", "2", "--iterations", "2",
				"--confidence", "0.001%", "--max-iterations", "5", "--out", b.path("out")), hung)
			got := b.coldstart(t, "report", "--from", b.path("out"), "--out", b.path("drawn"))
			summary, err := os.ReadFile(b.path("drawn/summary.md"))
			if err != nil || got.code != exitFailed {
				t.Fatalf("exit %d: %s, %v", got.code, got.err, err)
			}
			for _, want := range []string{"figure2-n1: interrupted, or not done yet", "of its mean. Cut short: figure2-n1.\n"} {
				if !strings.Contains(string(summary), want) {
					t.Errorf("%q is not in\n%s", want, summary)
				}
			}
		})
	}
}

// A cell is measured in two environments in turn, and they are compared. Two that
// are alike do not differ.
func TestMeasureAgainst(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	against := func(more ...string) ran {
		return b.coldstart(t, append([]string{"measure", "--engine", "vllm", "--matrix", b.matrix, "--figure", "2", "--node", "n1", "--iterations", "3", "--environment", "cpu", "--out", b.path("out")}, more...)...)
	}
	got := against("--against", "cpu")
	if got.code != exitDone || !strings.Contains(got.out, "Llama3-3B") {
		t.Fatalf("exit %d: %s%s", got.code, got.out, got.err)
	}
	sessions := map[string]bool{}
	for _, side := range []string{"A", "B"} {
		if runs := b.runs(t, filepath.Join("out", side), "figure2-n1"); len(runs) != 4 {
			t.Errorf("side %s has %d runs", side, len(runs))
		}
		plan, err := result.ReadPlan(b.path(filepath.Join("out", side)))
		if err != nil {
			t.Fatal(err)
		}
		sessions[plan.Session] = true
	}
	if len(sessions) != 2 {
		t.Errorf("the sides are of sessions %v", sessions)
	}
	if got := b.coldstart(t, "compare", b.path("out/A"), b.path("out/B"), "--fail-above", "1%", "--phase", "all"); got.code != exitDone {
		t.Errorf("two measurements of the same recorded runs differ: exit %d: %s%s", got.code, got.out, got.err)
	}
	for _, test := range []struct{ options, err string }{
		{"--settle 5%", "--settle needs two sides: name the other environment with --against"},
		{"--settle 5% --confidence 5% --against cpu", "choose one rule that stops measuring: confidence or settle"},
		{"--settle 5% --against cpu --max-iterations 2", "max-iterations must be from iterations (3) to 1000, not 2"},
		{"--settle 100% --against cpu", `--settle must be a percentage above 0 and below 100, such as 5%, not "100%"`},
	} {
		if got := against(strings.Fields(test.options)...); got.code != exitUsage || !strings.Contains(got.err, test.err) {
			t.Errorf("%s: exit %d: %s, want %q", test.options, got.code, got.err, test.err)
		}
	}
	if got := against("--against", "cpu", "--resume", "x"); got.code != exitUsage {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
}

// The tiny model is measured on both sides where the node's models are missing.
func TestMeasureTinyInTurns(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	got := b.coldstart(t, "measure", "--engine", "vllm", "--matrix", b.matrix, "--figure", "2", "--node", "n1", "--tiny",
		"--iterations", "2", "--environment", "cpu", "--against", "cpu", "--out", b.path("out"))
	if got.code != exitDone || !strings.Contains(got.out, "Tiny") {
		t.Fatalf("exit %d: %s%s", got.code, got.out, got.err)
	}
	for _, side := range []string{"A", "B"} {
		for _, run := range b.runs(t, filepath.Join("out", side), "figure2-n1") {
			if run.Configuration != "tiny" || !run.StandIn {
				t.Errorf("side %s: iteration %d measured %s, stand-in %t", side, run.Iteration, run.Configuration, run.StandIn)
			}
		}
	}
}

// With --settle, measuring in turns stops when it is settled that nothing changed, after
// three turns, and says so first.
func TestMeasureAgainstSettles(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	got := b.coldstart(t, "measure", "--engine", "vllm", "--matrix", b.matrix, "--figure", "2", "--node", "n1",
		"--environment", "cpu", "--against", "cpu", "--settle", "50%", "--out", b.path("out"))
	first, _, _ := strings.Cut(got.out, "\n")
	if got.code != exitDone || !strings.HasPrefix(first, "No change found: ± ") || !strings.HasSuffix(first, " % at most, 3 starts a side.") {
		t.Fatalf("exit %d: %s%s", got.code, got.out, got.err)
	}
	for _, side := range []string{"out/A", "out/B"} {
		if runs := b.runs(t, side, "figure2-n1"); len(runs) != 4 {
			t.Errorf("%s has %d runs, want the warm-up and 3", side, len(runs))
		}
		drawn := b.coldstart(t, "report", "--from", b.path(side), "--out", b.path("drawn"))
		summary, err := os.ReadFile(b.path("drawn/summary.md"))
		if want := "until it was settled whether it is slower in one of two sessions, measured in turns, or differs by less than 50 %."; !strings.Contains(string(summary), want) {
			t.Errorf("%s: exit %d, %v: %q is not in\n%s", side, drawn.code, err, want, summary)
		}
	}
}

// A cell is measured as the checked-out commit has it and as it was at the base, in turn, and
// what differs is told.
func TestMeasureBase(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	lab, err := os.ReadFile(b.matrix)
	if err != nil {
		t.Fatal(err)
	}
	r := repotest.New(t)
	r.Commit(map[string]string{"lab.yaml": string(lab)})
	r.Git("checkout", "--quiet", "-b", "change")
	r.Commit(map[string]string{"lab.yaml": strings.Replace(string(lab), "vllm: {", "vllm: {arguments: [--enforce-eager], ", 1)})
	measure := []string{"measure", "--engine", "vllm", "--matrix", filepath.Join(r.Dir, "lab.yaml"), "--figure", "2", "--node", "n1", "--iterations", "3", "--out", b.path("out"), "--base"}
	got := b.coldstart(t, append(measure, "main")...)
	if got.code != exitDone || !strings.Contains(got.out, "  arguments: not set → --enforce-eager\n") {
		t.Fatalf("exit %d: %s%s", got.code, got.out, got.err)
	}
	for _, side := range []string{"A", "B"} {
		if runs := b.runs(t, filepath.Join("out", side), "figure2-n1"); len(runs) != 4 {
			t.Errorf("side %s has %d runs", side, len(runs))
		}
	}
	for base, want := range map[string]string{"nowhere": "no commit, branch or tag", "main --against cpu": "choose --against or --base", "main --engine replay": "--base needs a figure"} {
		if got := b.coldstart(t, append(measure, strings.Fields(base)...)...); got.code == exitDone || !strings.Contains(got.err, want) {
			t.Errorf("--base %s: exit %d: %s, want %q", base, got.code, got.err, want)
		}
	}
	plan := []string{"plan", "--engine", "vllm", "--matrix", filepath.Join(r.Dir, "lab.yaml"), "--figures", "2"}
	for base, want := range map[string]string{"main": "1 job, 62 runs of the engine at most.", "HEAD": "Nothing that is measured differs between "} {
		if got := b.coldstart(t, append(plan, "--base", base)...); got.code != exitDone || !strings.Contains(got.out, want) {
			t.Errorf("--base %s: exit %d: %s%s, want %q", base, got.code, got.out, got.err, want)
		}
	}
}

// Interrupted, a measurement in turns says how to go on, and goes on with both
// sides. What was finished can be drawn meanwhile, and says that it is not all.
func TestMeasureAgainstGoesOn(t *testing.T) {
	t.Parallel()
	hung := filepath.Join(t.TempDir(), "hung")
	b := newBench(t, "--fault", "hang", "--only", "2", "--once", hung)
	args := []string{"measure", "--engine", "vllm", "--matrix", b.matrix, "--figure", "2", "--node", "n1", "--iterations", "3", "--environment", "cpu", "--against", "cpu", "--out", b.path("out")}
	said := signalOnce(t, os.Interrupt, b.process(t, args...), hung)
	plan, err := result.ReadPlan(b.path("out/A"))
	if err != nil {
		t.Fatal(err)
	}
	if want := "the same command with --resume " + plan.Session + " goes on"; !strings.Contains(said, want) {
		t.Errorf("interrupted, it says %q, want %q in it", said, want)
	}
	for _, side := range []string{"out/A", "out/B"} {
		got := b.coldstart(t, "report", "--from", b.path(side), "--out", b.path("drawn"))
		if want := "figure2-n1: interrupted"; got.code != exitFailed || !strings.Contains(got.out+got.err, want) {
			t.Errorf("%s: exit %d: %s%s, want %q in it", side, got.code, got.out, got.err, want)
		}
	}
	if got := b.coldstart(t, append(args, "--resume", plan.Session)...); got.code != exitDone || !strings.Contains(got.out, "Llama3-3B") {
		t.Fatalf("exit %d: %s%s", got.code, got.out, got.err)
	}
	for _, side := range []string{"out/A", "out/B"} {
		if runs := b.runs(t, side, "figure2-n1"); len(runs) != 4 {
			t.Errorf("%s has %d runs, want 4", side, len(runs))
		}
	}
	if n := len(b.started(t)); n != 9 {
		t.Errorf("%d starts, want 8 and the one that was interrupted", n)
	}
}
