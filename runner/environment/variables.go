package environment

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Variables are those of a process that runs in the environment: this process's, without
// those that lead Python elsewhere, then the environment's, then further. The last one of a
// name wins.
func (i *Installed) Variables(further map[string]string) []string {
	own := map[string]string{"PATH": filepath.Dir(i.Python()) + string(os.PathListSeparator) + os.Getenv("PATH")}
	if i.Environment.Interpreter == "" {
		own["VIRTUAL_ENV"] = venvOf(i.Dir)
	}
	maps.Copy(own, i.Environment.Variables)
	maps.Copy(own, further)
	return with(own)
}

// Leading are the environment's variables that lead Python to its packages. The others are
// for the engine only, and may be secret.
func (e *Environment) Leading() map[string]string {
	own := maps.Clone(e.Variables)
	maps.DeleteFunc(own, func(name, _ string) bool { return !slices.Contains(leading, name) })
	return own
}

// leading are variables that lead Python, uv and pip to packages or settings of another
// environment.
var leading = []string{
	"PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONUSERBASE", "VIRTUAL_ENV", "CONDA_PREFIX",
	"UV_PROJECT_ENVIRONMENT", "PIP_TARGET", "PIP_PREFIX", "PIP_USER",
}

// with is this process's variables with others, and without the leading ones and Python's
// own: a caller's PYTHONDONTWRITEBYTECODE, for example, would make every start compile its
// modules. The packages of the user's site directory are ignored.
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
