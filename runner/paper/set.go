package paper

import (
	"cmp"
	"encoding/json"
	"errors"
	"strings"

	"coldstart/reports/result"
	"coldstart/runner/catalogue"
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

func (e *experimentConfigs) entry() *catalogue.Entry {
	entry := &catalogue.Entry{Model: e.model, Variables: e.env, Environment: e.environment}
	if e.argument != "" {
		entry.Swept = []catalogue.Sweep{{Argument: e.argument, Values: e.values}}
	}
	return entry
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
		for _, made := range c.entry().Configurations() {
			made.Environment = cmp.Or(made.Environment, e.Environment)
			made.BatchSizes = cmp.Or(made.BatchSizes, defaultSizes)
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

// defaultSizes is how many batch sizes vLLM 0.10.1.1 captures graphs for unless told
// otherwise: 1, 2, 4 and the multiples of 8 up to 256, as the recorded logs list them.
// (The paper's predictor reckons with 67.)
const defaultSizes = 35
