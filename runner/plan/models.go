package plan

import (
	"fmt"
	"slices"
	"strings"

	"coldstart/reports/result"
	"coldstart/runner/catalogue"
	"coldstart/runner/models"
	"coldstart/runner/paper"
)

// sets are measurement sets by name.
type sets map[string]result.Set

func setsOf(all catalogue.Catalogue) sets {
	byName := sets{}
	for _, set := range all.Sets {
		byName[set.Name] = set
	}
	return byName
}

// sets are the measurement sets of the catalogue, with the configurations of only the
// selected models.
func (s Selection) sets(all catalogue.Catalogue) (sets, error) {
	selected := setsOf(all)
	if len(s.Models) == 0 {
		return selected, nil
	}
	for _, key := range s.Models {
		if _, err := all.Model(key); err != nil {
			return nil, err
		}
	}
	for name, set := range selected {
		var chosen []result.Configuration
		for _, c := range set.Configurations {
			if slices.Contains(s.Models, c.Model) {
				chosen = append(chosen, c)
			}
		}
		set.Configurations = chosen
		selected[name] = set
	}
	return selected, nil
}

// modelsOf are the models that a set measures, each once.
func modelsOf(set result.Set) (keys []string) {
	for _, c := range set.Configurations {
		if !slices.Contains(keys, c.Model) {
			keys = append(keys, c.Model)
		}
	}
	return keys
}

// withConfigurations are the figures whose sets have something left to measure. Notes name
// the others.
func (s sets) withConfigurations(placed []placement) (left []placement, notes []string) {
	for _, p := range placed {
		empty := ""
		for _, role := range p.roles {
			if set := p.figure.Sets[role.Name]; len(s[set].Configurations) == 0 {
				empty = set
			}
		}
		if empty == "" {
			left = append(left, p)
			continue
		}
		notes = append(notes, fmt.Sprintf("figure %s is left out: its measurement set %s has none of the selected models",
			p.figure.Number, empty))
	}
	return left, notes
}

// recorded are the figures that a session can have runs of: all that it measures, and of the
// recorded runs the paper's. Notes name the others.
func (s *Session) recorded(placed []placement) (left []placement, notes []string) {
	if (result.Origin{Engine: s.Engine}).Measured() {
		return placed, nil
	}
	for _, p := range placed {
		own := ""
		for _, role := range p.roles {
			if set := p.figure.Sets[role.Name]; paper.Sets()[set].Name == "" {
				own = set
			}
		}
		if own == "" {
			left = append(left, p)
			continue
		}
		notes = append(notes, fmt.Sprintf("figure %s is left out: the paper has no runs of its measurement set %s; "+
			"measure it, such as with --engine vllm", p.figure.Number, own))
	}
	return left, notes
}

// Folder is a model's folder that cells need.
type Folder struct {
	Name  string        // in the directory of models
	Model *result.Model // whose it is; the folder of a copy has another name
}

// Folders are the models' folders that the cells of a plan on a node need, by name;
// those of all cells where no node is named.
func Folders(p *result.Plan, node string) (folders []Folder) {
	for _, cell := range p.Cells {
		set := p.Set(cell.Set)
		if set == nil || node != "" && cell.Node != node {
			continue
		}
		for i := range set.Configurations {
			c := &set.Configurations[i]
			if f := (Folder{models.Folder(c), p.Model(c.Model)}); !slices.Contains(folders, f) {
				folders = append(folders, f)
			}
		}
	}
	slices.SortFunc(folders, func(a, b Folder) int { return strings.Compare(a.Name, b.Name) })
	return folders
}
