package environment

import (
	_ "embed" // the data file
	"fmt"
	"slices"
	"sync"

	"github.com/goccy/go-yaml"
)

//go:embed catalogue.yaml
var catalogueYAML []byte

// Catalogue is the environments of catalogue.yaml, in its order.
func Catalogue() List { return slices.Clone(load()) }

// load reads the catalogue once. It is part of the program: an error in it is a bug.
var load = sync.OnceValue(func() (list List) {
	var order yaml.MapSlice
	var byName map[string]Environment
	for _, to := range []any{&order, &byName} {
		if err := yaml.UnmarshalWithOptions(catalogueYAML, to, yaml.Strict()); err != nil {
			panic(fmt.Errorf("environment: catalogue.yaml: %w", err))
		}
	}
	for _, item := range order {
		e := byName[fmt.Sprint(item.Key)]
		e.Name = fmt.Sprint(item.Key)
		list = append(list, e)
	}
	return list
})
