// Package engine defines engines: programs that a measurement starts and that print a
// start-up log. vLLM is one, a lab's own command another, and so is the replay of the
// paper's recorded runs.
//
//	engine prints → measure keeps → phase reads → result holds → …
//
// A further engine of coldstart's own is a package below this one, with a local.Maker, a
// package that registers the format of its log with phase, which the first one imports,
// and one line in lab's table of engines.
package engine

import (
	"context"
	"errors"
	"io"

	"coldstart/reports/result"
)

// Run is one start of an engine.
type Run struct {
	Set           *result.Set
	Configuration *result.Configuration
	Node          string
	GPU           result.GPUs // that it may use
	Iteration     int         // 0 is the warm-up
}

// Origin is everything about an engine that could change the result of a run. A run never
// replaces one of another origin.
type Origin struct {
	Environment *result.InstalledEnvironment `json:"environment,omitempty"` // nil if unknown
	Command     []string                     `json:"command,omitempty"`     // of a lab's own engine, or its arguments
	Program     string                       `json:"program,omitempty"`     // hash of the started program
	Variables   map[string]string            `json:"variables,omitempty"`   // besides the set's
	Model       string                       `json:"model,omitempty"`       // hash of the model's files
	StandIn     bool                         `json:"stand_in,omitempty"`    // random weights in the model's shape
}

// Started describes a start besides its log.
type Started struct {
	Warnings []string         // how the run differs from the one requested
	Failed   string           // why it does not count, even if its log is complete
	Refused  bool             // the engine refused its arguments, and will do so again
	Around   *result.Around   // nil for a replay
	Moments  *result.Moments  // nil for a replay
	CPUUsage *result.CPUUsage // of a set that samples the cores; nil if unknown
}

// ErrNoLog says that a run has no log, but possibly samples of the cores.
var ErrNoLog = errors.New("no start-up log was recorded")

// An UnfitError says that a node or an environment is unfit for a measurement: further runs
// would fail in the same way.
type UnfitError struct{ Err error }

func (e *UnfitError) Error() string { return e.Err.Error() }

// Unwrap returns Err.
func (e *UnfitError) Unwrap() error { return e.Err }

// An Engine starts and prints its log.
type Engine interface {
	// Check checks, before the first run, that the engine can measure a set on a node.
	Check(set *result.Set, node string) error
	// Origin is the origin of a run, without starting it.
	Origin(run Run) (*Origin, error)
	// Start starts the engine once and writes its log, until it has shut down or failed. A
	// failed start is no error if its log shows it. Any other failure is one, and ErrNoLog,
	// an UnfitError and a failed write.
	Start(ctx context.Context, run Run, log io.Writer) (Started, error)
}
