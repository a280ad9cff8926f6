package paper

import (
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"coldstart/reports/result"
)

// experimentSet is a measurement set as experiments.json has it.
type experimentSet struct {
	Env         map[string]string   `json:"env"`
	Environment string              `json:"environment"` // of all its configurations; empty is environment.Default
	Configs     []experimentConfigs `json:"configs"`
	PageCache   string              `json:"page_cache"`
	Note        string              `json:"note"`
}

// experimentConfigs is a model with one engine argument at most, of which each value makes
// a configuration: a model's name, or an object.
type experimentConfigs struct {
	model       string
	argument    string
	values      []string // of the argument; a switch has an empty one
	env         map[string]string
	environment string
}

// UnmarshalJSON takes a key that it does not know for the name of the argument.
func (e *experimentConfigs) UnmarshalJSON(data []byte) error {
	if json.Unmarshal(data, &e.model) == nil {
		return nil
	}
	var fields map[string]json.RawMessage
	err := json.Unmarshal(data, &fields)
	for name, value := range fields {
		switch name {
		case "model":
			err = errors.Join(err, json.Unmarshal(value, &e.model))
		case "env":
			err = errors.Join(err, json.Unmarshal(value, &e.env))
		case "environment":
			err = errors.Join(err, json.Unmarshal(value, &e.environment))
		default:
			e.argument, e.values = name, argumentValues(value)
		}
	}
	return err
}

// argumentValues are the values of a list, or one value; true is a switch.
func argumentValues(value json.RawMessage) (values []string) {
	var list []json.RawMessage
	if json.Unmarshal(value, &list) != nil {
		list = []json.RawMessage{value}
	}
	for _, v := range list {
		text := strings.Trim(string(v), `"`)
		if text == "true" {
			text = ""
		}
		values = append(values, text)
	}
	return values
}

// configurations are one for each value of the argument.
func (e *experimentConfigs) configurations() (all []result.Configuration) {
	if e.argument == "" {
		return []result.Configuration{e.configuration()}
	}
	for _, value := range e.values {
		all = append(all, e.configuration(result.Arg{Name: e.argument, Value: value}))
	}
	return all
}

// The sets that the protocol treats differently.
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
		for _, made := range c.configurations() {
			made.Environment = cmp.Or(made.Environment, e.Environment)
			set.Configurations = append(set.Configurations, made)
		}
	}
	return set
}

// releases are one configuration for each release of figure 1.
func releases(model string) (all []result.Configuration) {
	for _, r := range Releases() {
		all = append(all, result.Configuration{
			ID: model + "_vllm-" + r.Version, Model: model, Release: r.Version, Released: r.Released,
		})
	}
	return all
}

// Arguments that a configuration has further facts of.
const (
	cudaGraphSizes = "cuda-graph-sizes"
	loadFormat     = "load-format"
	tensorizer     = "tensorizer"
)

// defaultSizes is how many batch sizes vLLM 0.10.1.1 captures graphs for unless told
// otherwise: 1, 2, 4 and the multiples of 8 up to 256, as the recorded logs list them.
// (The paper's predictor reckons with 67.)
const defaultSizes = 35

func (e *experimentConfigs) configuration(args ...result.Arg) result.Configuration {
	c := result.Configuration{
		ID: identify(e.model, args), Model: e.model, Args: args, BatchSizes: defaultSizes,
		Variables: e.env, Environment: e.environment,
	}
	for _, arg := range args {
		switch {
		case arg.Name == cudaGraphSizes:
			c.BatchSizes = capturedSizes(arg.Value)
		case arg.Name == loadFormat && arg.Value == tensorizer:
			c.Directory = TensorizedFolder(e.model)
		}
	}
	return c
}

// TensorizedFolder is the folder of a model's copy that vLLM's tensorizer wrote.
func TensorizedFolder(model string) string { return model + "-tensorized" }

// Tensorized are the models of which a set measures such a copy, in the set's order.
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
// the first and the last.
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
