package catalogue

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"coldstart/reports/result"
	"coldstart/runner/paper"
)

// experimentSet is a measurement set as experiments.json has it.
type experimentSet struct {
	Env         map[string]string   `json:"env"`
	Environment string              `json:"environment"` // of all its configurations; empty is environment.Default
	Configs     []experimentConfigs `json:"configs"`
	PageCache   string              `json:"page_cache"`
	Note        string              `json:"note"`
}

// experimentConfigs is a model's name, or an object of a model and arguments of
// which lists are swept: all their combinations are measured. "env" are variables and
// "environment" is an environment of these configurations alone.
type experimentConfigs struct {
	model       string
	args        []sweep
	env         map[string]string
	environment string
}

type sweep struct {
	name   string
	values []string
}

// UnmarshalJSON keeps the order of the arguments, which is that of the engine's
// command line and of the sweep.
func (e *experimentConfigs) UnmarshalJSON(data []byte) error {
	if json.Unmarshal(data, &e.model) == nil {
		return nil
	}
	decoder := json.NewDecoder(strings.NewReader(string(data)))
	decoder.UseNumber()
	if _, err := decoder.Token(); err != nil {
		return err
	}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return err
		}
		if err := e.part(fmt.Sprint(name), decoder); err != nil {
			return err
		}
	}
	return nil
}

// part reads the value of one key.
func (e *experimentConfigs) part(name string, decoder *json.Decoder) error {
	var to any
	switch name {
	case "model":
		return decoder.Decode(&e.model)
	case "env":
		return decoder.Decode(&e.env)
	case "environment":
		return decoder.Decode(&e.environment)
	}
	err := decoder.Decode(&to)
	e.args = append(e.args, sweep{name: name, values: values(to)})
	return err
}

// values are those of one argument: several of a list, none but a switch of true.
func values(value any) (all []string) {
	switch value := value.(type) {
	case []any:
		for _, v := range value {
			all = append(all, fmt.Sprint(v))
		}
		return all
	case bool:
		return []string{""}
	default:
		return []string{fmt.Sprint(value)}
	}
}

// The sets that the protocol treats apart.
const (
	versionsSet = "versions"
	cpuUsageSet = "cpu-usage"
)

func (e experimentSet) make(name string) result.Set {
	set := result.Set{
		Name: name, Variables: e.Env, DropPageCache: e.PageCache != "",
		SampleCPU: name == cpuUsageSet, Releases: name == versionsSet,
	}
	if set.SampleCPU || set.Releases {
		set.Iterations = 1
	}
	for _, c := range e.Configs {
		if set.Releases {
			set.Configurations = append(set.Configurations, releases(c.model)...)
			continue
		}
		for _, args := range combinations(c.args) {
			made := configuration(c.model, args)
			made.Variables, made.Environment = c.env, cmp.Or(c.environment, e.Environment)
			set.Configurations = append(set.Configurations, made)
		}
	}
	return set
}

// releases is one configuration a release of the engine.
func releases(model string) (all []result.Configuration) {
	for _, r := range paper.Releases() {
		all = append(all, result.Configuration{
			ID: model + "_vllm-" + r.Version, Model: model, Release: r.Version, Released: r.Released,
		})
	}
	return all
}

// combinations are all choices of one value an argument, the last argument's
// varying fastest.
func combinations(sweeps []sweep) [][]result.Arg {
	all := [][]result.Arg{nil}
	for _, s := range sweeps {
		var longer [][]result.Arg
		for _, args := range all {
			for _, value := range s.values {
				longer = append(longer, append(slices.Clip(args), result.Arg{Name: s.name, Value: value}))
			}
		}
		all = longer
	}
	return all
}

// Arguments that mean more than themselves.
const (
	cudaGraphSizes = "cuda-graph-sizes"
	loadFormat     = "load-format"
	tensorizer     = "tensorizer"
)

// defaultSizes is how many batch sizes vLLM 0.10.1.1 captures graphs for unless told
// otherwise: 1, 2, 4 and the multiples of 8 up to 256, as the recorded logs list them.
// (The paper's predictor reckons with 67.)
const defaultSizes = 35

func configuration(model string, args []result.Arg) result.Configuration {
	c := result.Configuration{ID: identify(model, args), Model: model, Args: args, BatchSizes: defaultSizes}
	for _, arg := range args {
		switch {
		case arg.Name == cudaGraphSizes:
			c.BatchSizes = capturedSizes(arg.Value)
		case arg.Name == loadFormat && arg.Value == tensorizer:
			c.Directory = TensorizedFolder(model)
		}
	}
	return c
}

// TensorizedFolder is the folder of a model's copy that vLLM's tensorizer wrote.
func TensorizedFolder(model string) string { return model + "-tensorized" }

// Tensorized are the models that a set measures such a copy of, in its order.
func Tensorized() (keys []string) {
	for _, name := range slices.Sorted(maps.Keys(Sets())) {
		for _, c := range Sets()[name].Configurations {
			if c.Directory == TensorizedFolder(c.Model) && !slices.Contains(keys, c.Model) {
				keys = append(keys, c.Model)
			}
		}
	}
	return keys
}

// capturedSizes is how many batch sizes vLLM captures graphs for: those listed,
// or, up to one largest n, 1, 2, 4 and the multiples of 8.
func capturedSizes(value string) int {
	sizes := strings.Fields(value)
	if len(sizes) > 1 {
		return len(sizes)
	}
	n, err := strconv.Atoi(value)
	if err != nil {
		panic(fmt.Errorf("catalogue: %s: %w", cudaGraphSizes, err))
	}
	return 3 + n/8
}

// identify names a configuration for files and tables. A list of values is
// named by its ends.
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
	return strings.Join(words, "_")
}
