package lab

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"coldstart/reports/result"
	"coldstart/runner/engine"
	"coldstart/runner/engine/command"
	"coldstart/runner/engine/local"
	"coldstart/runner/engine/replay"
	"coldstart/runner/engine/vllm"
	"coldstart/runner/matrix"
	"coldstart/runner/privacy"
)

// grace is how long a start has to end once it is asked to.
const grace = 10 * time.Second

// engines are those that a lab has: coldstart's and its own.
func engines(file *matrix.Matrix) []string {
	names := []string{replay.Name, vllm.Name}
	for _, e := range file.Engines {
		if !slices.Contains(names, e.Name) {
			names = append(names, e.Name)
		}
	}
	return names
}

func checkEngine(name string, file *matrix.Matrix) error {
	if names := engines(file); !slices.Contains(names, name) {
		return requestErrorf("engine", "there is no engine %q; choose of %s, or add it under engines: in the lab's file", name, strings.Join(names, ", "))
	}
	return nil
}

// newEngine makes the engine of a plan. One of the lab's own comes before
// coldstart's of that name.
func (m *Measuring) newEngine(p *result.Plan, file *matrix.Matrix) (engine.Engine, error) {
	own, found := file.Engine(p.Engine)
	switch {
	case found:
		return m.own(own, file)
	case p.Engine == replay.Name:
		return &replay.Engine{Speed: m.Speed}, nil
	case p.Engine == vllm.Name:
		return m.vllm(p, file)
	}
	return nil, checkEngine(p.Engine, file)
}

func (m *Measuring) vllm(p *result.Plan, file *matrix.Matrix) (engine.Engine, error) {
	dir := m.modelsDir(file, p.Cells[0].Node)
	if dir == "" {
		return nil, requestErrorf("models", "say where the models are: --models DIR, or models: of node %s in the lab's file", p.Cells[0].Node)
	}
	place, err := engineDir()
	if err != nil {
		return nil, err
	}
	files, err := vllm.LayDown(place)
	if err != nil {
		return nil, err
	}
	settings, err := local.LayDownLogSettings(place)
	if err != nil {
		return nil, err
	}
	open, err := m.opener(p, file)
	if err != nil {
		return nil, err
	}
	caches := filepath.Join(place, "caches", p.Session)
	var variables []string
	for _, e := range file.AllEnvironments() {
		variables = append(variables, pairs(e.Variables)...)
	}
	return m.process(&vllm.Maker{Environment: open, Files: files, LogSettings: settings, Models: dir, Caches: caches}, variables, 0), nil
}

// own is an engine of the lab's own.
func (m *Measuring) own(declared matrix.Engine, file *matrix.Matrix) (engine.Engine, error) {
	place, err := engineDir()
	if err != nil {
		return nil, err
	}
	settings, err := local.LayDownLogSettings(place)
	if err != nil {
		return nil, err
	}
	maker := &command.Maker{
		Words: declared.Command, Variables: declared.Variables, LogSettings: settings,
		Models: func(node string) string { return m.modelsDir(file, node) },
	}
	return m.process(maker, pairs(declared.Variables), declared.Limit), nil
}

// engineDir is where launcher, plugin and log settings are laid down, and where
// each session has its caches. It is named by what is laid down: another release of
// coldstart on the machine has its own, and never changes those of a measurement
// that is under way.
func engineDir() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "coldstart", "engine-"+vllm.Hash()[:8])
	return dir, os.MkdirAll(dir, 0o755)
}

// pairs are variables as NAME=value.
func pairs(variables map[string]string) (all []string) {
	for name, value := range variables {
		all = append(all, name+"="+value)
	}
	return all
}

// process starts what a maker makes, with variables of the lab's file; limit is the
// engine's own.
func (m *Measuring) process(maker local.Maker, variables []string, limit time.Duration) engine.Engine {
	return &local.Engine{Maker: maker, Limit: cmp.Or(m.Limit, limit, DefaultLimit), Grace: grace, Filter: m.filter(variables)}
}

// filter keeps out of what is kept the secrets of this process's environment and of
// further variables (NAME=value), and who and where this machine is.
func (m *Measuring) filter(variables []string) *privacy.Filter {
	filter := privacy.Secrets(append(os.Environ(), variables...))
	if !m.KeepIdentities {
		filter.Identities(privacy.ThisMachine())
	}
	return filter
}
