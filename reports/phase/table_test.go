package phase

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Every row of the table has a message in the excerpts, of a release that the row
// applies to.
func TestEveryRowHasAnExcerpt(t *testing.T) {
	seen := make([]bool, len(messages))
	cuts := strings.NewReplacer("] ", "\n", "[Autotuner]", "\n", "flashinfer.jit: ", "\n", " \x1b[93m", "\n", " ▄▄", "\n▄▄", "INFO:     ", "\n", ` - "`, "\n\"")
	for _, path := range excerpts(t) {
		log, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		read, err := Read(bytes.NewReader(log), path)
		if err != nil {
			t.Fatal(err)
		}
		of, known := parseRelease(read.Release)
		for row := range messages {
			m := &messages[row]
			for _, text := range strings.Split(cuts.Replace(string(log)), "\n") {
				message := []byte(strings.TrimPrefix(text, "NEW: "))
				fits := m.leads(message) && m.match(message, new(values))
				seen[row] = seen[row] || fits && known && m.applies(of)
			}
		}
	}
	for row, m := range messages {
		if !seen[row] {
			t.Errorf("row %d of the table, %q from %v before %v, has no excerpt in testdata", row, m.lead, m.from, m.before)
		}
	}
}

func excerpts(t testing.TB) (paths []string) {
	t.Helper()
	for _, dir := range []string{"logs", "releases", "findings", "servers"} {
		found, err := filepath.Glob(filepath.Join("testdata", dir, "*.log"))
		if err != nil || len(found) == 0 {
			t.Fatalf("no logs in %s: %v", dir, err)
		}
		paths = append(paths, found...)
	}
	return paths
}

func TestParseRelease(t *testing.T) {
	tests := []struct {
		text string
		want release
		ok   bool
	}{
		{"0.10.1.1", release{0, 10, 1, 1}, true},
		{"0.10.1.1.post2", release{0, 10, 1, 1}, true},
		{"0.32.0", release{0, 32}, true},
		{"0.9", release{0, 9}, true},
		{"1.0.0rc2", release{}, false},
		{"0.1.dev15312+g690e127b1", release{}, false},
		{"0.11.1rc3.dev40", release{}, false},
		{"0.20.2+cu130", release{}, false},
		{"0.1.2.3.4", release{0, 1, 2, 3}, true},
		{"", release{}, false},
		{"dev", release{}, false},
		{"1", release{1}, false},
		{"1.", release{1}, false},
		{".1", release{}, false},
	}
	for _, test := range tests {
		if got, ok := parseRelease(test.text); ok != test.ok || ok && got != test.want {
			t.Errorf("%q is read as %v (%t), want %v (%t)", test.text, got, ok, test.want, test.ok)
		}
	}
}

// A row from a release on makes that release known.
func TestNewest(t *testing.T) {
	newest := engines[vLLM].newest
	for _, m := range messages {
		if newest.less(m.from.minor()) || newest.less(m.before.minor()) {
			t.Errorf("the row %q is of %v and before %v, and the newest release is %v", m.lead, m.from, m.before, newest)
		}
	}
	if newest.less(compared) {
		t.Errorf("the newest release is %v, and the table was compared with %v", newest, compared)
	}
}

func TestReleaseLess(t *testing.T) {
	ascending := []string{"0.3.1", "0.10", "0.10.1", "0.10.1.1", "0.10.2", "0.11", "0.33", "1.0"}
	for i, a := range ascending {
		for j, b := range ascending {
			if got := mustRelease(a).less(mustRelease(b)); got != (i < j) {
				t.Errorf("%s before %s: %t", a, b, got)
			}
		}
	}
}

