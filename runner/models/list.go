package models

import (
	"errors"
	"slices"

	"coldstart/reports/result"
	"coldstart/runner/catalogue"
)

// Listed is a model of the catalogue, or a copy of one.
type Listed struct {
	Key        string  `json:"key"`
	Repository string  `json:"repository,omitempty"` // empty for a copy
	CopyOf     string  `json:"copy_of,omitempty"`    // model that vLLM's tensorizer copies
	WeightsGiB float64 `json:"weights_gib,omitempty"`
	// State is "original", "stand-in", "absent", or what is missing; empty if no directory
	// is known.
	State    string   `json:"state,omitempty"`
	Makeable bool     `json:"makeable"`
	Figures  []string `json:"figures"`
}

// List is the models of a catalogue, each followed by its copy if a figure needs one.
// dir may be empty.
func List(dir string, known catalogue.Catalogue) (all []Listed) {
	makeable, tensorized := Makeable(), known.Tensorized()
	for _, m := range known.Models {
		in := func(key, folder string) Listed {
			return Listed{
				Key: key, WeightsGiB: m.WeightsGiB, State: state(dir, folder),
				Makeable: slices.Contains(makeable, m.Key), Figures: figuresOf(folder, known),
			}
		}
		original := in(m.Key, FolderOf(&m))
		original.Repository = m.Repository
		all = append(all, original)
		if slices.Contains(tensorized, m.Key) {
			folder := catalogue.TensorizedFolder(FolderOf(&m))
			copied := in(folder, folder)
			copied.CopyOf = m.Key
			all = append(all, copied)
		}
	}
	return all
}

func state(dir, folder string) string {
	if dir == "" {
		return ""
	}
	var missing *MissingError
	switch err := Check(dir, folder); {
	case errors.As(err, &missing):
		return "absent"
	case err != nil:
		return err.Error()
	case IsStandIn(dir, folder):
		return "stand-in"
	}
	return "original"
}

// figuresOf are the figures whose sets measure the model in a folder.
func figuresOf(folder string, known catalogue.Catalogue) (numbers []string) {
	isIt := func(c result.Configuration) bool { return Folder(&c) == folder }
	for _, f := range known.Figures {
		for _, role := range f.Roles {
			set, _ := known.Set(f.Sets[role])
			measures := slices.ContainsFunc(set.Configurations, isIt)
			if measures && !slices.Contains(numbers, f.Number) {
				numbers = append(numbers, f.Number)
			}
		}
	}
	return numbers
}
