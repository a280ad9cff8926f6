// Package catalogue knows the experiments: models, measurement sets and
// figures. They are the paper's.
//
// It stands before the plan: the lab's matrix says where a figure runs, the
// catalogue what it is and what it needs measured.
package catalogue

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"coldstart/reports/result"
	"coldstart/runner/paper"
)

// Figure is a figure of the catalogue, not yet on any nodes.
type Figure struct {
	result.Figure                   // Nodes, Cells and Name are the plan's to fill in
	Sets          map[string]string // role to measurement set
	PaperNodes    map[string]string // role to the node that the paper measured on
}

// Figures are all figures in numeric order.
func Figures() []Figure { return load().figures }

// Sets are the measurement sets by name.
func Sets() map[string]result.Set { return load().sets }

// Models are all models with their labels.
func Models() []result.Model { return load().models }

// Keys are the models' keys, in the catalogue's order.
func Keys() (keys []string) {
	for _, m := range Models() {
		keys = append(keys, m.Key)
	}
	return keys
}

// Model is the one of a key. The error names those that there are.
func Model(key string) (result.Model, error) {
	for _, m := range Models() {
		if m.Key == key {
			return m, nil
		}
	}
	return result.Model{}, fmt.Errorf("the catalogue has no model %q; it has %s", key, strings.Join(Keys(), ", "))
}

// Roles are the roles of every figure, by number; nil for a figure without.
func Roles() map[string][]string {
	roles := map[string][]string{}
	for _, f := range Figures() {
		if f.Roles[0] == "" {
			roles[f.Number] = nil
		} else {
			roles[f.Number] = f.Roles
		}
	}
	return roles
}

// Rest are the figures that the paper's artifact calls so: those that the set
// "models" serves.
func Rest() (numbers []string) {
	for _, f := range Figures() {
		if f.Sets[""] == "models" {
			numbers = append(numbers, f.Number)
		}
	}
	return numbers
}

type contents struct {
	models  []result.Model
	sets    map[string]result.Set
	figures []Figure
}

// experiments is the form of experiments.json.
type experiments struct {
	ModelNames map[string]string           `json:"model_names"`
	Sets       map[string]experimentSet    `json:"sets"`
	Figures    map[string]experimentFigure `json:"figures"`
}

// load reads the catalogue once. What it reads is part of the program, so that
// whatever does not fit is a bug and panics.
var load = sync.OnceValue(func() contents {
	var e experiments
	decoder := json.NewDecoder(bytes.NewReader(paper.Experiments()))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&e); err != nil {
		panic(fmt.Errorf("catalogue: experiments.json: %w", err))
	}
	c := contents{sets: map[string]result.Set{}}
	for _, m := range paper.Models() {
		m.Label = e.ModelNames[m.Key]
		c.models = append(c.models, m)
	}
	for name, set := range e.Sets {
		c.sets[name] = set.make(name)
	}
	numbers := slices.SortedFunc(maps.Keys(e.Figures), byNumber)
	for _, number := range numbers {
		c.figures = append(c.figures, e.Figures[number].make(number))
	}
	return c
})

func byNumber(a, b string) int {
	x, _ := strconv.Atoi(a)
	y, _ := strconv.Atoi(b)
	return x - y
}
