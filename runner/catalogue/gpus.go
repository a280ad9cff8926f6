package catalogue

import (
	"fmt"
	"strconv"
	"strings"

	"coldstart/reports/result"
)

// parallel are the engine arguments whose product is how many GPUs an engine needs.
var parallel = []string{"tensor-parallel-size", "pipeline-parallel-size", "data-parallel-size"}

// NeededGPUs is how many GPUs of one node a configuration needs, and the arguments that say
// so; 1 and none if none does.
func NeededGPUs(c *result.Configuration) (n int, because string) {
	n = 1
	var words []string
	for _, arg := range c.Args {
		name := strings.ReplaceAll(arg.Name, "_", "-")
		size, err := strconv.Atoi(arg.Value)
		for _, known := range parallel {
			if name == known && err == nil && size > 1 && size <= result.MostGPUs {
				n *= size
				words = append(words, name+" "+arg.Value)
			}
		}
	}
	return n, strings.Join(words, ", ")
}

// CheckGPUs checks that a configuration needs no more GPUs than it may use; none given is as
// many as it wants.
func CheckGPUs(c *result.Configuration, of result.GPUs) error {
	n, because := NeededGPUs(c)
	if may := len(of.Indices()); may > 0 && n > may {
		return fmt.Errorf("%s needs %d GPUs (%s), but may use only %v", c.ID, n, because, of)
	}
	return nil
}
