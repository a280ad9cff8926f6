package lab

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"coldstart/reports/result"
)

// Tiny is the model that needs no download, by its key and its folder.
const Tiny = "tiny"

// StandIn makes a plan measure the tiny model in place of the one that each of
// its sets has. A set of several models would compare it with itself.
func StandIn(p *result.Plan) error {
	var several []string
	for i := range p.Sets {
		set := &p.Sets[i]
		if len(set.Configurations) != 1 {
			several = append(several, set.Name)
			continue
		}
		set.Configurations = []result.Configuration{{ID: Tiny, Model: Tiny}}
	}
	if len(several) > 0 {
		return requestErrorf("figures", "the tiny model can stand in for one model, and not for the several of %s: choose figure 2 or 12", strings.Join(several, ", "))
	}
	p.Models = []result.Model{{Key: Tiny, Label: "Tiny"}}
	for i := range p.Figures {
		p.Figures[i].Title += ": a tiny model in its place"
		p.Figures[i].Models = []string{Tiny}
	}
	return nil
}

// ModelsDir is where the tiny model is made unless another place is named.
func ModelsDir() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("there is no place for models: %w; name one with --models DIR", err)
	}
	return filepath.Join(cache, "coldstart", "models"), nil
}
