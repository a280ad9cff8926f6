// Package replay is the engine that needs no GPU: it prints the paper's recorded
// runs as start-up logs in vLLM's own line format.
//
// From there on a replayed log takes the road of a measured one: written to the
// cell, read, averaged, drawn. Only its first line, which carries no stamp, says
// what it is, and everything drawn of it names the engine.
package replay

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/runner/engine"
	"coldstart/runner/paper"
)

// Name is the engine's name in plans and on the command line.
const Name = "replay"

// Session is when and by whom the replayed runs were measured: the paper's
// authors, in February 2026 as their logs are stamped.
const Session = "paper"

// Date is that of the last recorded run.
var Date = time.Date(2026, time.February, 16, 0, 0, 0, 0, time.UTC)

// Engine replays. The zero Engine replays at once.
type Engine struct {
	// Speed plays the logs in real time, scaled: 1 takes as long as the start-up
	// took, 10 a tenth of it. 0 is at once.
	Speed float64
}

// NotRecordedError says that the paper has no such runs.
type NotRecordedError struct {
	Set, Node string
	On        []string // nodes that the set was recorded on
}

func (e *NotRecordedError) Error() string {
	return fmt.Sprintf("the paper recorded no runs of %s on %s, only on %s", e.Set, e.Node, strings.Join(e.On, ", "))
}

// Check tells whether the paper has runs of a set on a node.
func (e *Engine) Check(set *result.Set, node string) error {
	on := recordedOn(set)
	if !slices.Contains(on, node) {
		return &NotRecordedError{Set: set.Name, Node: node, On: on}
	}
	return nil
}

func recordedOn(set *result.Set) (nodes []string) {
	if set.SampleCPU || set.Releases {
		return []string{paper.CPUUsageNode}
	}
	for _, m := range paper.Measurements() {
		if m.Set == set.Name && !slices.Contains(nodes, m.Node) {
			nodes = append(nodes, m.Node)
		}
	}
	slices.Sort(nodes)
	return nodes
}

// Origin is nothing: what was recorded does not change.
func (e *Engine) Origin(engine.Run) (*engine.Origin, error) { return &engine.Origin{}, nil }

// Start prints the log of the recorded run. Of figure 12's set the paper has
// samples of the cores, and no log.
func (e *Engine) Start(ctx context.Context, run engine.Run, log io.Writer) (started engine.Started, err error) {
	if run.Set.SampleCPU {
		return engine.Started{CPUUsage: paper.CPUUsage()}, engine.ErrNoLog
	}
	script, warnings, err := scriptOf(run)
	if err != nil {
		return started, err
	}
	started.Warnings = warnings
	header := fmt.Sprintf("coldstart: replayed from the paper's recorded runs: set %s, node %s, iteration %d\n", run.Set.Name, run.Node, run.Iteration)
	if e.Speed <= 0 {
		_, err := log.Write(append([]byte(header), script.text()...))
		return started, err
	}
	if _, err := io.WriteString(log, header); err != nil {
		return started, err
	}
	return started, script.play(ctx, log, e.Speed)
}

func scriptOf(run engine.Run) (s *script, warnings []string, err error) {
	if run.Set.Releases {
		s, err = releaseScript(run)
		return s, nil, err
	}
	m, warnings, err := recording(run)
	if err != nil {
		return nil, nil, err
	}
	return startScript(m), warnings, nil
}

// Recorded are the phases of the recorded run that a run would replay; false where
// the paper's authors made none.
func Recorded(run engine.Run) (seconds phase.Times, ok bool) {
	m, _, err := recording(run)
	if err != nil {
		return phase.Times{}, false
	}
	return m.Seconds, true
}

// recording finds the recorded run. Where the paper ran a model with other
// arguments than the rest of its set, the run is taken with a warning.
func recording(run engine.Run) (m *paper.Measurement, warnings []string, err error) {
	c := run.Configuration
	candidates := recordings()[key{set: run.Set.Name, node: run.Node, model: cmp.Or(c.Directory, c.Model), iteration: run.Iteration}]
	want := commandLine(c.Args)
	for _, m := range candidates {
		if m.Args == want {
			return m, nil, nil
		}
	}
	if len(candidates) != 1 {
		return nil, nil, fmt.Errorf("the paper recorded no iteration %d of %s in set %s on %s", run.Iteration, c.ID, run.Set.Name, run.Node)
	}
	m = candidates[0]
	return m, []string{fmt.Sprintf("%s on %s: %s was recorded with arguments %q, not %q", run.Set.Name, run.Node, c.Model, m.Args, want)}, nil
}

func commandLine(args []result.Arg) string {
	var words []string
	for _, arg := range args {
		words = append(words, strings.TrimSpace("--"+arg.Name+" "+arg.Value))
	}
	return strings.Join(words, " ")
}

// key names the recorded runs of a model, which differ in their arguments.
type key struct {
	set, node, model string
	iteration        int
}

var recordings = sync.OnceValue(func() map[key][]*paper.Measurement {
	index := map[key][]*paper.Measurement{}
	all := paper.Measurements()
	for i := range all {
		m := &all[i]
		k := key{set: m.Set, node: m.Node, model: m.Model, iteration: m.Iteration}
		index[k] = append(index[k], m)
	}
	return index
})

// play writes a script's lines when they fall due.
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
