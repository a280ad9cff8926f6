package phase

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// seconds is a readable Times for tests.
type seconds map[Phase]float64

func secondsOf(t Times) seconds {
	s := seconds{}
	for p := range All() {
		if v, ok := t.Get(p); ok {
			s[p] = v
		}
	}
	return s
}

var microsecond = cmpopts.EquateApprox(0, 1e-6)

func completeLog(t testing.TB) []byte {
	t.Helper()
	log, err := os.ReadFile("testdata/logs/complete.log")
	if err != nil {
		t.Fatal(err)
	}
	return log
}

var completeTimes = seconds{
	DetectPlatform: 0.015, LLMImports: 1.373, GetModelInfo: 4.855, WorkerInit: 1.724, FrameworkBootstrap: 7.967,
	TokenizerInit: 0.29, ModelInit: 0.14, LoadWeights: 0.78, ModelLoading: 0.921823,
	DynamoTransform: 4.79, GraphCompileCached: 4.221, TorchCompile: 4.79, KVCacheProfiling: 1.679, GraphCapturing: 1.04,
	InitEngine: 12.18, TotalTime: 21.358823, ActualTotalTime: 22.4, InitializeEngine: 21.02,
}

// The same start-up, in several forms.
func TestReadForms(t *testing.T) {
	plain := completeLog(t)
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	w.Write(plain)
	w.Close()
	forms := map[string]io.Reader{
		"plain":           bytes.NewReader(plain),
		"gzip":            &packed,
		"CRLF":            bytes.NewReader(bytes.ReplaceAll(plain, []byte("\n"), []byte("\r\n"))),
		"no last newline": bytes.NewReader(bytes.TrimSpace(plain)),
		"byte by byte":    iotest.OneByteReader(bytes.NewReader(plain)),
		"progress bars":   bytes.NewReader(bytes.ReplaceAll(plain, []byte("\n"), []byte("\nLoading shards: 0% [00:00<?, ?it/s]\rLoading shards: 100% [00:01<00:00]\r"))),
		"bar before record": bytes.NewReader(bytes.ReplaceAll(plain, []byte("\n"),
			[]byte("\nCapturing: 100%|██████████| 67/67 [00:01<00:00, 64.1it/s]"))),
		"binary junk": bytes.NewReader(bytes.ReplaceAll(plain, []byte("\n"), []byte("\n\x00\xff]\xfe[\x1b[\x00:::]\n"))),
		"all coloured": bytes.NewReader(bytes.ReplaceAll(bytes.ReplaceAll(plain, []byte(" ["), []byte(" \x1b[90m[")),
			[]byte("] "), []byte("]\x1b[0m "))),
	}
	for name, form := range forms {
		t.Run(name, func(t *testing.T) {
			log, err := ReadAny(form, "x.log")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(completeTimes, secondsOf(log.Times), microsecond); diff != "" {
				t.Errorf("phases (-want +got):\n%s", diff)
			}
			if log.Release != "0.10.1.1" || log.Weights != 6.016 || !log.Complete || log.Err() != nil || len(log.Warnings) > 0 {
				t.Errorf("release %q, %g GiB, complete %t, error %v, warnings %q", log.Release, log.Weights, log.Complete, log.Err(), log.Warnings)
			}
		})
	}
}