// The meaning of a message depends on the release, which may be anywhere in the log.
func TestReadByRelease(t *testing.T) {
	const engine = "INFO 02-09 16:09:50.000 [core.py:1] Initializing a V1 LLM engine (v%) with config\n"
	const compiled = "INFO 02-09 16:09:51.000 [monitor.py:1] torch.compile takes 5.00 s in total\ninitialize_engine took 1 seconds\n"
	const configured = "DEBUG 02-09 16:09:40.000 [a.py:1] Available plugins for group vllm.general_plugins:\nDEBUG 02-09 16:09:42.000 [a.py:1] Defaulting max_num_seqs to 256\n"
	const detected = "DEBUG 02-09 16:09:35.000 [a.py:1] No plugins for group vllm.platform_plugins found.\nDEBUG 02-09 16:09:36.000 [a.py:1] Automatically detected platform cuda.\n"
	tests := []struct {
		release, log string
		want         seconds
		warning      string
	}{
		{"0.11.0", engine + compiled, seconds{TorchCompile: 5, ActualTotalTime: 1, InitializeEngine: 1}, ""},
		{"0.11.1", engine + compiled, seconds{ActualTotalTime: 1, InitializeEngine: 1}, ""},
		{"0.18.0", configured + engine + compiled, seconds{ActualTotalTime: 11, InitializeEngine: 1}, ""},
		{"0.20.0", configured + engine + compiled, seconds{GetModelInfo: 2, ActualTotalTime: 11, InitializeEngine: 1}, ""},
		{"0.30.2", configured + engine, seconds{GetModelInfo: 2, ActualTotalTime: 10}, ""},
		{"0.31.0", configured + engine, seconds{}, ""},
		{"0.33.9", detected + configured + engine, seconds{DetectPlatform: 1, LLMImports: 4, GetModelInfo: 2, ActualTotalTime: 15}, ""},
		{"0.99.0", detected + configured + engine, seconds{DetectPlatform: 1, LLMImports: 4, GetModelInfo: 2, ActualTotalTime: 15}, fmt.Sprintf("x.log:5: vLLM 0.99.0 is newer than %d.%d, the newest release that coldstart knows; its phases may cover other spans", engines[vLLM].newest[0], engines[vLLM].newest[1])},
		{"dev", configured + engine + compiled, seconds{GetModelInfo: 2, TorchCompile: 5, ActualTotalTime: 11, InitializeEngine: 1}, `x.log:3: "dev" is not a vLLM release that coldstart knows; its phases may cover other spans`},
	}
	for _, test := range tests {
		t.Run(test.release, func(t *testing.T) {
			log, err := Read(strings.NewReader(strings.ReplaceAll(test.log, "%", test.release)), "x.log")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, secondsOf(log.Times), microsecond); diff != "" {
				t.Errorf("phases (-want +got):\n%s", diff)
			}
			if got := strings.Join(log.Warnings, "\n"); got != test.warning {
				t.Errorf("warnings %q, want %q", got, test.warning)
			}
		})
	}
}

// A spawned process detects the platform and imports again; the phases are the front
// end's. In a second attempt in the same log, they are those of the second front end.
func TestReadFrontEnd(t *testing.T) {
	process := func(minute, detection int) string {
		return fmt.Sprintf(`DEBUG 02-09 16:%02[1]d:00.000 [a.py:1] No plugins for group vllm.platform_plugins found.
INFO 02-09 16:%02[1]d:%02[2]d.000 [a.py:1] Automatically detected platform cuda.
DEBUG 02-09 16:%02[1]d:%02[3]d.000 [a.py:1] Available plugins for group vllm.general_plugins:
`, minute, detection, detection+10)
	}
	frontEnd := func(minute, detection int) string {
		return process(minute, detection) + fmt.Sprintf("INFO 02-09 16:%02d:30.000 [a.py:1] Chunked prefill is enabled\n", minute)
	}
	tests := []struct {
		name, log string
		want      seconds
	}{
		{"the engine is a process of its own", frontEnd(1, 1) + process(2, 2), seconds{DetectPlatform: 1, LLMImports: 10, GetModelInfo: 19, ActualTotalTime: 72}},
		{"a second attempt", frontEnd(1, 1) + process(2, 2) + frontEnd(3, 4), seconds{DetectPlatform: 4, LLMImports: 10, GetModelInfo: 16, ActualTotalTime: 150}},
		{"it never got to the scheduler", process(1, 1) + process(2, 2), seconds{DetectPlatform: 1, LLMImports: 10, ActualTotalTime: 72}},
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
		})
	}
}
