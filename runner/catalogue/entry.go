package catalogue

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"coldstart/reports/result"
)

// Entry is a model in a measurement set, with its engine arguments.
type Entry struct {
	Model       string
	Folder      string            `json:",omitempty"` // of the model's files, if it is not named like the key
	Fixed       []result.Arg      `json:",omitempty"` // of every configuration
	Swept       []Sweep           `json:",omitempty"` // each combination of their values makes a configuration
	Variables   map[string]string `json:",omitempty"`
	Environment string            `json:",omitempty"` // empty is the usual one
	GPU         result.GPUs       `json:",omitempty"` // instead of those of the cell
}

// Sweep is an engine argument that differs between configurations.
type Sweep struct {
	Argument string
	Values   []string // a switch has an empty one
}

// Configurations are one for each combination of the swept values. They are named after the
// model and those.
func (e *Entry) Configurations() (all []result.Configuration) {
	for _, args := range combinations(e.Swept) {
		all = append(all, e.configuration(args))
	}
	return all
}

// combinations are all choices of one value of each sweep; the last sweep changes fastest.
func combinations(sweeps []Sweep) [][]result.Arg {
	all := [][]result.Arg{nil}
	for _, sweep := range sweeps {
		var longer [][]result.Arg
		for _, args := range all {
			for _, value := range sweep.Values {
				longer = append(longer, append(slices.Clone(args), result.Arg{Name: sweep.Argument, Value: value}))
			}
		}
		all = longer
	}
	return all
}

// Arguments that a configuration has further facts of.
const (
	cudaGraphSizes        = "cuda-graph-sizes"
	cudaGraphCaptureSizes = "cudagraph-capture-sizes" // its name in later releases
	loadFormat            = "load-format"
	tensorizer            = "tensorizer"
)

func (e *Entry) configuration(swept []result.Arg) result.Configuration {
	c := result.Configuration{
		ID: identify(e.Model, swept), Model: e.Model, Directory: e.Folder, Args: slices.Concat(e.Fixed, swept),
		Variables: e.Variables, Environment: e.Environment, GPU: e.GPU,
	}
	for _, arg := range c.Args {
		switch {
		case arg.Name == cudaGraphSizes:
			c.BatchSizes = capturedSizes(arg.Value)
		case arg.Name == cudaGraphCaptureSizes:
			c.BatchSizes = len(strings.Fields(arg.Value))
		case arg.Name == loadFormat && arg.Value == tensorizer:
			c.Directory = TensorizedFolder(cmp.Or(e.Folder, e.Model))
		}
	}
	return c
}

// TensorizedFolder is the folder of the copy that vLLM's tensorizer wrote of a model's folder.
func TensorizedFolder(folder string) string { return folder + "-tensorized" }

// Tensorized are the models of which a set measures such a copy, in the order of the sets.
func (c Catalogue) Tensorized() (keys []string) {
	for _, set := range c.Sets {
		for _, one := range set.Configurations {
			if strings.HasSuffix(one.Directory, TensorizedFolder("")) && !slices.Contains(keys, one.Model) {
				keys = append(keys, one.Model)
			}
		}
	}
	return keys
}

// capturedSizes is how many batch sizes vLLM captures graphs for: those listed, or, up to
// a largest n, 1, 2, 4 and the multiples of 8.
func capturedSizes(value string) int {
	if sizes := strings.Fields(value); len(sizes) > 1 {
		return len(sizes)
	}
	n, _ := strconv.Atoi(value)
	return 3 + n/8
}

// identify names a configuration for files and tables. Of a list of values the name has
// the first and the last. What a file name should not have is left out, as of JSON.
func identify(model string, args []result.Arg) string {
	words := []string{model}
	for _, arg := range args {
		words = append(words, arg.Name)
		if values := strings.Fields(arg.Value); len(values) > 1 {
			words = append(words, values[0]+".."+values[len(values)-1])
		} else if len(values) == 1 {
			words = append(words, values[0])
		}
	}
	return strings.Trim(unfit.ReplaceAllString(strings.Join(words, "_"), "-"), "-")
}

var unfit = regexp.MustCompile(`[^A-Za-z0-9._+=-]+`)
