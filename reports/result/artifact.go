package result

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"coldstart/reports/phase"
)

// artifactRest is the folder of the figures that the set "models" serves.
const artifactRest = "figure-rest"

// IsArtifact tells whether dir is laid out as the paper's artifact.
func IsArtifact(dir string) bool {
	folders, err := filepath.Glob(filepath.Join(dir, "figure-*"))
	return err == nil && len(folders) > 0
}

// ReadArtifact reads a directory laid out as the paper's artifact
// (Huzifa1/vllm-profiling), as far as the plan's cells ask:
//
//	figure-<N>[/<role>]/iterations/<i>/output_<configuration>.txt   iteration i
//	figure-<N>[/<role>]/uncached/output_<configuration>.txt         the warm-up
//	figure-1/iterations/output_<release>.txt
//	figure-12/cpu_usage.json, figure-12/<model>.txt
//
// figure-rest stands for every figure that has no folder of its own. The layout
// names no nodes: they are the plan's. Nor is there a session or a date: the plan's
// engine is Logs, and Results.Stamped is what the logs tell.
func ReadArtifact(dir string, plan *Plan) (*Results, error) {
	results := &Results{Plan: *plan, Cells: map[string]*CellResult{}}
	a := artifact{dir: dir, results: results}
	for _, cell := range plan.Cells {
		if cell.Figure == "" {
			continue
		}
		if err := a.readCell(cell); err != nil {
			return nil, err
		}
	}
	if len(results.Cells) == 0 {
		return nil, &NoResultsError{Dir: dir}
	}
	a.parse()
	a.finish()
	return results, nil
}

// artifact gathers the logs of all cells first, to read them at once.
type artifact struct {
	dir     string
	results *Results
	logs    []artifactLog
}

// artifactLog is a log to be read, and the run of it.
type artifactLog struct {
	path    string
	cell    *CellResult
	run     Run
	setup   phase.Setup
	stamps  phase.Stamps
	release string // that its name states
}

func (a *artifact) readCell(cell Cell) error {
	folder, found := a.folder(cell)
	if !found {
		return nil
	}
	plan := &a.results.Plan
	result := &CellResult{Schema: Schema, Session: plan.Session, Engine: plan.Engine, Cell: cell}
	set := plan.Set(cell.Set)
	if set == nil {
		return fmt.Errorf("cell %s: the plan has no measurement set %q", cell.ID, cell.Set)
	}
	var err error
	switch {
	case set.SampleCPU:
		err = a.readUsage(folder, result, set)
	case set.Releases:
		err = a.addLogs(filepath.Join(folder, "iterations"), result, set, 1)
	default:
		err = a.addIterations(folder, result, set)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		a.warn("cell %s is left out: %v", cell.ID, err)
		return nil
	case err != nil:
		return err
	}
	a.results.Cells[cell.ID] = result
	return nil
}

func (a *artifact) warn(format string, args ...any) {
	a.results.warn(fmt.Sprintf(format, args...))
}

// folder is the cell's folder, which may be missing.
func (a *artifact) folder(cell Cell) (path string, found bool) {
	for _, name := range []string{"figure-" + cell.Figure, artifactRest} {
		path := filepath.Join(a.dir, name, cell.Role)
		if name == artifactRest && cell.Set != "models" {
			continue
		}
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			return path, true
		}
	}
	return "", false
}

func (a *artifact) addIterations(folder string, result *CellResult, set *Set) error {
	if err := a.addLogs(filepath.Join(folder, "uncached"), result, set, 0); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	entries, err := os.ReadDir(filepath.Join(folder, "iterations"))
	if err != nil {
		return err
	}
	var iterations []int
	for _, entry := range entries {
		if n, err := strconv.Atoi(entry.Name()); err == nil && entry.IsDir() && n > 0 {
			iterations = append(iterations, n)
		}
	}
	slices.Sort(iterations)
	for _, n := range iterations {
		if err := a.addLogs(filepath.Join(folder, "iterations", strconv.Itoa(n)), result, set, n); err != nil {
			return err
		}
	}
	return nil
}

