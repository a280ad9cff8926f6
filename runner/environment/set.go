package environment

import (
	"errors"
	"maps"
	"slices"

	"coldstart/reports/result"
)

// CheckAll returns an error for each package that a set's environments lack, and for each
// environment that cannot be opened.
func CheckAll(set *result.Set, open func(*result.Configuration) (*Installed, error)) error {
	lacking, unopened := Lacks(set, open)
	faults := []error{unopened}
	for _, e := range lacking {
		faults = append(faults, e)
	}
	return errors.Join(faults...)
}

// Lacks opens every environment of a set once. It returns a LackError for each setting that
// needs a missing package, with all configurations that have the setting, and the errors of
// environments that cannot be opened.
func Lacks(
	set *result.Set, open func(*result.Configuration) (*Installed, error),
) (lacking []*LackError, unopened error) {
	opened := map[string]*Installed{} // by name; nil if it cannot be opened
	for i := range set.Configurations {
		c := &set.Configurations[i]
		installed, known := opened[Of(c)]
		if !known {
			var err error
			installed, err = open(c)
			opened[Of(c)], unopened = installed, errors.Join(unopened, err)
		}
		if installed == nil {
			continue
		}
		for _, e := range installed.lacking(variables(installed, set, c), c.Args) {
			at := slices.IndexFunc(lacking, e.same)
			if at < 0 {
				at, lacking = len(lacking), append(lacking, e)
			}
			lacking[at].Configurations = append(lacking[at].Configurations, c.ID)
		}
	}
	return lacking, unopened
}

// variables are the environment's, the set's and the configuration's; the last one of a
// name wins.
func variables(i *Installed, set *result.Set, c *result.Configuration) map[string]string {
	all := map[string]string{}
	maps.Copy(all, i.Environment.Variables)
	maps.Copy(all, set.Variables)
	maps.Copy(all, c.Variables)
	return all
}
