package phase

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestListen(t *testing.T) {
	tests := []struct {
		line          string
		speaker, text string
		indent        int
		loud          bool
	}{
		{line: ""},
		{line: "ValueError: x", text: "ValueError: x"},
		{line: "  File \"a.py\"", text: "File \"a.py\"", indent: 2},
		{line: "ERROR 02-09 16:09:51 [core.py:700]     assert x", text: "assert x", indent: 5, loud: true},
		{line: "ERROR 02-09 16:09:51.123 [v1/engine/core.py:700] x", text: "x", indent: 1, loud: true},
		{line: "(EngineCore_0 pid=98) ERROR 02-09 16:09:51.123 [core.py:700] x", speaker: "EngineCore_0 pid=98", text: "x", indent: 1, loud: true},
		{line: "\x1b[1;36m(EngineCore_0 pid=98)\x1b[0;0m   x", speaker: "EngineCore_0 pid=98", text: "x", indent: 3},
		{line: "[1;36m(EngineCore_0 pid=98)[0;0m   x", speaker: "EngineCore_0 pid=98", text: "x", indent: 3},
		{line: "(RayWorkerProc pid=97, ip=10.0.0.2) (EngineCore pid=98) x", speaker: "EngineCore pid=98", text: "x", indent: 1},
		{line: "[rank0]: x", speaker: "rank0", text: "x", indent: 1},
		{line: "vllm-1  | (EngineCore pid=98) x", speaker: "EngineCore pid=98", text: "x", indent: 1},
		{line: "2026-02-09T16:09:51.123456789Z x", text: "x", indent: 1},
		{line: "2026-02-09T16:09:51.123456789+01:00 stderr F x", text: "x", indent: 1},
		{line: "2026-02-09 16:09:51,123 - vllm.engine - ERROR - x", text: "x", indent: 1, loud: true},
		{line: "Feb 09 16:09:51 gpu-7 vllm[98]: x", text: "x", indent: 1},
		{line: "│   x", text: "x", indent: 3},
		{line: "║ x", text: "x", indent: 1},
		{line: "ERROR 02-09 16:09:51 core.py:343] x", text: "x", indent: 1, loud: true},
		{line: "core.py:343", text: "core.py:343"},
		{line: "[pod/vllm-0/server] x", text: "x", indent: 1},
		{line: "1234 tokens", text: "1234 tokens"},
		{line: "(no end", text: "(no end"},
		{line: "\x1b[1;36", text: ""},
	}
	for _, test := range tests {
		u := listen([]byte(test.line))
		got := []any{string(u.speaker), string(u.text), u.indent, u.loud, u.quiet}
		if diff := cmp.Diff([]any{test.speaker, test.text, test.indent, test.loud, false}, got); diff != "" {
			t.Errorf("%q: speaker, text, indent, loud, quiet (-want +got):\n%s", test.line, diff)
		}
	}
}

// Records below ERROR are recognised in vLLM's own form and behind other prefixes.
func TestQuiet(t *testing.T) {
	const record = " 02-09 16:09:51.123 [core.py:700] ValueError: the next one is tried instead"
	for _, prefix := range []string{"", "(EngineCore_0 pid=98) ", "\x1b[1;36m(EngineCore_0 pid=98)\x1b[0;0m ", "[1;36m(EngineCore_0 pid=98)[0;0m "} {
		for _, level := range []string{"DEBUG", "INFO", "WARNING", "ERROR"} {
			line := []byte(prefix + level + record)
			for _, before := range []string{"", "vllm-1  | ", "2026-02-09T16:09:51.123456789Z "} {
				if got, want := listen([]byte(before+string(line))).quiet, level != "ERROR"; got != want {
					t.Errorf("%s%s: quiet %t, want %t", before, line, got, want)
				}
			}
		}
	}
}
