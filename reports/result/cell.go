package result

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"coldstart/reports/hardware"
	"coldstart/reports/phase"
	"coldstart/reports/segment"
)

// CellResult is the result of measuring one cell: the content of cell.json.
type CellResult struct {
	Schema   int             `json:"schema"`
	Session  string          `json:"session"`
	Engine   string          `json:"engine"`
	Cell     Cell            `json:"cell"`
	Attempt  int             `json:"attempt,omitempty"` // of the workflow run, from 1 on; absent outside a workflow
	Program  string          `json:"program,omitempty"` // version of the coldstart that measured; absent in a replay
	Finished time.Time       `json:"finished,omitzero"` // absent in a replay
	Probed   *hardware.Probe `json:"probed,omitempty"`  // the node's hardware; absent if another machine made the runs
	Runs     []Run           `json:"runs,omitempty"`    // in the order measured
	CPUUsage string          `json:"cpu_usage,omitempty"`
	// Environments are the Python environments of the runs, if the engine has any.
	Environments []InstalledEnvironment `json:"environments,omitempty"`
	// Setups are the engine's setups, each once; Run.Setup points to them.
	Setups []phase.Setup `json:"setups,omitempty"`
	// Models are those of which the node's files state facts that the plan does not.
	Models []Model `json:"models,omitempty"`
	Error  string  `json:"error,omitempty"` // why there are no runs, or not all

	// Usage is the content of the file CPUUsage, as far as a chart can show it.
	Usage *CPUUsage `json:"-"`
}

// Run is one start of the engine under one configuration.
type Run struct {
	Iteration     int            `json:"iteration"`     // 0 is the warm-up
	Configuration string         `json:"configuration"` // its ID in the cell's set
	Log           string         `json:"log"`           // path below the cell's directory
	Release       string         `json:"release,omitempty"`
	WeightsGiB    float64        `json:"weights_gib,omitempty"` // on the GPU
	Seconds       phase.Times    `json:"seconds"`
	Counters      phase.Counters `json:"counters,omitzero"`
	// Segments of the time to ready, and first_token if the run was served. A run that did
	// not come up, or whose log has no stamps, has none.
	Segments    segment.Times     `json:"segments,omitempty"`
	Parts       segment.PartTimes `json:"parts,omitempty"`         // of segments
	TimeToReady float64           `json:"time_to_ready,omitempty"` // seconds; the sum of the segments up to ready
	Failed      string            `json:"failed,omitempty"`        // why the run does not count
	StandIn     bool              `json:"stand_in,omitempty"`      // the model had random weights
	Environment int               `json:"environment,omitempty"`   // number in Environments, from 1 on; 0: not known
	Setup       int               `json:"setup,omitempty"`         // number in Setups, from 1 on; 0: not known
	Warnings    []string          `json:"warnings,omitempty"`
	Around      *Around           `json:"around,omitempty"` // absent if the run is from another machine
	Moments     *Moments          `json:"moments,omitempty"`

	Findings []phase.Finding  `json:"findings,omitempty"` // of its log
	Ranks    []phase.RankPart `json:"ranks,omitempty"`    // what ranks did side by side, if several told their times
}

// NewRun makes a run from its log.
func NewRun(iteration int, configuration string, log phase.Log) Run {
	run := Run{
		Iteration: iteration, Configuration: configuration, Log: log.Name,
		Release: log.Release, WeightsGiB: log.Weights, Counters: log.Counters, Seconds: log.Times,
		Segments: log.Segments.Times(), Parts: log.Segments.PartTimes(), TimeToReady: log.TimeToReady,
		Warnings: log.Warnings, Findings: log.Findings, Ranks: log.RankParts,
	}
	if err := log.Err(); err != nil {
		run.Failed = err.Error()
	}
	return run
}

// Counts tells whether averages include a run: the engine came up, and the run was
// not the warm-up.
func (r *Run) Counts() bool { return r.Iteration > 0 && r.Failed == "" }

// CountedRuns are a configuration's runs that count.
func (c *CellResult) CountedRuns(configuration string) (runs []*Run) {
	for i := range c.Runs {
		if run := &c.Runs[i]; run.Configuration == configuration && run.Counts() {
			runs = append(runs, run)
		}
	}
	return runs
}

// Counted are the phases of a configuration's runs that count.
func (c *CellResult) Counted(configuration string) (times []phase.Times) {
	for _, run := range c.CountedRuns(configuration) {
		times = append(times, run.Seconds)
	}
	return times
}

