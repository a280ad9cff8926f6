package paper

import (
	_ "embed" // the experiments
	"maps"
	"slices"
	"strconv"
	"sync"

	"coldstart/reports/result"
	"coldstart/runner/catalogue"
)

//go:embed models.csv
var modelsCSV []byte

//go:embed experiments.json
var experimentsJSON []byte

// experiments is the form of experiments.json.
type experiments struct {
	ModelNames map[string]string           `json:"model_names"`
	Sets       map[string]experimentSet    `json:"sets"`
	Figures    map[string]experimentFigure `json:"figures"`
}

var loadExperiments = sync.OnceValue(func() (e experiments) {
	mustDecode("experiments.json", experimentsJSON, &e)
	return e
})

// Catalogue is all that the paper measured and drew.
func Catalogue() catalogue.Catalogue {
	all := catalogue.Catalogue{Models: Models(), Figures: Figures()}
	for _, name := range slices.Sorted(maps.Keys(Sets())) {
		all.Sets = append(all.Sets, Sets()[name])
	}
	return all
}

// Figures are all figures in numeric order.
var Figures = sync.OnceValue(func() (all []catalogue.Figure) {
	e := loadExperiments()
	for _, number := range slices.SortedFunc(maps.Keys(e.Figures), byNumber) {
		all = append(all, e.Figures[number].make(number))
	}
	return all
})

func byNumber(a, b string) int {
	x, _ := strconv.Atoi(a)
	y, _ := strconv.Atoi(b)
	return x - y
}

// Sets are the measurement sets by name.
var Sets = sync.OnceValue(func() map[string]result.Set {
	all := map[string]result.Set{}
	for name, set := range loadExperiments().Sets {
		all[name] = set.make(name)
	}
	return all
})

// Models are the paper's models.
var Models = sync.OnceValue(func() (all []result.Model) {
	labels := loadExperiments().ModelNames
	for _, row := range table(modelsCSV) {
		key := row["model"]
		all = append(all, result.Model{
			Key: key, Label: labels[key], Repository: row["hub_repository"], SizeB: row.number("size_b"),
			TokenizerMB: row.number("tokenizer_mb"), CompiledGraphKB: row.number("compiled_graph_kb"),
			WeightsGiB: row.number("weights_gib"), Layers: int(row.number("layers")),
		})
	}
	return all
})

// RestSet is the measurement set that most figures need, and that the paper predicts from.
const RestSet = "models"

// Rest are the numbers of the figures that RestSet serves; the paper's artifact calls them so.
func Rest() (numbers []string) {
	for _, f := range Figures() {
		if f.Sets[""] == RestSet {
			numbers = append(numbers, f.Number)
		}
	}
	return numbers
}
