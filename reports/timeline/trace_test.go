package timeline

import (
	"bytes"
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"coldstart/reports/phase"
	"coldstart/reports/testkit"
)

// Logs of the package that reads them.
const (
	logs     = "../phase/testdata/"
	served   = logs + "releases/0.20.2-serve.log"
	measured = logs + "releases/0.32.0-cpu-serve.log"
)

// written is the trace of logs.
func written(t *testing.T, paths ...string) string {
	t.Helper()
	var all []*Timeline
	for _, path := range paths {
		log, err := phase.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		log.Name = filepath.Base(path)
		if made, ok := Of(&log); ok {
			all = append(all, made)
		}
	}
	var text bytes.Buffer
	if err := Trace(&text, all); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

func TestTrace(t *testing.T) {
	testkit.Golden(t, "testdata/trace.json", written(t, served, measured))
}

func TestTracesKeepTheRules(t *testing.T) {
	paths, err := filepath.Glob(logs + "*/*.log*")
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	if parts := keepsTheRules(t, written(t, paths...)); parts < 100 {
		t.Errorf("only %d parts", parts)
	}
}

// FuzzTrace reads any text as a log, with moments that may not fit it.
func FuzzTrace(f *testing.F) {
	paths, err := filepath.Glob(logs + "releases/*.log")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, int64(9000), int64(60500))
	}
	first := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) // of the logs
	f.Fuzz(func(t *testing.T, text []byte, before, ready int64) {
		log, err := phase.Read(bytes.NewReader(text), "a.log")
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range []phase.Measured{{}, {
			Exec: first.Add(-time.Duration(before) * time.Millisecond), Ready: first.Add(time.Duration(ready) * time.Millisecond),
		}} {
			log.Measure(m)
			made, ok := Of(&log)
			if !ok {
				continue
			}
			var trace bytes.Buffer
			if err := Trace(&trace, []*Timeline{made}); err != nil {
				t.Fatal(err)
			}
			keepsTheRules(t, trace.String())
		}
	})
}

// keepsTheRules checks the rules of the format, for what is written here, and counts the
// parts.
func keepsTheRules(t *testing.T, text string) (parts int) {
	t.Helper()
	var trace struct{ TraceEvents []event }
	if err := json.Unmarshal([]byte(text), &trace); err != nil {
		t.Fatal(err)
	}
	named, numbers := map[track]bool{}, map[int]bool{}
	open := map[track][]event{} // slices that the latest one of a track lies in, and that one
	last := int64(0)
	for _, e := range trace.TraceEvents {
		at := track{e.Process, e.Thread}
		if e.Phase == metadata {
			if e.Name == "process_name" || e.Name == "thread_name" {
				if number := cmp.Or(e.Thread, e.Process); numbers[number] {
					t.Errorf("%+v: a second one of this number", e)
				} else {
					named[at], numbers[number] = true, true
				}
			}
			continue
		}
		if e.Time < last || e.Duration < 0 {
			t.Errorf("%+v is before 0, or out of order", e)
		}
		last = e.Time
		if !named[at] || !named[track{pid: e.Process}] {
			t.Errorf("%+v: its process or thread has no name", e)
		}
		if e.Phase == instant {
			continue
		}
		outer := slices.DeleteFunc(open[at], func(o event) bool { return o.end() <= e.Time })
		if len(outer) > 0 && e.end() > outer[len(outer)-1].end() {
			t.Errorf("%+v ends behind %+v", e, outer)
		}
		if level := map[string]int{"segment": 0, "part": 1}[e.Category]; len(outer) != level || e.Duration == 0 {
			t.Errorf("%+v lies in %+v", e, outer)
		}
		parts += len(outer)
		open[at] = append(outer, e)
	}
	return parts
}

// track is a thread of a process, or with 0 the process.
type track struct{ pid, tid int }

func (e event) end() int64 { return e.Time + e.Duration }
