// Package catalogue is the form of what can be measured and drawn: models, measurement sets
// and figures. The paper's are one catalogue (package paper), and hardware-matrix.yaml adds
// a lab's own to it (package matrix).
//
//	entries ──Configurations──▶ sets ──▶ figures over them
package catalogue

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"coldstart/reports/result"
)

// Catalogue is what can be measured and drawn.
type Catalogue struct {
	Models  []result.Model `json:",omitempty"`
	Sets    []result.Set   `json:",omitempty"`
	Figures []Figure       `json:",omitempty"` // in the order of a report
	// Entries have the arguments and variables that models have in every set, by key.
	Entries map[string]Entry `json:",omitempty"`
}

// Figure is a figure that is not placed on nodes yet.
type Figure struct {
	result.Figure                   // a plan adds Name, Nodes and Cells
	Sets          map[string]string // measurement set by role
	PaperNodes    map[string]string `json:",omitempty"` // node that the paper measured on, by role
}

// Published tells whether the figure is one of the paper's.
func (f *Figure) Published() bool { return f.PaperNodes != nil }

// With is the catalogue with further entries after its own.
func (c Catalogue) With(more Catalogue) Catalogue {
	entries := maps.Clone(c.Entries)
	if entries == nil {
		entries = map[string]Entry{}
	}
	maps.Copy(entries, more.Entries)
	return Catalogue{
		Entries: entries,
		Models:  slices.Concat(c.Models, more.Models),
		Sets:    slices.Concat(c.Sets, more.Sets),
		Figures: slices.Concat(c.Figures, more.Figures),
	}
}

// Model finds a model by its key. The error lists the keys.
func (c Catalogue) Model(key string) (result.Model, error) {
	for _, m := range c.Models {
		if m.Key == key {
			return m, nil
		}
	}
	return result.Model{}, fmt.Errorf("the catalogue has no model %q; it has %s", key, strings.Join(c.Keys(), ", "))
}

// Entry is a model in a set that says nothing more of it.
func (c Catalogue) Entry(m result.Model) Entry {
	entry := c.Entries[m.Key]
	entry.Model, entry.Folder = m.Key, m.Folder
	return entry
}

// Set finds a measurement set by its name.
func (c Catalogue) Set(name string) (set result.Set, found bool) {
	i := slices.IndexFunc(c.Sets, func(s result.Set) bool { return s.Name == name })
	if i < 0 {
		return result.Set{}, false
	}
	return c.Sets[i], true
}

// Figure finds a figure by its number, or by the name of one of a lab's own.
func (c Catalogue) Figure(number string) (f Figure, found bool) {
	i := slices.IndexFunc(c.Figures, func(f Figure) bool { return f.Number == number })
	if i < 0 {
		return Figure{}, false
	}
	return c.Figures[i], true
}

// StepsOf are the steps of figures of a kind, as the first figure of it has them, for a lab's
// own one: its labels do not name sections of the paper.
func (c Catalogue) StepsOf(kind string) (steps []result.Step) {
	i := slices.IndexFunc(c.Figures, func(f Figure) bool { return f.Kind == kind })
	if i < 0 {
		return nil
	}
	for _, step := range c.Figures[i].Steps {
		step.Label, _, _ = strings.Cut(step.Label, " (§")
		steps = append(steps, step)
	}
	return steps
}

// Keys are the models' keys, in their order.
func (c Catalogue) Keys() (keys []string) {
	for _, m := range c.Models {
		keys = append(keys, m.Key)
	}
	return keys
}

// SetNames are the names of the sets, in their order.
func (c Catalogue) SetNames() (names []string) {
	for _, s := range c.Sets {
		names = append(names, s.Name)
	}
	return names
}

// Numbers are the figures' numbers and names, in their order.
func (c Catalogue) Numbers() (numbers []string) {
	for _, f := range c.Figures {
		numbers = append(numbers, f.Number)
	}
	return numbers
}