func TestReadOddLogs(t *testing.T) {
	const stamp = "INFO 02-09 16:09:50.000 [a.py:1] "
	tests := []struct {
		name, log string
		want      seconds
		err       string // part of Log.Err
		warning   string // part of the only warning
	}{
		{name: "empty", log: "", want: seconds{}, err: "x.log: the log is empty"},
		{name: "no engine's line", log: "hello\nworld\n", want: seconds{}, err: "x.log:2: no line of an engine's start-up", warning: "x.log:2: no line begins with a time stamp"},
		{
			name: "without stamps", log: "[a.py:1] Loading weights took 0.78 seconds\ninitialize_engine took 8.17 seconds\n",
			want: seconds{LoadWeights: 0.78, InitializeEngine: 8.17}, warning: "no line begins with a time stamp",
		},
		{
			name: "cut in the middle of a number", log: stamp + "Init Tokenizer took 0.29 seconds\n" + stamp + "Loading weights took 0.7",
			want: seconds{TokenizerInit: 0.29, ActualTotalTime: 0}, err: "x.log:2: the start-up failed or the log was cut off: it ends after tokenizer_init",
		},
		{
			name: "failed with an exception", log: stamp + "Loading weights took 0.78 seconds\nERROR 02-09 16:09:51.000 [core.py:1231] ValueError: no such shard\nRuntimeError: Engine core initialization failed.\n",
			want: seconds{LoadWeights: 0.78, ActualTotalTime: 1}, err: "ends after load_weights, before init_engine: ValueError: no such shard",
		},
		{
			name: "the exception of another process", log: stamp + "Loading weights took 0.78 seconds\n" + stamp + "x\n(EngineCore pid=7456) Traceback (most recent call last):\n(EngineCore pid=7456) ModuleNotFoundError: No module named 'x'\nRuntimeError: Engine core initialization failed. See root cause above.\n",
			want: seconds{LoadWeights: 0.78, ActualTotalTime: 0}, err: "ends after load_weights, before init_engine: ModuleNotFoundError: No module named 'x'",
		},
		{
			name: "an error at shutdown fails nothing", log: "initialize_engine took 8.17 seconds\nERROR 02-09 16:09:51.000 [core.py:1] RuntimeError: EngineCore died unexpectedly\n",
			want: seconds{InitializeEngine: 8.17},
		},
		{
			name: "nor is the shutdown part of the time", log: stamp + "x\n" + strings.ReplaceAll(stamp, "50.000", "51.500") + "y\ninitialize_engine took 8.17 seconds\n" + strings.ReplaceAll(stamp, "50.000", "59.000") + "[shutdown] Executor: complete\n",
			want: seconds{ActualTotalTime: 1.5, InitializeEngine: 8.17},
		},
		{
			name: "nor what another process prints before its line has ended", log: stamp + "x\n" + strings.ReplaceAll(stamp, "50.000", "51.500") + "y\ninitialize_engine took 8.17 seconds(EngineCore pid=2) " + strings.ReplaceAll(stamp, "50.000", "51.501") + "z\n",
			want: seconds{ActualTotalTime: 1.5, InitializeEngine: 8.17},
		},
		{
			name: "but a stamp of its own is", log: stamp + "x\n" + strings.ReplaceAll(stamp, "50.000", "51.500") + "initialize_engine took 8.17 seconds\n",
			want: seconds{ActualTotalTime: 1.5, InitializeEngine: 8.17},
		},
		{
			name: "a traceback's source line is no measurement", log: stamp + "Init Tokenizer took 0.29 seconds\n    print(f'initialize_engine took {time.time()-t:.2f} seconds')\n",
			want: seconds{TokenizerInit: 0.29}, err: "before init_engine",
		},
		{
			name: "the last occurrence counts", log: stamp + "Loading weights took 5 seconds\n" + stamp + "Loading weights took 0.78 seconds\ninitialize_engine took 1 seconds",
			want: seconds{LoadWeights: 0.78, ActualTotalTime: 0, InitializeEngine: 1},
		},
		{
			name: "two records on one line", log: "(EngineCore_0 pid=1) INFO 02-09 16:09:50.000 [core.py:636] Waiting for init messageDEBUG 02-09 16:09:51.500 [gpu_model_runner.py:1] Starting to load model m...\ninitialize_engine took 1 seconds",
			want: seconds{WorkerInit: 1.5, InitializeEngine: 1},
		},
		{
			name: "over New Year, seconds only", log: "DEBUG 12-31 23:59:58 [a.py:1] No plugins for group vllm.platform_plugins found.\nINFO 01-01 00:00:03 [a.py:1] Automatically detected platform cuda.\ninitialize_engine took 1 seconds",
			want: seconds{DetectPlatform: 5, ActualTotalTime: 5, InitializeEngine: 1},
		},
		{
			name: "the clock was set back", log: "DEBUG 02-09 16:09:52.000 [a.py:1] No plugins for group vllm.platform_plugins found.\nINFO 02-09 16:09:51.000 [a.py:1] Automatically detected platform cuda.\nINFO 02-09 16:09:53.000 [a.py:1] x\ninitialize_engine took 1 seconds",
			want: seconds{ActualTotalTime: 1, InitializeEngine: 1}, warning: "x.log:2: the clock went back 1.000 s during detect_platform",
		},
		{
			name: "weights time stated by nobody", log: stamp + "Initializing Model took 0.5 seconds\n" + stamp + "Model loading took 12.5 GiB and 2.5 seconds\ninitialize_engine took 1 seconds",
			want: seconds{ModelInit: 0.5, ModelLoading: 2.5, LoadWeights: 2, ActualTotalTime: 0, InitializeEngine: 1},
		},
		{
			name: "without torch.compile", log: stamp + "Memory profiling takes 0.70 seconds.\ninitialize_engine took 1 seconds",
			want: seconds{KVCacheProfiling: 0.7, InitializeEngine: 1},
		},
		{
			name: "parts longer than the whole", log: stamp + "torch.compile takes 5 s in total\n" + stamp + "Memory profiling takes 4 seconds.\ninitialize_engine took 1 seconds",
			want: seconds{TorchCompile: 5, ActualTotalTime: 0, InitializeEngine: 1}, warning: "kv_cache_profiling would be -1.000 s",
		},
		{
			name: "a later release's total is another quantity", log: stamp + "torch.compile took 3.45 s in total\n" + stamp + "Memory profiling takes 13.89 seconds.\n" + stamp + "init engine (profile, create kv cache, warmup model) took 16.91 s (compilation: 3.45 s)\n",
			want: seconds{InitEngine: 16.91, ActualTotalTime: 0}, warning: "x.log:1: the log begins in the middle of a start-up",
		},
		{
			name: "a second attempt, after one that failed", log: "Initializing a V1 LLM engine (v0.10.1.1) with\nLoading weights took 5 seconds\nValueError: out of memory\nInitializing a V1 LLM engine (v0.10.1.1) with\nLoading weights took 0.78 seconds\ninitialize_engine took 1 seconds",
			want: seconds{LoadWeights: 0.78, InitializeEngine: 1}, warning: "no line begins with a time stamp",
		},
		{
			name: "the last of two start-ups counts", log: stamp + "Initializing a V1 LLM engine (v0.10.1.1) with\ninitialize_engine took 1 seconds\n" + stamp + "Initializing a V1 LLM engine (v0.10.1.1) with\nLoading weights took 0.78 seconds\n",
			want: seconds{LoadWeights: 0.78}, err: "x.log:4: the start-up failed or the log was cut off: it ends after load_weights", warning: "x.log:3: the start-up that counts begins here; before it, line 1: one that came up",
		},
		{
			name: "another logger's dates are no stamps", log: "2026-02-09 16:00:00,406 - INFO - flashinfer.jit: Loading\n" + stamp + "x\n" + stamp + "y\ninitialize_engine took 1 seconds",
			want: seconds{ActualTotalTime: 0, InitializeEngine: 1},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			log, err := Read(strings.NewReader(test.log), "x.log")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, secondsOf(log.Times), microsecond); diff != "" {
				t.Errorf("phases (-want +got):\n%s", diff)
			}
			if got := fmt.Sprint(log.Err()); test.err == "" && log.Err() != nil || !strings.Contains(got, test.err) {
				t.Errorf("error %q lacks %q", got, test.err)
			}
			if warnings := strings.Join(log.Warnings, "\n"); !strings.Contains(warnings, test.warning) || test.warning == "" && warnings != "" {
				t.Errorf("warnings %q lack %q", warnings, test.warning)
			}
		})
	}
}

