package lab

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"coldstart/reports/result"
	"coldstart/runner/models"
)

// tiny is the model that needs no download, by its key and its folder.
const tiny = "tiny"

// MakeTiny makes the tiny model in the directory of the models, by default one in the
// user's cache, unless it is there.
func (h *Host) MakeTiny() (folder string, err error) {
	if h.ModelsDir == "" {
		if h.ModelsDir, err = ownModels(); err != nil {
			return "", err
		}
	}
	folder = filepath.Join(h.ModelsDir, tiny)
	if models.Check(h.ModelsDir, tiny) == nil && models.IsStandIn(h.ModelsDir, tiny) {
		return folder, nil
	}
	return folder, models.Tiny(folder)
}

// standIn puts the tiny model into a plan. A set of several models would compare it
// with itself.
func standIn(p *result.Plan) error {
	var several []string
	for i := range p.Sets {
		set := &p.Sets[i]
		if len(set.Configurations) != 1 {
			several = append(several, set.Name)
			continue
		}
		set.Configurations = []result.Configuration{{ID: tiny, Model: tiny}}
	}
	if len(several) > 0 {
		return requestErrorf("figures", "--tiny works with figures 2 and 12, which measure a single model, "+
			"not with %s", strings.Join(several, ", "))
	}
	p.Models = []result.Model{{Key: tiny, Label: "Tiny"}}
	for i := range p.Figures {
		p.Figures[i].Title += ": a tiny model in its place"
		p.Figures[i].Models = []string{tiny}
	}
	return nil
}

// ownModels is where the tiny model is made unless another place is named.
func ownModels() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("there is no directory for models: %w; name one with --models DIR", err)
	}
	return filepath.Join(cache, "coldstart", "models"), nil
}