// addLogs takes in the logs of one iteration in the set's order.
func (a *artifact) addLogs(folder string, result *CellResult, set *Set, iteration int) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	byConfiguration := map[string]fs.DirEntry{}
	for _, entry := range entries {
		name := entry.Name()
		if !strings.HasPrefix(name, "output_") {
			continue
		}
		configuration, exact := findConfiguration(set, name)
		if configuration == nil {
			a.warn("%s: set %s has no configuration of that name; the log is left out", filepath.Join(folder, name), set.Name)
			continue
		}
		if !exact {
			a.warn("%s on %s: %s was run without arguments, and is taken for %s", set.Name, result.Cell.Node, configuration.Model, configuration.ID)
		}
		byConfiguration[configuration.ID] = entry
	}
	for _, c := range set.Configurations {
		if entry := byConfiguration[c.ID]; entry != nil {
			a.addLog(filepath.Join(folder, entry.Name()), result, c, iteration)
		}
	}
	return nil
}

func (a *artifact) addLog(path string, result *CellResult, c Configuration, iteration int) {
	log := artifactLog{path: path, cell: result, run: Run{Iteration: iteration, Configuration: c.ID}, release: c.Release}
	a.logs = append(a.logs, log)
}

// findConfiguration finds which of a set's configurations an artifact's log is
// of: output_model_<directory>[_<argument>_<value>…].txt or output_<release>.txt.
// It is not exact where the name is of a model without arguments, which the set
// has with some and but once.
func findConfiguration(set *Set, file string) (found *Configuration, exact bool) {
	name := artifactName(strings.TrimSuffix(strings.TrimSuffix(file, ".gz"), ".txt"))
	var ofModel []*Configuration
	for i := range set.Configurations {
		c := &set.Configurations[i]
		words := []string{"output", "model", cmp.Or(c.Directory, c.Model)}
		if artifactName(strings.Join(words, "_")) == name {
			ofModel = append(ofModel, c)
		}
		for _, arg := range c.Args {
			words = append(words, arg.Name, arg.Value)
		}
		if set.Releases {
			words = []string{"output", c.Release}
		}
		if artifactName(strings.Join(words, "_")) == name {
			return c, true
		}
	}
	if len(ofModel) == 1 {
		return ofModel[0], false
	}
	return nil, false
}

// artifactName makes names alike that the artifact spells in several ways:
// max_model_len and max-model-len, lists with spaces or underscores.
func artifactName(name string) string {
	return strings.Trim(strings.NewReplacer("-", "_", " ", "_").Replace(name), "_")
}

// readUsage reads a list of samples, each a list of cores in percent, and the
// log beside it.
func (a *artifact) readUsage(folder string, result *CellResult, set *Set) error {
	path := filepath.Join(folder, "cpu_usage.json")
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	result.Usage = &CPUUsage{Interval: DefaultInterval}
	if err := json.Unmarshal(text, &result.Usage.Samples); err != nil {
		return malformed(path, text, err)
	}
	for _, c := range set.Configurations {
		log := filepath.Join(folder, c.Model+".txt")
		if _, err := os.Stat(log); err == nil {
			a.addLog(log, result, c, 1)
		}
	}
	return nil
}

// parse reads all logs, as many at a time as there are processors.
func (a *artifact) parse() {
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range a.logs {
		group.Go(func() error { a.logs[i].read(); return nil })
	}
	group.Wait()
}

// read makes the run of the log; one that cannot be read is a run that failed.
func (l *artifactLog) read() {
	log, err := phase.ReadFile(l.path)
	l.stamps, l.setup = log.Stamps, log.Setup
	l.run = NewRun(l.run.Iteration, l.run.Configuration, log)
	if err != nil {
		l.run.Failed = err.Error()
	}
	if l.release != "" && log.Release != "" && l.release != log.Release {
		l.run.Warnings = append(l.run.Warnings, fmt.Sprintf("%s: named for release %s, but the log is of release %s", l.path, l.release, log.Release))
	}
}

// finish hands the runs to their cells, and what concerns the whole to the
// results.
func (a *artifact) finish() {
	plan := &a.results.Plan
	var stamps phase.Stamps
	for i := range a.logs {
		log := &a.logs[i]
		log.run.Setup = log.cell.KeepSetup(&log.setup)
		log.cell.Runs = append(log.cell.Runs, log.run)
		a.results.warn(log.run.Warnings...)
		plan.Iterations = max(plan.Iterations, log.run.Iteration)
		stamps.Join(log.stamps)
	}
	a.results.Stamped = "without time stamps"
	if text := stamps.String(); text != "" {
		a.results.Stamped = "stamped " + text + ", year unknown"
	}
	a.results.Provenance = append(a.results.Provenance,
		"The logs are laid out as those of the paper's artifact (Huzifa1/vllm-profiling). That layout names no nodes: "+
			"they are called as in the lab's file that was given for the logs, or else as in the paper.")
}
