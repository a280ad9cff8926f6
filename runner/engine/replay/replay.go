// Package replay is the engine that needs no GPU: it prints the paper's recorded runs as
// start-up logs in vLLM's line format.
//
// A replayed log is saved, read, averaged and drawn like a measured one. Its first line,
// which has no time stamp, says that it is a replay, and every figure names the engine.
package replay

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"coldstart/reports/result"
	"coldstart/runner/engine"
	"coldstart/runner/paper"
)

// Name is the engine's name in plans and on the command line.
const Name = result.Replay

// Engine replays. The zero Engine replays at once.
type Engine struct {
	// Speed scales the time of the replay: 1 takes as long as the start-up took, 10 a tenth
	// of it. 0 prints the log at once.
	Speed float64

	// Began is when each log begins; zero is the date of the paper's session.
	Began time.Time
}

// Check checks that the paper has runs of a set on a node.
func (e *Engine) Check(set *result.Set, node string) error {
	if set.Start == result.Serve {
		return fmt.Errorf("the runs that the paper recorded of %s did not serve", set.Name)
	}
	if on := paper.RecordedOn(set); !slices.Contains(on, node) {
		return fmt.Errorf("the paper recorded no runs of %s on %s, only on %s", set.Name, node, strings.Join(on, ", "))
	}
	return nil
}

// Origin is empty: recorded runs do not change.
func (e *Engine) Origin(engine.Run) (*engine.Origin, error) { return &engine.Origin{}, nil }

// Start prints the log of the recorded run. The paper has no logs for figure 12's set, only
// samples of the cores, and no warm-up for figure 1's.
func (e *Engine) Start(ctx context.Context, run engine.Run, log io.Writer) (started engine.Started, err error) {
	switch {
	case run.Set.SampleCPU:
		return engine.Started{CPUUsage: paper.CPUUsage()}, engine.ErrNoLog
	case run.Set.Releases && run.Iteration == 0:
		return started, engine.ErrNoLog
	}
	m, warnings, err := paper.Recorded(run.Set, run.Configuration, run.Node, run.Iteration)
	if err != nil {
		return started, err
	}
	started.Warnings = warnings
	script := scriptOf(m)
	if !e.Began.IsZero() {
		script.began = e.Began
	}
	header := fmt.Sprintf("coldstart: replayed from the paper's recorded runs: set %s, node %s, iteration %d\n",
		run.Set.Name, run.Node, run.Iteration)
	if e.Speed <= 0 {
		_, err := log.Write(append([]byte(header), script.text()...))
		return started, err
	}
	if _, err := io.WriteString(log, header); err != nil {
		return started, err
	}
	return started, script.play(ctx, log, e.Speed)
}

// play writes each line of a script at its time.
func (s *script) play(ctx context.Context, log io.Writer, speed float64) error {
	began := time.Now()
	for _, line := range s.lines {
		due := began.Add(time.Duration(line.at.Seconds() / speed * float64(time.Second)))
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Until(due)):
		}
		if _, err := log.Write(s.render(nil, line)); err != nil {
			return err
		}
	}
	return nil
}

// text is the whole log.
func (s *script) text() []byte {
	var text bytes.Buffer
	for _, line := range s.lines {
		text.Write(s.render(text.AvailableBuffer(), line))
	}
	return text.Bytes()
}
