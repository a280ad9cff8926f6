package artifact

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"coldstart/reports/phase"
	"coldstart/reports/result"
)

// logFile is the log of one run.
type logFile struct {
	path          string
	cell          *result.CellResult
	configuration result.Configuration
	iteration     int
}

// addSet lists the logs of a set's configurations in a cell's folder.
func (a *reader) addSet(folder string, cell *result.CellResult, set *result.Set) error {
	switch {
	case set.SampleCPU:
		return a.addSampled(folder, cell, set)
	case set.Releases:
		return a.addIteration(filepath.Join(folder, "iterations"), cell, set, 1)
	}
	warmUp := a.addIteration(filepath.Join(folder, "uncached"), cell, set, 0)
	if warmUp != nil && !errors.Is(warmUp, fs.ErrNotExist) {
		return warmUp
	}
	iterations, err := numbered(filepath.Join(folder, "iterations"))
	if err != nil {
		return err
	}
	for _, n := range iterations {
		if err := a.addIteration(filepath.Join(folder, "iterations", strconv.Itoa(n)), cell, set, n); err != nil {
			return err
		}
	}
	return nil
}

// numbered lists the folders named by a number from 1 on, in order.
func numbered(dir string) (numbers []int, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		if n, err := strconv.Atoi(entry.Name()); err == nil && entry.IsDir() && n > 0 {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return numbers, nil
}

// addIteration lists the logs of one iteration in the set's order.
func (a *reader) addIteration(folder string, cell *result.CellResult, set *result.Set, iteration int) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	byConfiguration := map[string]string{}
	for _, entry := range entries {
		name := entry.Name()
		if !strings.HasPrefix(name, "output_") {
			continue
		}
		path := filepath.Join(folder, name)
		if !a.isPlain(path) {
			continue
		}
		configuration, exact := findConfiguration(set, name)
		if configuration == nil {
			a.warn("%s: set %s has no configuration of that name; the log is left out", path, set.Name)
			continue
		}
		if !exact {
			a.warn("%s on %s: the log of %s is named without arguments and counts as %s",
				set.Name, cell.Cell.Node, configuration.Model, configuration.ID)
		}
		byConfiguration[configuration.ID] = path
	}
	for _, c := range set.Configurations {
		if path := byConfiguration[c.ID]; path != "" {
			a.addLog(path, cell, c, iteration)
		}
	}
	return nil
}

// isPlain tells whether a file can be read to its end. It warns of one that cannot, such as
// a pipe.
func (a *reader) isPlain(path string) bool {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		a.warn("%s: not a plain file; it is left out", path)
		return false
	}
	return true
}

// addSampled reads the samples of the cores, and lists the log in the same folder.
func (a *reader) addSampled(folder string, cell *result.CellResult, set *result.Set) error {
	path := filepath.Join(folder, "cpu_usage.json")
	if !a.isPlain(path) {
		return nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	cell.Usage = &result.CPUUsage{Interval: result.DefaultInterval}
	if err := result.DecodeJSON(path, text, &cell.Usage.Samples); err != nil {
		return err
	}
	a.results.Warn(path, cell.Usage.Thin(path))
	for _, c := range set.Configurations {
		log := filepath.Join(folder, c.Model+".txt")
		if _, err := os.Stat(log); err == nil && a.isPlain(log) {
			a.addLog(log, cell, c, 1)
		}
	}
	return nil
}

func (a *reader) addLog(path string, cell *result.CellResult, c result.Configuration, iteration int) {
	a.files = append(a.files, logFile{path, cell, c, iteration})
}

// run makes the run of a log. A log that cannot be read is a failed run.
func (f *logFile) run(log phase.Log, failure error) result.Run {
	run := result.NewRun(f.iteration, f.configuration.ID, log)
	if failure != nil {
		run.Failed = failure.Error()
	}
	run.Setup = f.cell.KeepSetup(&log.Setup)
	if named := f.configuration.Release; named != "" && log.Release != "" && named != log.Release {
		run.Warnings = append(run.Warnings,
			fmt.Sprintf("%s: named for release %s, but the log is from release %s", f.path, named, log.Release))
	}
	return run
}
