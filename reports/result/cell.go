package result

import (
	"slices"
	"time"

	"coldstart/reports/hardware"
	"coldstart/reports/phase"
)

// CellResult is what one cell's measurement left: the content of cell.json.
type CellResult struct {
	Schema   int             `json:"schema"`
	Session  string          `json:"session"`
	Engine   string          `json:"engine"`
	Cell     Cell            `json:"cell"`
	Attempt  int             `json:"attempt,omitempty"` // of the workflow's run, from 1 on; absent outside a workflow
	Finished time.Time       `json:"finished,omitzero"` // absent where the engine replays
	Probed   *hardware.Probe `json:"probed,omitempty"`  // what the node turned out to be; absent where the engine's measurements are another machine's
	Runs     []Run           `json:"runs,omitempty"`    // in the order measured
	CPUUsage string          `json:"cpu_usage,omitempty"`
	// Environments are the Python environments that the runs were measured in; none
	// where the engine runs in none.
	Environments []InstalledEnvironment `json:"environments,omitempty"`
	// Setups are how the engine was set up, each once; Run.Setup points to them.
	Setups []phase.Setup `json:"setups,omitempty"`
	Error  string        `json:"error,omitempty"` // why there are no runs, or not all

	// Usage is what the file CPUUsage holds, once read.
	Usage *CPUUsage `json:"-"`
}

// Run is one start of the engine under one configuration.
type Run struct {
	Iteration     int         `json:"iteration"`     // 0 is the warm-up
	Configuration string      `json:"configuration"` // its ID in the cell's set
	Log           string      `json:"log"`           // path below the cell's directory
	Release       string      `json:"release,omitempty"`
	WeightsGiB    float64     `json:"weights_gib,omitempty"` // on the GPU
	Seconds       phase.Times `json:"seconds"`
	Failed        string      `json:"failed,omitempty"`      // why the start-up does not count
	StandIn       bool        `json:"stand_in,omitempty"`    // the model was one of its shape with random weights
	Environment   int         `json:"environment,omitempty"` // which of the cell's Environments, from 1 on; 0: not known
	Setup         int         `json:"setup,omitempty"`       // which of the cell's Setups, from 1 on; 0: not told
	Warnings      []string    `json:"warnings,omitempty"`
	Around        *Around     `json:"around,omitempty"` // absent where the engine's measurements are another machine's
}

// NewRun is a run as its log tells of it.
func NewRun(iteration int, configuration string, log phase.Log) Run {
	run := Run{
		Iteration: iteration, Configuration: configuration, Log: log.Name,
		Release: log.Release, WeightsGiB: log.Weights, Seconds: log.Times, Warnings: log.Warnings,
	}
	if err := log.Err(); err != nil {
		run.Failed = err.Error()
	}
	return run
}

// Counts tells whether a run is averaged in: the engine came up, and it was no
// warm-up.
func (r *Run) Counts() bool { return r.Iteration > 0 && r.Failed == "" }

// Counted are the phases of the runs of a configuration that count.
func (c *CellResult) Counted(configuration string) (runs []phase.Times) {
	for i := range c.Runs {
		if run := &c.Runs[i]; run.Configuration == configuration && run.Counts() {
			runs = append(runs, run.Seconds)
		}
	}
	return runs
}

// Iterations are how many of a configuration were made, the warm-up left out:
// whether they came up or not.
func (c *CellResult) Iterations(configuration string) (n int) {
	for i := range c.Runs {
		if run := &c.Runs[i]; run.Configuration == configuration {
			n = max(n, run.Iteration)
		}
	}
	return n
}

// KeepSetup takes in a setup that is not there yet, and returns what Run.Setup is of
// it.
func (c *CellResult) KeepSetup(s *phase.Setup) int {
	if *s == (phase.Setup{}) {
		return 0
	}
	i := slices.Index(c.Setups, *s)
	if i < 0 {
		i, c.Setups = len(c.Setups), append(c.Setups, *s)
	}
	return i + 1
}

// SetupOf is how the engine of a run of the cell was set up; nil where its log does not
// tell.
func (c *CellResult) SetupOf(run *Run) *phase.Setup { return pointed(c.Setups, run.Setup) }

// EnvironmentOf is the environment of a run of the cell; nil where that is not known.
func (c *CellResult) EnvironmentOf(run *Run) *InstalledEnvironment {
	return pointed(c.Environments, run.Environment)
}

// pointed is the entry that a number from 1 on points to; nil for any other number.
func pointed[T any](all []T, number int) *T {
	if number < 1 || number > len(all) {
		return nil
	}
	return &all[number-1]
}

// Results are a plan and what its cells left.
type Results struct {
	Plan  Plan
	Cells map[string]*CellResult // by cell id; an absent one was not measured

	// Stamped says when logs that were found were written, as far as they tell; empty
	// for a session, which has a date.
	Stamped string

	// Provenance says where the numbers came from, a sentence each, and Warnings
	// what was odd about them.
	Provenance, Warnings []string
}

// Warn adds the warnings that are not there yet: runs of one kind often have one in
// common.
func (r *Results) Warn(warnings ...string) {
	for _, w := range warnings {
		if !slices.Contains(r.Warnings, w) {
			r.Warnings = append(r.Warnings, w)
		}
	}
}

// Cell is the result that holds a cell's runs: its own, or that of the cell
// whose runs it shares. It is nil if neither was measured.
func (r *Results) Cell(id string) *CellResult {
	if own := r.Cells[id]; own != nil {
		return own
	}
	if cell := r.Plan.Cell(id); cell != nil {
		return r.Cells[cell.Shares]
	}
	return nil
}

// Probed is what the first of a node's cells with a probe found. It is nil if no cell
// has a probe.
func (r *Results) Probed(node string) *hardware.Probe {
	for _, planned := range r.Plan.Cells {
		if cell := r.Cells[planned.ID]; cell != nil && planned.Node == node && cell.Probed != nil {
			return cell.Probed
		}
	}
	return nil
}

// Set finds a measurement set of the plan by its name; nil if there is none.
func (p *Plan) Set(name string) *Set {
	return find(p.Sets, func(s *Set) bool { return s.Name == name })
}

// Cell finds a cell of the plan by its id; nil if there is none.
func (p *Plan) Cell(id string) *Cell {
	return find(p.Cells, func(c *Cell) bool { return c.ID == id })
}

// Node finds a node of the plan by its name; nil if there is none.
func (p *Plan) Node(name string) *Node {
	return find(p.Nodes, func(n *Node) bool { return n.Name == name })
}

// Model finds a model of the plan by its key; nil if there is none.
func (p *Plan) Model(key string) *Model {
	return find(p.Models, func(m *Model) bool { return m.Key == key })
}

func find[T any](all []T, wanted func(*T) bool) *T {
	for i := range all {
		if wanted(&all[i]) {
			return &all[i]
		}
	}
	return nil
}

// Runs is how many starts of the engine the set takes, warm-ups included.
func (s *Set) Runs(planned int) int {
	return (1 + s.CountedIterations(planned)) * len(s.Configurations)
}

// CountedIterations is how many runs of each of the set's configurations count.
func (s *Set) CountedIterations(planned int) int {
	if s.Iterations > 0 {
		return min(s.Iterations, planned)
	}
	return planned
}