// warnings are those of all runs. Of warnings that differ only in numbers, such as the ID of a
// process, it has the first, with the number of the others.
func (c *CellResult) warnings() (all []string) {
	alike := map[string]map[string]bool{} // by the words without numbers
	var firsts []string
	for i := range c.Runs {
		for _, w := range c.Runs[i].Warnings {
			words := withoutNumbers(w)
			if alike[words] == nil {
				alike[words], firsts = map[string]bool{}, append(firsts, w)
			}
			alike[words][w] = true
		}
	}
	for _, first := range firsts {
		if more := len(alike[withoutNumbers(first)]) - 1; more > 0 {
			first += fmt.Sprintf(" (and %d more like it)", more)
		}
		all = append(all, first)
	}
	return all
}

// withoutNumbers is a text with 0 for each number that is a word by itself. Numbers in a name,
// such as qwen-0.5b, are kept.
func withoutNumbers(text string) string {
	words := strings.Fields(text)
	for i, w := range words {
		if isNumber.MatchString(w) {
			words[i] = "0"
		}
	}
	return strings.Join(words, " ")
}

var isNumber = regexp.MustCompile(`^[0-9]+([.,][0-9]+)*$`)

// Iterations is how many iterations of a configuration were made, failed ones included
// and the warm-up not.
func (c *CellResult) Iterations(configuration string) (n int) {
	for i := range c.Runs {
		if run := &c.Runs[i]; run.Configuration == configuration {
			n = max(n, run.Iteration)
		}
	}
	return n
}

// KeepSetup adds a setup that is not there yet, and returns its number for Run.Setup.
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

// SetupOf is the engine's setup in a run of the cell; nil if it is not known.
func (c *CellResult) SetupOf(run *Run) *phase.Setup { return pointed(c.Setups, run.Setup) }

// EnvironmentOf is the environment of a run of the cell; nil if it is not known.
func (c *CellResult) EnvironmentOf(run *Run) *InstalledEnvironment {
	return pointed(c.Environments, run.Environment)
}

// pointed is the entry with a number from 1 on; nil for any other number.
func pointed[T any](all []T, number int) *T {
	if number < 1 || number > len(all) {
		return nil
	}
	return &all[number-1]
}

// Results are a plan and the results of its cells.
type Results struct {
	Plan  Plan
	Cells map[string]*CellResult // by cell id; an absent one was not measured

	// Stamped says when found logs were written, if they have time stamps. It is empty
	// for a session, which has a date.
	Stamped string

	// Provenance says where the numbers come from, and Warnings what is odd about
	// them, one sentence each.
	Provenance, Warnings []string

	// Against are those of the plan's other side; nil if there is one side.
	Against *Results

	warned map[string]bool // Warnings
}

// Stamp sets when found logs were written.
func (r *Results) Stamp(stamps phase.Stamps) {
	r.Stamped = "without time stamps"
	if text := stamps.String(); text != "" {
		r.Stamped = "stamped " + text + ", year unknown"
	}
}

// Cell is the result with a cell's runs: its own, or that of the cell whose runs it
// shares. It is nil if neither was measured.
func (r *Results) Cell(id string) *CellResult {
	if own := r.Cells[id]; own != nil {
		return own
	}
	if cell := r.Plan.Cell(id); cell != nil {
		return r.Cells[cell.Shares]
	}
	return nil
}

// Probed is the first probe of a node's cells; nil if none has a probe.
func (r *Results) Probed(node string) *hardware.Probe {
	for _, planned := range r.Plan.Cells {
		if cell := r.Cells[planned.ID]; cell != nil && planned.Node == node && cell.Probed != nil {
			return cell.Probed
		}
	}
	return nil
}

// Description is a node as found, or else as hardware-matrix.yaml declares it.
func (r *Results) Description(node string) hardware.Description {
	if probed := r.Probed(node); probed != nil {
		return probed
	}
	if declared := r.Plan.Node(node); declared != nil {
		return declared.Declared
	}
	return hardware.Hardware{}
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

// Runs is how many starts of the engine cells take on all sides, warm-ups included: at most,
// where a rule stops them. A cell that shares another's runs takes none.
func (p *Plan) Runs(cells ...Cell) (runs int) {
	if p.Against != nil {
		runs = p.Against.Runs(cells...)
	}
	for _, cell := range cells {
		if set := p.Set(cell.Set); set != nil && cell.Shares == "" {
			runs += p.starts(set) * len(set.Configurations)
		}
	}
	return runs
}

// starts is how often each of a set's configurations is started. The paper's authors recorded
// no warm-up of the releases, and of CPU usage only the samples.
func (p *Plan) starts(set *Set) int {
	counted := set.CountedIterations(p.MostIterations())
	replayed := !p.Origin().Measured()
	switch {
	case replayed && set.SampleCPU:
		return 0
	case replayed && set.Releases:
		return counted
	}
	return 1 + counted
}

// CountedIterations is how many runs of each configuration count.
func (s *Set) CountedIterations(planned int) int {
	if s.Iterations > 0 {
		return min(s.Iterations, planned)
	}
	return planned
}
