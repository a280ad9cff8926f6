package environment

import (
	"errors"
	"maps"

	"coldstart/reports/result"
)

// CheckAll tells all that a set's environments lack, and those that cannot be opened.
func CheckAll(set *result.Set, open func(*result.Configuration) (*Installed, error)) error {
	lacking, unopened := Lacks(set, open)
	faults := []error{unopened}
	for _, e := range lacking {
		faults = append(faults, e)
	}
	return errors.Join(faults...)
}

// Lacks opens every environment of a set, each once, and tells what it lacks: a
// LackError for each setting that needs a package, with all configurations that have
// it. unopened is why others could not be opened.
func Lacks(
	set *result.Set, open func(*result.Configuration) (*Installed, error),
) (lacking []*LackError, unopened error) {
	type declared struct{ release, environment string }
	opened := map[declared]*Installed{} // nil where it cannot be opened
	for i := range set.Configurations {
		c := &set.Configurations[i]
		d := declared{c.Release, c.Environment}
		installed, known := opened[d]
		if !known {
			var err error
			installed, err = open(c)
			opened[d], unopened = installed, errors.Join(unopened, err)
		}
		if installed != nil {
			lacking = gather(lacking, c.ID, installed.Lacking(variables(installed, set, c), c.Args))
		}
	}
	return lacking, unopened
}

// variables are the environment's, the set's and the configuration's; of one name the
// last wins.
func variables(i *Installed, set *result.Set, c *result.Configuration) map[string]string {
	all := map[string]string{}
	maps.Copy(all, i.Environment.Variables)
	maps.Copy(all, set.Variables)
	maps.Copy(all, c.Variables)
	return all
}

// gather adds to lacking what a configuration's environment lacks.
func gather(lacking []*LackError, configuration string, further []*LackError) []*LackError {
next:
	for _, f := range further {
		for _, e := range lacking {
			if e.same(f) {
				e.Configurations = append(e.Configurations, configuration)
				continue next
			}
		}
		f.Configurations = []string{configuration}
		lacking = append(lacking, f)
	}
	return lacking
}
