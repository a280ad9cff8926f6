package plan

import (
	"encoding/json"
	"fmt"
	"slices"

	"coldstart/reports/result"
	"coldstart/runner/catalogue"
)

// CheckSets refuses a plan whose sets are not those of this node's own catalogue, the
// program's with what its lab's file adds, of which it may have fewer configurations. A plan
// arrives as a file, and its sets say what a node starts, with which arguments and variables.
func CheckSets(p *result.Plan, all catalogue.Catalogue) error {
	for _, set := range p.Sets {
		own, found := all.Set(set.Name)
		if !found {
			return fmt.Errorf("the plan has a set %q, which neither this program nor hardware-matrix.yaml knows", set.Name)
		}
		for _, c := range set.Configurations {
			if !slices.ContainsFunc(own.Configurations, func(o result.Configuration) bool { return same(o, c) }) {
				return fmt.Errorf("set %s of the plan has a configuration %q that is not this program's", set.Name, c.ID)
			}
		}
		set.Configurations, own.Configurations = nil, nil
		if own.Start == result.EngineOnly {
			own.Start = set.Start // a request's
		}
		if !same(set, own) {
			return fmt.Errorf("set %s of the plan is not this program's: its variables, or when it drops the page cache "+
				"or samples the cores, differ", set.Name)
		}
	}
	return nil
}

// same tells whether two values are the same JSON. A value that was read from a file may
// have an empty list or map where this program's has none.
func same[T any](a, b T) bool {
	x, err1 := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err1 == nil && err2 == nil && string(x) == string(y)
}
