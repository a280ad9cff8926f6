package result

import (
	"time"

	"coldstart/reports/hardware"
	"coldstart/reports/phase"
)

// Schema is the version of the format of plan.json and cell.json. A reader
// refuses any other.
const Schema = 1

// Plan is what a session is to measure and draw. It tells the reports all that
// they need to know of the lab.
type Plan struct {
	Schema      int       `json:"schema"`
	Session     string    `json:"session"`               // names the measuring session; runs of different sessions never mix
	Date        time.Time `json:"date"`                  // of that session; zero for Logs, which bear no year
	Engine      string    `json:"engine"`                // "vllm", one of the lab's own, Replay or Logs
	Environment string    `json:"environment,omitempty"` // of the engine, where one was asked for by name
	Iterations  int       `json:"iterations"`            // counted iterations, without the warm-up; with Stop, the fewest
	Stop        *Stop     `json:"stop,omitempty"`        // when to stop, where the number of iterations does not say
	Nodes       []Node    `json:"nodes"`
	Models      []Model   `json:"models"`
	Sets        []Set     `json:"sets"`
	Figures     []Figure  `json:"figures"`
	Cells       []Cell    `json:"cells"`
}

// Stop is a rule that stops measuring a configuration: once the 95 % interval of
// every phase's mean lies within a share of it, or after so many counted iterations.
// Sets that fix their iterations have no use for it.
type Stop struct {
	Within float64 `json:"within"` // such as 0.05
	Most   int     `json:"most"`
}

// MeasuredBy says what measures: the engine, and its environment where one was asked
// for by name.
func (p *Plan) MeasuredBy() string {
	if p.Environment == "" {
		return "engine " + p.Engine
	}
	return "engine " + p.Engine + " in environment " + p.Environment
}

// MostIterations is how many counted iterations there may be at most.
func (p *Plan) MostIterations() int {
	if p.Stop == nil {
		return p.Iterations
	}
	return max(p.Iterations, p.Stop.Most)
}

// Node is a machine of the lab.
type Node struct {
	Name     string            `json:"name"`
	Labels   []string          `json:"labels,omitempty"` // of its runner, besides the name
	Declared hardware.Hardware `json:"declared"`
}

// Model is what the figures need to know of a model. Absent facts are zero.
type Model struct {
	Key             string  `json:"key"`   // such as "qwen-0.5b"
	Label           string  `json:"label"` // such as "Qwen-0.5B"
	Repository      string  `json:"repository"`
	SizeB           float64 `json:"size_b,omitempty"`            // nominal parameters, billions
	TokenizerMB     float64 `json:"tokenizer_mb,omitempty"`      // tokenizer file, MB
	CompiledGraphKB float64 `json:"compiled_graph_kb,omitempty"` // torch.compile's cached graphs, KB
	WeightsGiB      float64 `json:"weights_gib,omitempty"`       // as loaded, 2^30 bytes
	Layers          int     `json:"layers,omitempty"`            // of the transformer
}

// Set is a measurement set: configurations that are measured together.
type Set struct {
	Name           string            `json:"name"`
	Variables      map[string]string `json:"variables"` // of the engine's environment
	Configurations []Configuration   `json:"configurations"`
	DropPageCache  bool              `json:"drop_page_cache,omitempty"` // before every run
	SampleCPU      bool              `json:"sample_cpu,omitempty"`      // every core, ten times a second
	Iterations     int               `json:"iterations,omitempty"`      // counted ones, where the set fixes them whatever the plan says
	Releases       bool              `json:"releases,omitempty"`        // one environment per release of the engine
}

// Configuration is one model with its engine arguments.
type Configuration struct {
	ID        string `json:"id"`                  // unique in its set and fit for a file name
	Model     string `json:"model"`               // key
	Directory string `json:"directory,omitempty"` // of the model's files, where it is not named like the key
	Args      []Arg  `json:"args,omitempty"`      // in the order given to the engine
	// Variables are of the engine's environment, besides the set's.
	Variables map[string]string `json:"variables,omitempty"`
	// Environment names the Python environment that it is measured in, where that is
	// another one than most of the paper's.
	Environment string `json:"environment,omitempty"`
	BatchSizes  int    `json:"batch_sizes,omitempty"` // how many sizes CUDA graphs are captured for
	Release     string `json:"release,omitempty"`     // of the engine, where the set has several
	Released    string `json:"released,omitempty"`    // month of that release, such as "Feb 24"
}

// Arg is one engine argument, --Name Value; an empty value is a switch.
type Arg struct {
	Name  string `json:"name"` // without dashes, such as "max-model-len"
	Value string `json:"value,omitempty"`
}

// Figure is one figure on the nodes it is measured on.
type Figure struct {
	Number      string            `json:"figure"` // the paper's
	Name        string            `json:"name"`   // file name without ending: "figure7", or "figure7-n2" away from the default node
	Kind        string            `json:"kind"`
	Title       string            `json:"title"`
	Metric      phase.Phase       `json:"metric,omitzero"` // that a bar shows
	X           string            `json:"x,omitempty"`     // "tokenizer_mb", "size_b", "compiled_graph_kb" or "batch_sizes"
	XLabel      string            `json:"x_label,omitempty"`
	YLabel      string            `json:"y_label,omitempty"`
	Models      []string          `json:"models,omitempty"`               // keys, in the order of the paper
	Series      []string          `json:"series,omitempty"`               // kind groups: load formats
	Steps       []Step            `json:"steps,omitempty"`                // kinds stack and ratio
	ExcludedFit []string          `json:"excluded_from_fit,omitempty"`    // kind trend: keys drawn but not fitted
	LeftOut     []string          `json:"left_out_of_training,omitempty"` // kind prediction
	Roles       []string          `json:"roles"`                          // in order; [""] for a figure without roles
	Nodes       map[string]string `json:"nodes"`                          // role to node
	Cells       map[string]string `json:"cells"`                          // role to cell id
}

// Step is a phase that a figure shows as one part of the start-up.
type Step struct {
	Phase    phase.Phase `json:"phase"`
	Label    string      `json:"label"`
	Resource string      `json:"resource,omitempty"` // "CPU" or "GPU": what dominates it
}

// Cell is one figure on one node in one role, or a node's hardware: the unit of
// the grid and of a job.
type Cell struct {
	ID     string `json:"id"`               // stable: "figure10-gpu1-n2", "hardware-n1"
	Figure string `json:"figure,omitempty"` // the paper's number; empty for a hardware cell
	Role   string `json:"role,omitempty"`
	Node   string `json:"node"`
	GPU    *int   `json:"gpu,omitempty"`    // index on the node, where the lab gives one for the role
	Set    string `json:"set,omitempty"`    // what to measure
	Shares string `json:"shares,omitempty"` // id of an earlier cell that measures the same set on the same node and GPU
}
