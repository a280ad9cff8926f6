package phase

import (
	"bytes"
	"maps"
	"strings"
	"testing"
)

// A quiet line has the stamp that findStamp finds and the process that speaks reads, whatever
// the lines before began with.
func TestOpening(t *testing.T) {
	const message = " [core.py:700] ValueError: the next one is tried instead"
	const inColour = "\x1b[1;36m(EngineCore_0 pid=98)\x1b[0;0m "
	tests := []struct {
		begin string
		quiet bool
	}{
		{"DEBUG 02-09 16:09:51.123", true},
		{"DEBUG 02-09 16:09:51.124", true},
		{"DEBUG 02-09 16:09:51", true},
		{"DEBUG 02-09 16:09:51.12", true},
		{"INFO 02-09 16:09:51.124", true},
		{"WARNING 02-09 16:09:51.124", false},
		{"ERROR 02-09 16:09:51.124", false},
		{"DEBUG 02-09 16:09:52.124", true},
		{"(EngineCore_0 pid=98) DEBUG 02-09 16:09:52.124", true},
		{inColour + "DEBUG 02-09 16:09:52.124", true},
		{inColour + "ERROR 02-09 16:09:52.124", false},
		{inColour + "INFO 12-31 23:59:59", true},
		{"[1;36m(EngineCore_0 pid=98)[0;0m INFO 12-31 23:59:59", true},
		{"(Worker_TP0 pid=99) INFO 12-31 23:59:59", true},
		{"INFO 12-31 23:59:59", true},
		{"(Worker_TP0 pid=99) INFO 12-31 23:59:59 text (EngineCore_0 pid=98) INFO 12-31 23:59:59", true},
		{"(at 02-09 16:09:51) INFO 12-31 23:59:59", false}, // listen finds the first of two stamps
		{"[rank0]: INFO 12-31 23:59:59", false},            // listen reads who speaks
		{"[rank0]: INFO 12-31 23:59:59 (a request)", false},
		{"DEBUG 02-32 16:09:51.123", true},
		{"INFO 2026-02-09 16:09:51.123", false},
	}
	var o opening
	for _, test := range tests {
		line := []byte(test.begin + message)
		got, end, quiet := o.read(line)
		if quiet != test.quiet {
			t.Errorf("%s: quiet %t, want %t", line, quiet, test.quiet)
		}
		if want, wantEnd, _ := findStamp(line); quiet && (got != want || end != wantEnd) {
			t.Errorf("%s: stamp %v up to %d, want %v up to %d", line, got, end, want, wantEnd)
		}
		var want speaks
		want.read([]byte(test.begin), &quietLine)
		if got, ok := o.names([]byte(test.begin)); quiet && ok && !(bytes.Equal(got.key, want.key) && bytes.Equal(got.name, want.name)) {
			t.Errorf("%s: process %q %q, want %q %q", line, got.name, got.key, want.name, want.key)
		}
	}
	for _, line := range []string{
		"", "(", strings.Repeat("(", 200), strings.Repeat(" ", 63) + ")", strings.Repeat("[", 63) + ") DEBUG x",
		strings.Repeat("[", 56) + ") DEBUG x", "(" + strings.Repeat("x", 54) + ") INFO 02",
	} {
		if _, _, quiet := o.read([]byte(line)); quiet {
			t.Errorf("%q is quiet", line)
		}
	}
}

// A rank that torchrun names before a line keeps its times, however long the line is.
func TestRanksOfTorchrun(t *testing.T) {
	const module = "[vllm/model_executor/model_loader/default_loader.py:501] "
	log, err := Read(strings.NewReader(
		"[rank0]: INFO 02-09 16:09:40 "+module+"Initializing a V1 LLM engine (v0.10.1.1) with config: model='m'\n"+
			"[rank0]: INFO 02-09 16:09:51 "+module+"Loading weights took 3.50 seconds\n"+
			"[rank1]: INFO 02-09 16:09:51 "+module+"Loading weights took 2.25 seconds\n"), "")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, r := range log.Ranks {
		got[r.Name], _ = r.Seconds.Get(LoadWeights)
	}
	if want := map[string]float64{"rank0": 3.5, "rank1": 2.25}; !maps.Equal(got, want) || log.Slowest.Loading != "rank0" {
		t.Errorf("ranks %v, want %v; %+v", got, want, log.Slowest)
	}
}
