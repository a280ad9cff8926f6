package environment

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"coldstart/reports/result"
)

// Environment declares a Python environment: one that is made, of Python, or one
// that is there already, of Interpreter.
type Environment struct {
	Name string `json:"name" yaml:"-"`
	// Python is the release to make it with, such as "3.11"; a patch release may be given.
	Python string `json:"python,omitempty" yaml:"python,omitempty"`
	// Interpreter is the program of a Python that is there, such as "/usr/bin/python3".
	// Nothing is installed in it.
	Interpreter string `json:"interpreter,omitempty" yaml:"interpreter,omitempty"`
	// Packages are requirements, such as "vllm==0.10.1.1".
	Packages []string `json:"packages" yaml:"packages"`
	// NoDeps are installed after the packages, without what they require.
	NoDeps []string `json:"no_deps,omitempty" yaml:"no_deps,omitempty"`
	// Overrides hold whatever a package requires.
	Overrides []string `json:"overrides,omitempty" yaml:"overrides,omitempty"`
	// Index is the URL of the package index; empty for the one that uv is set up with.
	Index string `json:"index,omitempty" yaml:"index,omitempty"`
	// Check is Python that must run before the environment counts as whole.
	Check string `json:"check,omitempty" yaml:"check,omitempty"`
	// Variables are of every process that runs in it.
	Variables map[string]string `json:"variables,omitempty" yaml:"variables,omitempty"`
}

// Default is the environment of most figures but the first: the paper's release of
// vLLM with what it was run with. WithFlashInfer is that of the others.
const (
	Default        = "vllm-0.10.1.1"
	WithFlashInfer = "vllm-0.10.1.1-flashinfer"
)

// OfRelease names the environment of a vLLM release of figure 1.
func OfRelease(release string) string { return "vllm-" + release }

// Of names the environment that a configuration is measured in: that of its release of
// vLLM in figure 1, or else its own, or else Default.
func Of(c *result.Configuration) string {
	if c.Release != "" {
		return OfRelease(c.Release)
	}
	return cmp.Or(c.Environment, Default)
}

// List is environments in the order in which they were declared.
type List []Environment

// Find finds an environment by its name.
func (l List) Find(name string) (Environment, bool) {
	i := slices.IndexFunc(l, func(e Environment) bool { return e.Name == name })
	if i < 0 {
		return Environment{}, false
	}
	return l[i], true
}

// Names are the environments' names, in order.
func (l List) Names() []string {
	names := make([]string, len(l))
	for i, e := range l {
		names[i] = e.Name
	}
	return names
}

// With is the list with further environments; one of the same name is replaced.
func (l List) With(further ...Environment) List {
	all := slices.Clone(l)
	for _, e := range further {
		if i := slices.Index(all.Names(), e.Name); i >= 0 {
			all[i] = e
		} else {
			all = append(all, e)
		}
	}
	return all
}

// requirements are all that the environment declares to be installed.
func (e Environment) requirements() []string {
	return slices.Concat(e.Packages, e.NoDeps, e.Overrides)
}

// key names the environment among those of a store: its name and a hash of what
// its declaration installs. Variables are not part of it, they are of the process;
// but those that lead a Python that is there to its packages say which it has.
func (e Environment) key() string {
	e.Variables = e.Leading()
	if e.Interpreter == "" {
		e.Variables = nil
	}
	text, err := json.Marshal(e)
	if err != nil {
		panic(err) // strings always can be
	}
	sum := sha256.Sum256(text)
	return e.Name + "-" + hex.EncodeToString(sum[:4])
}

var (
	fitName     = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)
	fitRelease  = regexp.MustCompile(`^3\.[0-9]{1,2}(\.[0-9]{1,2})?$`)
	fitVariable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
)

// The Check functions tell what is wrong with a part of a declaration, in words
// that go behind the part's own name.

// CheckName judges the name of an environment, which becomes a folder's.
func CheckName(text string) error {
	if !fitName.MatchString(text) {
		return errors.New("use letters, digits, dots, underscores and hyphens, a letter or digit first, 64 at most")
	}
	return nil
}

// CheckPython judges a release of Python.
func CheckPython(text string) error {
	if !fitRelease.MatchString(text) {
		return fmt.Errorf("must be a release of Python 3, such as 3.11 or 3.11.7, not %q", text)
	}
	return nil
}

// CheckInterpreter judges the program of a Python that is there. Whether it is, is
// asked where it is measured.
func CheckInterpreter(text string) error {
	if !filepath.IsAbs(text) {
		return fmt.Errorf("must be the absolute path of a Python that is there, such as /usr/bin/python3, not %q", text)
	}
	return nil
}

// CheckVariable judges the name of a variable.
func CheckVariable(text string) error {
	if !fitVariable.MatchString(text) {
		return fmt.Errorf("%q cannot name a variable; use letters, digits and underscores, no digit first", text)
	}
	return nil
}

// CheckIndex judges the URL of a package index. Credentials would get into
// results with it.
func CheckIndex(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || !slices.Contains([]string{"https", "http", "file"}, u.Scheme) || u.Host+u.Path == "":
		return fmt.Errorf("must be the URL of a package index, such as https://HOST/simple, not %q", text)
	case hasSecret(u):
		return errCredentials
	}
	return nil
}

var errCredentials = errors.New("must not hold credentials, which would be kept with results; " +
	"give them to uv, pip and git by .netrc or their own settings")

// hasSecret tells whether a URL holds more than the user's name, which ssh wants.
func hasSecret(u *url.URL) bool {
	_, password := u.User.Password()
	return password || u.User != nil && !strings.Contains(u.Scheme, "ssh")
}

// check judges the whole declaration.
func (e Environment) check() error {
	faults := []error{CheckName(e.Name)}
	switch {
	case e.Interpreter == "":
		faults = append(faults, CheckPython(e.Python))
	case e.Python != "" || e.Index != "" || len(e.NoDeps)+len(e.Overrides) > 0:
		faults = append(faults, errors.New("nothing is installed where interpreter names a Python that is there: "+
			"take python, no_deps, overrides and index out"))
	default:
		faults = append(faults, CheckInterpreter(e.Interpreter))
	}
	if e.Index != "" {
		faults = append(faults, CheckIndex(e.Index))
	}
	for _, text := range e.requirements() {
		_, err := ParseRequirement(text)
		faults = append(faults, err)
	}
	for text := range e.Variables {
		faults = append(faults, CheckVariable(text))
	}
	if i := slices.IndexFunc(faults, func(err error) bool { return err != nil }); i >= 0 {
		return fmt.Errorf("environment %s: %w", e.Name, faults[i])
	}
	if len(e.Packages) == 0 {
		return fmt.Errorf("environment %s: no packages", e.Name)
	}
	return nil
}

// samePython tells whether a full release, such as 3.11.7, is what was declared.
func samePython(declared, full string) bool {
	return full == declared || strings.HasPrefix(full, declared+".")
}
