package environment

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Variables are those of a process that runs in the environment: the caller's
// own, less what would lead Python elsewhere, then the environment's, then
// further ones. Each stands there once, of a name that comes twice the last.
func (i *Installed) Variables(further map[string]string) []string {
	own := map[string]string{"PATH": filepath.Dir(i.Python()) + string(os.PathListSeparator) + os.Getenv("PATH")}
	if i.Environment.Interpreter == "" {
		own["VIRTUAL_ENV"] = i.venv()
	}
	maps.Copy(own, i.Environment.Variables)
	maps.Copy(own, further)
	return with(own)
}

// Leading are the environment's variables that lead Python to its packages; the others
// are the engine's alone, and may be nobody else's to see.
func (e *Environment) Leading() map[string]string {
	own := maps.Clone(e.Variables)
	maps.DeleteFunc(own, func(name, _ string) bool { return !slices.Contains(leading, name) })
	return own
}

// leading are variables by which Python, uv and pip are led to packages or
// settings of other environments.
var leading = []string{
	"PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONUSERBASE", "VIRTUAL_ENV", "CONDA_PREFIX",
	"UV_PROJECT_ENVIRONMENT", "PIP_TARGET", "PIP_PREFIX", "PIP_USER",
}

// with is this process's variables with others, and without the leading ones and all
// of Python's own: under PYTHONDONTWRITEBYTECODE, which a caller has by chance, every
// start would compile its modules anew. Packages of the user's own site directory stay
// out as well.
func with(own map[string]string) []string {
	all := []string{"PYTHONNOUSERSITE=1"}
	for _, setting := range os.Environ() {
		name, _, _ := strings.Cut(setting, "=")
		if _, replaced := own[name]; !replaced && !strings.HasPrefix(name, "PYTHON") && !slices.Contains(leading, name) {
			all = append(all, setting)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(own)) {
		all = append(all, name+"="+own[name])
	}
	return all
}
