package plan

import (
	"fmt"
	"slices"
	"strings"

	"coldstart/reports/result"
	"coldstart/runner/models"
	"coldstart/runner/paper"
)

// sets are the measurement sets of the catalogue, with the configurations of only the
// selected models.
func (s Selection) sets() (map[string]result.Set, error) {
	sets := paper.Sets()
	if len(s.Models) == 0 {
		return sets, nil
	}
	for _, key := range s.Models {
		if _, err := paper.Model(key); err != nil {
			return nil, err
		}
	}
	selected := map[string]result.Set{}
	for name, set := range sets {
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
func withConfigurations(placed []placement, sets map[string]result.Set) (left []placement, notes []string) {
	for _, p := range placed {
		empty := ""
		for _, role := range p.roles {
			if set := p.figure.Sets[role.Name]; len(sets[set].Configurations) == 0 {
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
