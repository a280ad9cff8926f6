package phase_test

import (
	"bytes"
	"os"
	"strings"
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

// Lines of 1 MB that would be slow to read from each of their brackets on.
func BenchmarkReadHostileLine(b *testing.B) {
	for name, piece := range map[string]string{
		"brackets": "]Loading ", "escapes": "]\x1b[", "colons": "02-09 16:09:5", "tracebacks": "(EngineCore pid=1) Traceback ",
		"dates": "2026-02-09 16:09:51,000 ", "signs": "INFO : - | > ", "objects": `{"a":[{"message":"`, "text": `{"message":"\n`,
	} {
		line := []byte(strings.Repeat(piece, (1<<20)/len(piece)))
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(line)))
			for b.Loop() {
				if _, err := phase.Read(bytes.NewReader(line), name); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
