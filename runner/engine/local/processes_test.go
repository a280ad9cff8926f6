package local

import (
	"os"
	"testing"
)

// BenchmarkLookForProcesses is the cost of a look while nothing changes, as nearly always.
func BenchmarkLookForProcesses(b *testing.B) {
	w := watchProcesses(os.Getpid())
	w.end()
	w.look()
	for b.Loop() {
		w.look()
	}
}
