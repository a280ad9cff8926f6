package result

import (
	"fmt"
	"time"

	"coldstart/reports/hardware"
	"coldstart/reports/phase"
)

// Schema is the version of the format of plan.json and cell.json. Readers refuse any
// other.
const Schema = 1

// Plan is what a session measures and draws. The reports know the lab only from it.
type Plan struct {
	Schema      int       `json:"schema"`
	Session     string    `json:"session"`               // name of the session; runs of different sessions never mix
	Date        time.Time `json:"date"`                  // of the session; zero for Logs, whose stamps have no year
	Engine      string    `json:"engine"`                // "vllm", one of the lab's own, Replay or Logs
	Environment string    `json:"environment,omitempty"` // of the engine, if one was asked for by name
	Iterations  int       `json:"iterations"`            // counted iterations, without the warm-up; with Stop, the fewest
	Stop        *Stop     `json:"stop,omitempty"`        // when to stop, if not after Iterations
	Nodes       []Node    `json:"nodes"`
	Models      []Model   `json:"models"`
	Sets        []Set     `json:"sets"`
	Figures     []Figure  `json:"figures"`
	Cells       []Cell    `json:"cells"`
	Commit      string    `json:"commit,omitempty"` // of the repository, if the plan is one side of a change
	// Against is the plan of the other side, whose cells are measured in turns with those of
	// this one: the same cells, in a session of its own. It is absent if there is one side.
	Against *Plan `json:"against,omitempty"`
}

// InTurns makes b the plan that is measured in turns with a. Its session is named after that
// of a.
func InTurns(a, b *Plan) {
	b.Session, b.Date, a.Against = a.Session+"-b", a.Date, b
}

// Untouched says that a plan of two sides has nothing to measure, and what has changed code
// measured.
func (p *Plan) Untouched() string {
	const short = 12 // digits of a commit
	return fmt.Sprintf("Nothing that is measured differs between %.*s and %.*s; nothing was started. Changed code is "+
		"measured if the node's environment in hardware-matrix.yaml is built from it, with the key source.",
		short, p.Commit, short, p.Against.Commit)
}

// Alone is the plan without the other side.
func (p *Plan) Alone() *Plan {
	alone := *p
	alone.Against = nil
	return &alone
}

// Stop is the rule that ends the measuring of a configuration, after Most counted
// iterations at the latest. It is one of two. Sets with a fixed number of iterations ignore
// it.
type Stop struct {
	// Within, such as 0.05: when the 95 % interval of every phase's mean lies within that
	// share of the mean.
	Within float64 `json:"within,omitempty"`
	// Slower, such as 0.05, of two plans that are measured in turns: when it is settled
	// whether one is slower than the other, or differs by less than that share.
	Slower float64 `json:"slower,omitempty"`
	Most   int     `json:"most"`
}

// MeasuredBy names the engine, and its environment if one was asked for by name.
func (p *Plan) MeasuredBy() string {
	if p.Environment == "" {
		return "engine " + p.Engine
	}
	return "engine " + p.Engine + " in environment " + p.Environment
}

// MostIterations is the largest possible number of counted iterations.
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

// Model has the facts of a model that the figures need. An unknown fact is zero.
type Model struct {
	Key             string  `json:"key"`   // such as "qwen-0.5b"
	Label           string  `json:"label"` // such as "Qwen-0.5B"
	Repository      string  `json:"repository"`
	Folder          string  `json:"folder,omitempty"`            // of its files, if it is not named like the key
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
	Start          Start             `json:"start,omitempty"`           // until when the engine is started
	Iterations     int               `json:"iterations,omitempty"`      // counted ones, if the set fixes their number
	Releases       bool              `json:"releases,omitempty"`        // one environment per release of the engine
}

// Configuration is one model with its engine arguments.
type Configuration struct {
	ID        string `json:"id"`                  // unique in its set and fit for a file name
	Model     string `json:"model"`               // key
	Directory string `json:"directory,omitempty"` // of the model's files, if it is not named like the key
	Args      []Arg  `json:"args,omitempty"`      // in the order given to the engine
	// Variables are of the engine's environment, in addition to the set's.
	Variables map[string]string `json:"variables,omitempty"`
	// Environment names the Python environment, if it is not the usual one.
	Environment string `json:"environment,omitempty"`
	GPU         GPUs   `json:"gpu,omitempty"`         // of the node, instead of the cell's
	BatchSizes  int    `json:"batch_sizes,omitempty"` // number of sizes that CUDA graphs are captured for
	Release     string `json:"release,omitempty"`     // of the engine, if the set has several
	Released    string `json:"released,omitempty"`    // month of that release, such as "Feb 24"
}

// Arg is one engine argument, --Name Value; without a value it is a switch.
type Arg struct {
	Name  string `json:"name"` // without dashes, such as "max-model-len"
	Value string `json:"value,omitempty"`
}

// Figure is one figure on the nodes it is measured on.
type Figure struct {
	Number      string            `json:"figure"` // the paper's, or the name of one of the lab's own
	Name        string            `json:"name"`   // of its files: "figure7", or "figure7-n2" if not on the default node; "figure-loaders"
	Kind        string            `json:"kind"`
	Title       string            `json:"title"`
	Metric      Quantity          `json:"metric,omitempty"` // of a bar
	X           string            `json:"x,omitempty"`      // a fact of a model, such as "size_b", "batch_sizes", or an engine argument
	XLabel      string            `json:"x_label,omitempty"`
	YLabel      string            `json:"y_label,omitempty"`
	Models      []string          `json:"models,omitempty"`               // keys, in the order of the paper
	Series      []string          `json:"series,omitempty"`               // kind groups: values of By
	By          string            `json:"by,omitempty"`                   // kind groups: engine argument; empty is load-format
	Steps       []Step            `json:"steps,omitempty"`                // kinds stack and ratio
	ExcludedFit []string          `json:"excluded_from_fit,omitempty"`    // kind trend: keys drawn but not fitted
	LeftOut     []string          `json:"left_out_of_training,omitempty"` // kind prediction
	Roles       []string          `json:"roles"`                          // in order; [""] for a figure without roles
	Nodes       map[string]string `json:"nodes"`                          // role to node
	Cells       map[string]string `json:"cells"`                          // role to cell id
}

// Step is a phase that a figure shows as a part of the start-up.
type Step struct {
	Phase    phase.Phase `json:"phase"`
	Label    string      `json:"label"`
	Resource string      `json:"resource,omitempty"` // "CPU" or "GPU": which one dominates it
}

// Cell is one figure on one node in one role, or a node's hardware. It is one job of
// the grid.
type Cell struct {
	ID     string `json:"id"`               // stable: "figure10-gpu1-n2", "hardware-n1"
	Figure string `json:"figure,omitempty"` // number or name; empty for a hardware cell
	Role   string `json:"role,omitempty"`
	Node   string `json:"node"`
	GPU    GPUs   `json:"gpu,omitempty"`    // of the node, if the lab gives any for the role or the node
	Set    string `json:"set,omitempty"`    // name of the measurement set
	Shares string `json:"shares,omitempty"` // id of an earlier cell with the same set, node and GPU
	// Declared is what hardware-matrix.yaml says of the engine and its environments, by name,
	// without secrets. It is absent if there is one side.
	Declared map[string]string `json:"declared,omitempty"`
}
