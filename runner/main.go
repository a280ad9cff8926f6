// Command coldstart measures how long an LLM engine takes to start, phase by
// phase, on the nodes of a lab, and draws the figures of the paper "Breaking the
// Ice: Analyzing Cold Start Latency in vLLM" of it.
//
//	hardware-matrix.yaml ──plan──▶ grid of cells ──measure──▶ results ──report──▶ PDFs, tables, comment
//
// Each command has a file of its own here: an options struct, a constructor that
// parses flags into it, and a run method. What they wire together lies in the
// packages below and in reports.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"coldstart/runner/console"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, console.System(), os.Args[1:])
	stop()
	os.Exit(code)
}
