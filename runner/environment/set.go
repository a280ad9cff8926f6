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
func Lacks(set *result.Set, open func(*result.Configuration) (*Installed, error)) (lacking []*LackError, unopened error) {
	opened := map[string]*Installed{} // by release; nil where it cannot be opened
	for i := range set.Configurations {
		c := &set.Configurations[i]
		installed, known := opened[c.Release]
		if !known {
			var err error
			installed, err = open(c)
			opened[c.Release], unopened = installed, errors.Join(unopened, err)
		}
		if installed != nil {
			lacking = gather(lacking, c.ID, installed.Lacking(variables(installed, set), c.Args))
		}
	}
	return lacking, unopened
}

// variables are the environment's and the set's, which win.
func variables(i *Installed, set *result.Set) map[string]string {
	all := map[string]string{}
	maps.Copy(all, i.Environment.Variables)
	maps.Copy(all, set.Variables)
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