// A line without an end takes bounded memory, and the lines after it are read.
func TestReadHugeLine(t *testing.T) {
	const size = 100 << 20
	huge := io.LimitReader(endless('x'), size)
	log, err := Read(io.MultiReader(huge, strings.NewReader("\n"), bytes.NewReader(completeLog(t))), "x.log")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(completeTimes, secondsOf(log.Times), microsecond); diff != "" {
		t.Errorf("phases (-want +got):\n%s", diff)
	}
	if want := []string{"x.log:1: the line is longer than 1048576 bytes; the rest of it is ignored"}; !cmp.Equal(want, log.Warnings) {
		t.Errorf("warnings %q, want %q", log.Warnings, want)
	}
}

// A line without a message of the table takes no allocation.
func TestReadAllocatesNothingPerLine(t *testing.T) {
	for _, line := range []string{
		"\x1b[1;36m(EngineCore_0 pid=1)\x1b[0;0m DEBUG 02-09 16:10:06.194 [backends.py:124] Directly load the 0-th graph ['a', 'b'] took [1]\n",
		"vllm-1  | (EngineCore_0 pid=1) INFO 02-09 16:10:06 [backends.py:124] the 0-th graph\n",
		"(EngineCore_0 pid=1)   File \"/srv/a.py\", line 5, in load\n",
		"Loading safetensors checkpoint shards:  50% Completed | 1/2 [00:01<00:01,  1.20it/s]\n",
	} {
		allocations := func(lines int) float64 {
			log := strings.Repeat(line, lines)
			return testing.AllocsPerRun(20, func() {
				if _, err := Read(strings.NewReader(log), "x.log"); err != nil {
					t.Error(err)
				}
			})
		}
		if few, many := allocations(10), allocations(10_000); many > few+100 { // the collector empties pools meanwhile
			t.Errorf("%v allocations for 10 lines, %v for 10,000: %s", few, many, line)
		}
	}
}

