package environment

import (
	"errors"
	"maps"
	"slices"

	"coldstart/reports/result"
)

// A Lack is what an environment lacks and a start in it needs: a *LackError or a
// *CompilerError.
type Lack interface {
	error
	Lack() string   // what is missing, and for what
	Remedy() string // how to get it
}

// Checker checks whether sets can be measured in their environments, before anything starts.
type Checker struct {
	// Open opens the environment that a configuration is measured in.
	Open func(*result.Configuration) (*Installed, error)
	// Variables are those of every start. They win over the environments'.
	Variables map[string]string

	opened   map[string]opened // environments, by name
	releases map[string]string // of CUDA, by the path of its nvcc
}

// opened is an environment, or why it cannot be opened.
type opened struct {
	installed *Installed
	err       error
}

// Check returns an error for each thing that a set's environments lack, and for each
// environment that cannot be opened.
func (c *Checker) Check(set *result.Set) error {
	lacks, unopened := c.Lacks(set)
	faults := []error{unopened}
	for _, e := range lacks {
		faults = append(faults, e)
	}
	return errors.Join(faults...)
}

// Starts calls look with the variables, NAME=value, of each start of a set whose environment can
// be opened.
func (c *Checker) Starts(set *result.Set, look func(variables []string)) {
	c.each(set, func(in *Installed, of *result.Configuration) { look(in.Variables(c.variables(in, set, of))) })
}

// Lacks returns a LackError for each setting that needs a missing package, with all
// configurations that have the setting; a CompilerError for each environment that lacks its
// compiler; and the errors of environments that cannot be opened.
func (c *Checker) Lacks(set *result.Set) (lacks []Lack, unopened error) {
	var packages []*LackError
	var compilers []*CompilerError
	unopened = c.each(set, func(in *Installed, of *result.Configuration) {
		variables := c.variables(in, set, of)
		for _, e := range in.lacking(variables, of.Args) {
			at := slices.IndexFunc(packages, e.same)
			if at < 0 {
				at, packages = len(packages), append(packages, e)
			}
			packages[at].Configurations = append(packages[at].Configurations, of.ID)
		}
		if e := c.compiler(in, variables); e != nil && !slices.ContainsFunc(compilers, e.same) {
			compilers = append(compilers, e)
		}
	})
	for _, e := range packages {
		lacks = append(lacks, e)
	}
	for _, e := range compilers {
		lacks = append(lacks, e)
	}
	return lacks, unopened
}

// each looks at every configuration of a set in its environment, if that can be opened. It
// returns the error of each that cannot, once.
func (c *Checker) each(set *result.Set, look func(*Installed, *result.Configuration)) (unopened error) {
	told := map[string]bool{} // environments, by name
	for i := range set.Configurations {
		of := &set.Configurations[i]
		switch in, err := c.open(of); {
		case in != nil:
			look(in, of)
		case !told[Of(of)]:
			told[Of(of)], unopened = true, errors.Join(unopened, err)
		}
	}
	return unopened
}

// open opens the environment of a configuration. Each environment is opened once.
func (c *Checker) open(of *result.Configuration) (*Installed, error) {
	known, tried := c.opened[Of(of)]
	if !tried {
		known.installed, known.err = c.Open(of)
		if c.opened == nil {
			c.opened = map[string]opened{}
		}
		c.opened[Of(of)] = known
	}
	return known.installed, known.err
}

// variables are the environment's, those of every start, the set's and the configuration's;
// the last one of a name wins.
func (c *Checker) variables(in *Installed, set *result.Set, of *result.Configuration) map[string]string {
	all := map[string]string{}
	maps.Copy(all, in.Environment.Variables)
	maps.Copy(all, c.Variables)
	maps.Copy(all, set.Variables)
	maps.Copy(all, of.Variables)
	return all
}
