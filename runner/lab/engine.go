package lab

import (
	"cmp"
	"os"
	"path/filepath"
	"time"

	"coldstart/reports/result"
	"coldstart/runner/engine"
	"coldstart/runner/engine/command"
	"coldstart/runner/engine/local"
	"coldstart/runner/engine/vllm"
	"coldstart/runner/environment"
	"coldstart/runner/matrix"
	"coldstart/runner/privacy"
)

// grace is how long a start has to end once it is asked to.
const grace = 10 * time.Second

// engines are coldstart's own engines that measure, by name.
var engines = map[string]func(local.Places) (local.Maker, error){
	vllm.Name: vllm.New,
}

// engine makes the engine of a plan that measures a node. The matrix's own engines come
// before coldstart's of the same name.
func (h *Host) engine(n *Node, p *result.Plan) (engine.Engine, error) {
	if own, found := n.lab.file.Engine(p.Engine); found {
		return h.own(n, own)
	}
	if err := n.lab.checkEngine(p.Engine); err != nil {
		return nil, err
	}
	return h.installed(n, p)
}

// installed is an engine of coldstart's own, in an environment.
func (h *Host) installed(n *Node, p *result.Plan) (engine.Engine, error) {
	place, err := engineDir()
	if err != nil {
		return nil, err
	}
	declared := n.lab.file.EngineSettings(p.Engine)
	arguments, err := local.ParseArguments(declared.Arguments)
	if err != nil {
		return nil, requestErrorf("engine", "arguments of engine %s in hardware-matrix.yaml: %w", p.Engine, err)
	}
	maker, err := engines[p.Engine](local.Places{
		Environment: h.opener(n, p.Environment), Arguments: arguments, Variables: declared.Variables,
		Files: place, Models: h.modelsOf(n), Caches: filepath.Join(place, "caches", p.Session),
	})
	if err != nil {
		return nil, err
	}
	return h.process(maker, n.lab.variables(declared), declared.Limit), nil
}

// variables are those of all environments and of an engine, as NAME=value.
func (l *Lab) variables(declared matrix.Engine) []string {
	all := pairs(declared.Variables)
	for _, e := range l.environments() {
		all = append(append(all, pairs(e.Variables)...), pairs(e.BuildVariables)...)
	}
	return all
}

// own is an engine that the matrix declares.
func (h *Host) own(n *Node, declared matrix.Engine) (engine.Engine, error) {
	place, err := engineDir()
	if err != nil {
		return nil, err
	}
	settings, err := local.LayDownLogSettings(place)
	if err != nil {
		return nil, err
	}
	maker := &command.Maker{
		Words: declared.Command, Arguments: declared.Arguments, Variables: declared.Variables,
		LogSettings: settings, Models: h.modelsOf(n),
	}
	if declared.Environment != "" {
		e, err := n.lab.Environment(declared.Environment)
		if err != nil {
			return nil, err
		}
		maker.Environment = func() (*environment.Installed, error) { return h.Open(e) }
	}
	return h.process(maker, n.lab.variables(declared), declared.Limit), nil
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

// process starts what a maker makes, with variables of the matrix; limit is the engine's
// own.
func (h *Host) process(maker local.Maker, variables []string, limit time.Duration) engine.Engine {
	return &local.Engine{
		Maker: maker, Limit: cmp.Or(h.Limit, limit, DefaultLimit), Grace: grace, Filter: h.filter(variables),
	}
}

// Hide is a text as it may be kept and shown.
func (h *Host) Hide(text string) string { return h.filter(nil).Text(text) }

// filter keeps secrets out of kept files: those in this process's environment and in
// further variables (NAME=value), and the names of users, hosts and addresses.
func (h *Host) filter(variables []string) *privacy.Filter {
	filter := privacy.Secrets(append(os.Environ(), variables...))
	if !h.KeepIdentities {
		filter.Identities(privacy.ThisMachine())
	}
	return filter
}
