// Command coldstart measures how long an LLM engine takes to start, phase by
// phase, on the nodes of a lab, and draws the figures of the paper "Breaking the Ice:
// Analyzing Cold Start Latency in vLLM" from the results.
//
//	hardware-matrix.yaml ──plan──▶ grid of cells ──measure──▶ results ──report──▶ PDFs, tables, comment
//
// Each command has a file of its own here: an options struct, a constructor that
// parses flags into it, and a run method. They wire together the packages below and
// reports.
package main

import (
	"context"
	"os"

	"coldstart/runner/console"
)

func main() {
	os.Exit(run(context.Background(), console.System(), os.Args[1:]))
}
