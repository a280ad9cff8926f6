package phase

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// FuzzRead: for any bytes, reading does not panic, no phase is negative, infinite or not a
// number, and the segments add up to the time to ready.
func FuzzRead(f *testing.F) {
	failures, err := filepath.Glob("testdata/causes/*.log")
	if err != nil {
		f.Fatal(err)
	}
	posted, err := filepath.Glob("testdata/posted/*.log")
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range slices.Concat(excerpts(f), failures, posted) {
		log, err := os.ReadFile(seed)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(log)
		f.Add(bytes.ReplaceAll(log, []byte("\n"), []byte("\r")))
		f.Add(log[:len(log)/2])
	}
	f.Add([]byte("\x1f\x8b\x08\x00"))
	f.Add([]byte("]Model loading took . GiB and .. seconds\r\r\n]\x1b[]"))
	f.Add([]byte("Compiling a graph for compile range (, takes 1 s\n]vLLM server version 99999999999.1.,(v0."))
	f.Add([]byte("INFO 02-29 23:59:60.999 [a] Chunked prefill is"))
	f.Fuzz(func(t *testing.T, data []byte) {
		log, err := ReadAny(bytes.NewReader(data), "fuzz")
		if err != nil {
			return
		}
		for p := range All() {
			seconds, known := log.Times.Get(p)
			if known && (seconds < 0 || math.IsNaN(seconds) || math.IsInf(seconds, 0)) {
				t.Errorf("%v is %v s", p, seconds)
			}
			if known && len(data) == 0 {
				t.Errorf("an empty log has %v", p)
			}
		}
		var sum time.Duration
		for _, s := range log.Segments {
			parts := 0.0
			for _, p := range s.Parts {
				parts += p.Seconds
			}
			if s.Time < 0 || parts > s.Seconds()+1e-6 || s.Name == "" {
				t.Errorf("the parts of %q are %v s, all is %v", s.Name, parts, s.Time)
			}
			sum += s.Time
		}
		if math.Abs(sum.Seconds()-log.TimeToReady) > 1e-6 || log.TimeToReady < 0 {
			t.Errorf("the segments are %v, ready is %v s", sum, log.TimeToReady)
		}
		if len(log.Attempts) > mostAttempts {
			t.Errorf("%d attempts", len(log.Attempts))
		}
		if len(log.Cause) > longestCause {
			t.Errorf("the cause has %d bytes", len(log.Cause))
		}
		if log.Complete == (log.Err() != nil) {
			t.Errorf("complete %t, yet the error is %v", log.Complete, log.Err())
		}
	})
}
