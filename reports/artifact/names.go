package artifact

import (
	"cmp"
	"os"
	"path/filepath"
	"strings"

	"coldstart/reports/result"
)

// rest is the folder of the figures that the set "models" serves.
const rest = "figure-rest"

// findFolder finds a cell's folder, if there is one.
func findFolder(dir string, cell result.Cell) (path string, found bool) {
	names := []string{"figure-" + cell.Figure}
	if cell.Set == "models" {
		names = append(names, rest)
	}
	for _, name := range names {
		path := filepath.Join(dir, name, cell.Role)
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			return path, true
		}
	}
	return "", false
}

// findConfiguration finds the configuration of a set from a log's name:
// output_model_<directory>[_<argument>_<value>…].txt or output_<release>.txt. It is
// not exact if the name has no arguments, and the set has the model only once, with
// arguments.
func findConfiguration(set *result.Set, file string) (found *result.Configuration, exact bool) {
	name := spelled(strings.TrimSuffix(strings.TrimSuffix(file, ".gz"), ".txt"))
	var ofModel []*result.Configuration
	for i := range set.Configurations {
		c := &set.Configurations[i]
		words := []string{"output", "model", cmp.Or(c.Directory, c.Model)}
		if spelled(words...) == name {
			ofModel = append(ofModel, c)
		}
		for _, arg := range c.Args {
			words = append(words, arg.Name, arg.Value)
		}
		if set.Releases {
			words = []string{"output", c.Release}
		}
		if spelled(words...) == name {
			return c, true
		}
	}
	if len(ofModel) == 1 {
		return ofModel[0], false
	}
	return nil, false
}

// spelled joins words to a name in one spelling. The artifact has several:
// max_model_len and max-model-len, lists with spaces or underscores.
func spelled(words ...string) string {
	return strings.Trim(strings.NewReplacer("-", "_", " ", "_").Replace(strings.Join(words, "_")), "_")
}
