package reports_test

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"coldstart/reports"
	"coldstart/reports/history"
	"coldstart/reports/phase"
)

// BenchmarkHistory reads, searches and draws 10,000 records of 19 phases. peak-MB is the
// most memory that the process had from the system.
func BenchmarkHistory(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 1))
	path := filepath.Join(b.TempDir(), "history.jsonl")
	file, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	lines := json.NewEncoder(file)
	for i := range 10_000 {
		record := history.Record{
			Schema: history.Schema, Commit: fmt.Sprintf("%040x", i), Session: fmt.Sprint("session-", i), Release: "0.20.2",
			Time: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * time.Hour), Whole: "actual_total_time",
			Key:         history.Key{Node: "n1", Engine: "vllm", Set: "baseline", Configuration: "qwen-4b"},
			Environment: fmt.Sprint(i / 1000), Phases: map[string]history.Mean{},
		}
		for p := range phase.All() {
			record.Phases[p.String()] = history.Mean{Seconds: 10 + float64(i/2500) + 0.1*random.NormFloat64(), Runs: 5}
		}
		if err := lines.Encode(record); err != nil {
			b.Fatal(err)
		}
	}
	var peak uint64
	for b.Loop() {
		read, err := history.Read(path)
		if err != nil || len(read.Records) != 10_000 {
			b.Fatal(err)
		}
		if err := reports.History(io.Discard, read.Series()); err != nil {
			b.Fatal(err)
		}
		var memory runtime.MemStats
		runtime.ReadMemStats(&memory)
		peak = max(peak, memory.Sys)
	}
	b.ReportMetric(float64(peak)/1e6, "peak-MB")
}
