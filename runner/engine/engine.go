// Package engine is what a measurement starts: something that prints a start-up
// log. vLLM is one; a lab's own command is another, and so is the replay of the
// paper's recorded runs.
//
//	engine prints → measure keeps → phase reads → result holds → …
package engine

import (
	"context"
	"errors"
	"io"

	"coldstart/reports/result"
)

// Run is one start that is asked of an engine.
type Run struct {
	Set           *result.Set
	Configuration *result.Configuration
	Node          string
	GPU           *int
	Iteration     int // 0 is the warm-up
}

// Origin is all on the engine's side that could change the result of a run. Runs
// of different origins never stand for each other.
type Origin struct {
	Environment *result.InstalledEnvironment `json:"environment,omitempty"` // nil where the engine runs in none that is known
	Command     []string                     `json:"command,omitempty"`     // of a lab's own engine
	Program     string                       `json:"program,omitempty"`     // hash of what is started
	Variables   map[string]string            `json:"variables,omitempty"`   // besides the set's
	Model       string                       `json:"model,omitempty"`       // hash of the model's files
	StandIn     bool                         `json:"stand_in,omitempty"`    // the model has its shape, and random weights
}

// Started is what there is to say of a start besides its log.
type Started struct {
	Warnings []string         // what about the run is not as it was asked for
	Failed   string           // why it does not count, whatever its log says
	Around   *result.Around   // nil where the measurements are another machine's
	CPUUsage *result.CPUUsage // of a set that samples the cores; nil where that is not known
}

// ErrNoLog says that of a run only the samples of the cores are to be had.
var ErrNoLog = errors.New("no start-up log was recorded")

// An UnfitError says that a node or an environment is not, or no longer, fit for
// a measurement: further runs would end the same way.
type UnfitError struct{ Err error }

func (e *UnfitError) Error() string { return e.Err.Error() }

// Unwrap is what is wrong.
func (e *UnfitError) Unwrap() error { return e.Err }

// An Engine starts and prints its log.
type Engine interface {
	// Check tells whether the engine can measure a set on a node at all, before
	// the first run of it.
	Check(set *result.Set, node string) error
	// Origin tells what a run would be started from.
	Origin(run Run) (*Origin, error)
	// Start starts the engine once and writes its log, until it is up and has
	// shut down again, or has failed. An engine that fails is no error: its log
	// tells. ErrNoLog, an UnfitError and a failed write are.
	Start(ctx context.Context, run Run, log io.Writer) (Started, error)
}
