package phase_test

import (
	"bytes"
	"os"
	"testing"

	"coldstart/reports/phase"
)

// BenchmarkReadComplete needs no files but the package's own.
func BenchmarkReadComplete(b *testing.B) {
	log, err := os.ReadFile("testdata/logs/complete.log")
	if err != nil {
		b.Fatal(err)
	}
	log = bytes.Repeat(log, 1000)
	benchmarkRead(b, [][]byte{log}, int64(len(log)))
}

func benchmarkRead(b *testing.B, logs [][]byte, size int64) {
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for _, log := range logs {
			if _, err := phase.Read(bytes.NewReader(log), ""); err != nil {
				b.Fatal(err)
			}
		}
	}
}
