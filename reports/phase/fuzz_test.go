package phase

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// FuzzRead: for any bytes, reading does not panic, and no phase is negative, infinite or
// not a number.
func FuzzRead(f *testing.F) {
	failures, err := filepath.Glob("testdata/causes/*.log")
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range append(excerpts(f), failures...) {
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
		if log.Complete && !bytes.HasPrefix(data, gzipMagic) && !bytes.Contains(data, []byte(" took ")) {
			t.Error("a start-up is complete that never says so")
		}
		if len(log.Cause) > longestCause {
			t.Errorf("the cause has %d bytes", len(log.Cause))
		}
		if log.Complete == (log.Err() != nil) {
			t.Errorf("complete %t, yet the error is %v", log.Complete, log.Err())
		}
	})
}
