package paper

import (
	"maps"
	"slices"
	"strings"

	"coldstart/reports/phase"
	"coldstart/reports/result"
)

// Figure is a figure that is not placed on nodes yet.
type Figure struct {
	result.Figure                   // a plan adds Name, Nodes and Cells
	Sets          map[string]string // measurement set by role
	PaperNodes    map[string]string // node that the paper measured on, by role
}

// experimentFigure is a figure as experiments.json has it.
type experimentFigure struct {
	Kind              string            `json:"kind"`
	Title             string            `json:"title"`
	Set               string            `json:"set"`
	Sets              map[string]string `json:"sets"` // role to set, where the roles differ in it
	Metric            string            `json:"metric"`
	X                 string            `json:"x"`
	XLabel            string            `json:"x_label"`
	Y                 string            `json:"y"`
	Models            []string          `json:"models"`
	ExcludedFromFit   []string          `json:"excluded_from_fit"`
	LeftOutOfTraining []string          `json:"left_out_of_training"`
	Series            []string          `json:"series"`
	Steps             [][3]string       `json:"steps"` // phase, label, what dominates it
	Nodes             map[string]string `json:"nodes"` // role to the paper's node
	Note              string            `json:"note"`
}

// ratioLabels are short names of the steps on a ratio's axis.
var ratioLabels = map[string]string{
	"tokenizer_init":        "Tokenizer Init",
	"model_init":            "Model Init",
	"load_weights":          "Load Weights",
	"dynamo_transform_time": "Dynamo Transform",
	"graph_compile_cached":  "Load Compiled Graphs",
	"kv_cache_profiling":    "KV Cache Profiling",
	"graph_capturing":       "Graph Capturing",
	"actual_total_time":     "Total Time",
}

func (e experimentFigure) make(number string, ratioSteps []string) Figure {
	f := Figure{Figure: result.Figure{
		Number: number, Kind: e.Kind, Title: e.Title, Metric: e.Metric,
		X: e.X, XLabel: e.XLabel, YLabel: e.Y, Models: e.Models, Series: e.Series,
		ExcludedFit: e.ExcludedFromFit, LeftOut: e.LeftOutOfTraining,
		Roles: slices.Sorted(maps.Keys(e.Nodes)),
	}, Sets: e.Sets, PaperNodes: e.Nodes}
	if f.Sets == nil {
		f.Sets = map[string]string{}
		for _, role := range f.Roles {
			f.Sets[role] = e.Set
		}
	}
	if e.Kind == "bars" {
		f.Metric = phase.InitializeEngine.String()
	}
	for _, step := range e.Steps {
		f.Steps = append(f.Steps, result.Step{Phase: step[0], Label: step[1], Resource: step[2]})
	}
	if e.Kind == "ratio" {
		for _, step := range ratioSteps {
			f.Steps = append(f.Steps, result.Step{Phase: step, Label: ratioLabels[step]})
		}
		f.Title, f.YLabel = e.byRole(f.Title), e.byRole(f.YLabel)
	}
	return f
}

// byRole puts {role} in place of the role's node in a figure's words, so that a plan can
// name the nodes of another lab: "GPU: {gpu1} over {gpu0}".
func (e experimentFigure) byRole(words string) string {
	for role, node := range e.Nodes {
		words = strings.ReplaceAll(words, node, "{"+role+"}")
	}
	return words
}