type endless byte

func (c endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(c)
	}
	return len(p), nil
}

// Phases before a read error are kept, and the error has its line.
func TestReadFaults(t *testing.T) {
	log, err := Read(io.MultiReader(bytes.NewReader(completeLog(t)), iotest.ErrReader(errors.New("disk fell out"))), "x.log")
	if err == nil || err.Error() != "x.log:20: disk fell out" {
		t.Errorf("error %v", err)
	}
	if diff := cmp.Diff(completeTimes, secondsOf(log.Times), microsecond); diff != "" {
		t.Errorf("phases (-want +got):\n%s", diff)
	}

	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	w.Write(completeLog(t))
	w.Close()
	if _, err := ReadAny(bytes.NewReader(packed.Bytes()[:packed.Len()-20]), "x.gz"); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a gzip file that was cut off: %v", err)
	}
	if _, err := ReadAny(strings.NewReader("\x1f\x8bnot gzip"), "x.gz"); err == nil {
		t.Error("what only looks like gzip is read without an error")
	}
}

func TestStampSince(t *testing.T) {
	tests := []struct {
		from, to string
		want     float64
	}{
		{"02-09 16:09:50.875", "02-09 16:09:50.890", 0.015},
		{"02-09 23:59:59.999", "02-10 00:00:00.001", 0.002},
		{"12-31 23:59:59", "01-01 00:00:01", 2},
		{"02-28 23:59:59", "03-01 00:00:01", 2},
		{"02-29 23:59:59", "03-01 00:00:01", 2},
		{"02-28 23:59:59", "02-29 00:00:01", 2},
		{"06-30 23:59:59", "07-01 00:00:01", 2},
		{"02-09 16:09:51.000", "02-09 16:09:50.000", -1},
	}
	for _, test := range tests {
		from, _, ok1 := findStamp([]byte(test.from))
		to, _, ok2 := findStamp([]byte(test.to))
		if got := to.since(from); !ok1 || !ok2 || math.Abs(got-test.want) > 1e-9 {
			t.Errorf("from %s to %s: %v s, want %v (found %t, %t)", test.from, test.to, got, test.want, ok1, ok2)
		}
	}
}

func TestFindStampRefuses(t *testing.T) {
	for _, text := range []string{"", ":", "13-01 00:00:00", "00-10 00:00:00", "02-09 24:00:00", "2026-02-09 16:00:00", "02-09 16:0", "02-09T16:00:00", "a2-09 16:00:00"} {
		if s, _, ok := findStamp([]byte(text)); ok {
			t.Errorf("%q is taken for the stamp %v", text, s)
		}
	}
}

// A message behind many brackets is not read: vLLM has none, and a line of a megabyte
// must not be read from each of its brackets on.
func TestReadIsBounded(t *testing.T) {
	const message = "Loading weights took 1.00 seconds"
	tests := []struct {
		name, line string
		found      bool
	}{
		{"behind a few brackets", strings.Repeat("[x] ", 8) + message, true},
		{"behind many", strings.Repeat("[x] ", mostMessages) + message, false},
		{"behind a colour", "[x] \x1b[1;38;5;200m" + message, true},
		{"behind a colour without an end", "[x] \x1b[" + strings.Repeat("1;", longestColour) + "m" + message, false},
	}
	for _, test := range tests {
		log, err := Read(strings.NewReader(test.line+"\n"), "log")
		if err != nil {
			t.Fatal(err)
		}
		if got := log.Times.Has(LoadWeights); got != test.found {
			t.Errorf("%s: found %t, want %t", test.name, got, test.found)
		}
	}
}

// However often a log is odd, its warnings are few.
func TestWarningsAreBounded(t *testing.T) {
	var text strings.Builder
	for range 300 {
		text.WriteString("DEBUG 02-09 16:00:01 [a.py:1] No plugins for group vllm.platform_plugins found.\nINFO 02-09 16:00:00 [a.py:1] Automatically detected platform cuda.\n")
	}
	log, err := Read(strings.NewReader(text.String()), "x.log")
	if err != nil {
		t.Fatal(err)
	}
	if n, last := len(log.Warnings), log.Warnings[len(log.Warnings)-1]; n != mostWarnings+1 || last != "x.log: warnings left out: 200" {
		t.Errorf("%d warnings, the last %q", n, last)
	}
}
