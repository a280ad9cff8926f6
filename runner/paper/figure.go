package paper

import (
	"maps"
	"slices"
	"strings"

	"coldstart/reports/result"
	"coldstart/runner/catalogue"
)

// experimentFigure is a figure as experiments.json has it.
type experimentFigure struct {
	Kind              string            `json:"kind"`
	Title             string            `json:"title"`
	Set               string            `json:"set"`
	Sets              map[string]string `json:"sets"` // role to set, where the roles differ in it
	Metric            result.Quantity   `json:"metric"`
	X                 string            `json:"x"`
	XLabel            string            `json:"x_label"`
	Y                 string            `json:"y"`
	Models            []string          `json:"models"`
	ExcludedFromFit   []string          `json:"excluded_from_fit"`
	LeftOutOfTraining []string          `json:"left_out_of_training"`
	Series            []string          `json:"series"`
	Steps             []result.Step     `json:"steps"`
	Nodes             map[string]string `json:"nodes"` // role to the paper's node
	Note              string            `json:"note"`
}

func (e experimentFigure) make(number string) catalogue.Figure {
	f := catalogue.Figure{Figure: result.Figure{
		Number: number, Kind: e.Kind, Title: e.Title, Metric: e.Metric,
		X: e.X, XLabel: e.XLabel, YLabel: e.Y, Models: e.Models, Series: e.Series,
		ExcludedFit: e.ExcludedFromFit, LeftOut: e.LeftOutOfTraining, Steps: e.Steps,
		Roles: slices.Sorted(maps.Keys(e.Nodes)),
	}, Sets: e.Sets, PaperNodes: e.Nodes}
	if f.Sets == nil {
		f.Sets = map[string]string{}
		for _, role := range f.Roles {
			f.Sets[role] = e.Set
		}
	}
	if len(f.Roles) > 1 {
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
