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
	"coldstart/runner/revision"
)

// Environment declares a Python environment: one to make, by its Python, or an existing
// one, by its Interpreter.
type Environment struct {
	Name string `json:"name" yaml:"-"`
	// Python is the release to make it with, such as "3.11" or "3.11.7".
	Python string `json:"python,omitempty" yaml:"python,omitempty"`
	// Interpreter is the program of an existing Python, such as "/usr/bin/python3".
	// coldstart installs nothing in it.
	Interpreter string `json:"interpreter,omitempty" yaml:"interpreter,omitempty"`
	// Packages are requirements, such as "vllm==0.10.1.1".
	Packages []string `json:"packages" yaml:"packages"`
	// NoDeps are installed after the packages, without their requirements.
	NoDeps []string `json:"no_deps,omitempty" yaml:"no_deps,omitempty"`
	// Overrides are versions that win over the packages' requirements.
	Overrides []string `json:"overrides,omitempty" yaml:"overrides,omitempty"`
	// Source is a directory that is built and installed, from the top of the repository, such
	// as ".", as it is in Commit.
	Source string `json:"source,omitempty" yaml:"source,omitempty"`
	// BuildVariables are set while the source is built.
	BuildVariables map[string]string `json:"build_variables,omitempty" yaml:"build_variables,omitempty"`
	// Commit of the repository is known to the lab.
	Commit revision.Commit `json:"commit,omitempty" yaml:"-"`
	// Repository that has the source.
	Repository revision.Repository `json:"-" yaml:"-"`
	// Index is the URL of the package index; empty for uv's own setting.
	Index string `json:"index,omitempty" yaml:"index,omitempty"`
	// Check is Python code that must succeed before the environment is complete.
	Check string `json:"check,omitempty" yaml:"check,omitempty"`
	// Variables are set in every process that runs in it.
	Variables map[string]string `json:"variables,omitempty" yaml:"variables,omitempty"`
}

// Default is the environment of most figures: the paper's release of vLLM. WithFlashInfer
// is that of the others but figure 1.
const (
	Default        = "vllm-0.10.1.1"
	WithFlashInfer = "vllm-0.10.1.1-flashinfer"
)

// Of names the environment of a configuration: that of its vLLM release in figure 1, or its
// own, or Default.
func Of(c *result.Configuration) string {
	if c.Release != "" {
		return "vllm-" + c.Release
	}
	return cmp.Or(c.Environment, Default)
}

// List is environments in the order of their declaration.
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

// With adds environments to the list, and replaces those of the same name.
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

// key names the environment in a store: its name, and a hash of its declaration without
// the variables. Those that lead an existing Python to its packages are hashed too.
func (e Environment) key() string {
	e.Variables = e.Leading()
	if e.Interpreter == "" {
		e.Variables = nil
	}
	text, err := json.Marshal(e)
	if err != nil {
		panic(err) // strings can always be encoded
	}
	sum := sha256.Sum256(text)
	return e.Name + "-" + hex.EncodeToString(sum[:4])
}

var (
	fitName     = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)
	fitRelease  = regexp.MustCompile(`^3\.[0-9]{1,2}(\.[0-9]{1,2})?$`)
	fitVariable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
)

// The errors of the Check functions follow the name of the part that they check.

// CheckName checks the name of an environment, which also names its folder.
func CheckName(text string) error {
	if !fitName.MatchString(text) {
		return errors.New("use letters, digits, dots, underscores and hyphens, a letter or digit first, 64 at most")
	}
	return nil
}

// CheckPython checks a release of Python.
func CheckPython(text string) error {
	if !fitRelease.MatchString(text) {
		return fmt.Errorf("must be a release of Python 3, such as 3.11 or 3.11.7, not %q", text)
	}
	return nil
}

// CheckInterpreter checks the path of an existing Python, which may be on another machine.
func CheckInterpreter(text string) error {
	if !filepath.IsAbs(text) {
		return fmt.Errorf("must be the absolute path of an existing Python, such as /usr/bin/python3, not %q", text)
	}
	return nil
}

// CheckSource checks a directory of the repository.
func CheckSource(text string) error {
	if !filepath.IsLocal(text) {
		return fmt.Errorf("must be a directory of this repository, such as ., not %q", text)
	}
	return nil
}

// CheckVariable checks the name of a variable.
func CheckVariable(text string) error {
	if !fitVariable.MatchString(text) {
		return fmt.Errorf("%q is not a variable's name; use letters, digits and underscores, and no digit first", text)
	}
	return nil
}

// CheckIndex checks the URL of a package index.
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

var errCredentials = errors.New("must not contain credentials, which results would publish; " +
	"set them in .netrc or in the settings of uv, pip and git")

// hasSecret tells whether a URL has credentials. A user's name, which ssh needs, is none.
func hasSecret(u *url.URL) bool {
	_, password := u.User.Password()
	return password || u.User != nil && !strings.Contains(u.Scheme, "ssh")
}
