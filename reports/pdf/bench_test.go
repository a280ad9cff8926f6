package pdf

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"coldstart/reports/figure"
)

var date = time.Date(2026, time.May, 17, 9, 30, 0, 0, time.UTC)

// figures are the test data of package chart.
func figures(tb testing.TB) (all []*figure.Data) {
	tb.Helper()
	files, err := filepath.Glob("../chart/testdata/figure*.json")
	if err != nil || len(files) == 0 {
		tb.Fatalf("no test data: %v", err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			tb.Fatal(err)
		}
		d := new(figure.Data)
		if err := json.Unmarshal(b, d); err != nil {
			tb.Fatalf("%s: %v", f, err)
		}
		all = append(all, d)
	}
	return all
}

func BenchmarkFigures(b *testing.B) {
	all := figures(b)
	b.ReportAllocs()
	for b.Loop() {
		for _, d := range all {
			if err := Figure(io.Discard, d, date); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkReport(b *testing.B) {
	r := sample(b)
	b.ReportAllocs()
	for b.Loop() {
		if err := Report(io.Discard, r); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkAll is what a session's report costs: every figure by itself, the
// hardware table and the report, as many at a time as there are processors.
func BenchmarkAll(b *testing.B) {
	r := sample(b)
	tasks := []func() error{
		func() error { return Report(io.Discard, r) },
		func() error { return Hardware(io.Discard, hardware, replayed, date) },
	}
	for _, d := range r.Figures {
		tasks = append(tasks, func() error { return Figure(io.Discard, d, date) })
	}
	for b.Loop() {
		var wg sync.WaitGroup
		turn := make(chan struct{}, runtime.GOMAXPROCS(0))
		for _, task := range tasks {
			turn <- struct{}{}
			wg.Go(func() {
				defer func() { <-turn }()
				if err := task(); err != nil {
					b.Error(err)
				}
			})
		}
		wg.Wait()
	}
}
