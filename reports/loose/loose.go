// Package loose makes results of start-up logs that no session measured and no layout
// orders, so that they can be compared as others: each file is one run.
package loose

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/table"
)

// name is that of the set and the cell. Their node is empty: logs do not name the machine.
const name = "logs"

// Read reads a log, or every .log and .txt below a directory. The runs of each model are one
// configuration; each of several servers of a log is a run. Files that are no start-up logs are
// left out, with a warning.
func Read(from string) (*result.Results, error) {
	s, err := find(from)
	if err != nil {
		return nil, err
	}
	measure(s)
	return s.results()
}

// A side is what was read of the logs in a file or directory.
type side struct {
	from     string
	logs     []phase.Log
	failures []error  // why logs do not count
	measured bool     // coldstart keeps moments of some
	warnings []string // of the side as a whole
}

func find(from string) (*side, error) {
	paths, err := phase.Find([]string{from})
	if err != nil {
		return nil, err
	}
	s := side{from: from}
	s.logs, s.failures = phase.StartUps(phase.ReadAll(paths, nil))
	return &s, nil
}

// measure cuts the start-ups at the moments that coldstart measured, if it keeps those of all:
// a server is ready later than its log says, and a process begins earlier.
func measure(sides ...*side) {
	all := true
	kept := map[*phase.Log]*result.Moments{}
	for _, s := range sides {
		for i := range s.logs {
			if log := &s.logs[i]; log.Complete {
				moments := result.MomentsOf(log.Name)
				all = all && moments != nil
				s.measured = s.measured || moments != nil
				kept[log] = moments
			}
		}
	}
	for log, moments := range kept {
		if all {
			log.Measure(moments.Measured())
		}
	}
	for _, s := range sides {
		if s.measured && !all {
			s.warnings = append(s.warnings, uncounted)
		}
	}
}

const uncounted = "only some logs have times that coldstart measured beside them: these times are not used"

// results are the side's runs.
func (s *side) results() (*result.Results, error) {
	from, read, failures := s.from, s.logs, s.failures
	starts := starts{cell: &result.CellResult{Schema: result.Schema, Engine: result.Logs, Cell: result.Cell{ID: name, Set: name}}}
	results := &result.Results{
		Plan:  result.Plan{Schema: result.Schema, Session: filepath.Clean(from), Engine: result.Logs, Cells: []result.Cell{starts.cell.Cell}},
		Cells: map[string]*result.CellResult{name: starts.cell},
	}
	results.Warn(from, s.warnings)
	models := modelsOf(read)
	var stamps phase.Stamps
	var others, coarse []string // names of logs
	for i := range read {
		log := &read[i]
		if !log.IsStart() {
			results.Warn(from, []string{fmt.Sprintf("%v; it is left out", failures[i])})
			continue
		}
		if !starts.agree(log) {
			others = append(others, log.Title())
			continue
		}
		starts.add(log, failures[i], models[i])
		results.Warn(from, log.Warnings)
		if log.WholeSeconds {
			coarse = append(coarse, log.Title())
		}
		stamps.Join(log.Stamps)
	}
	if len(others) > 0 {
		results.Warn(from, []string{fmt.Sprintf("%s: not %v, as %s is: left out, since the two kinds are never compared",
			table.OneOf(others, "log"), starts.start(), starts.first.Title())})
	}
	if len(coarse) > 0 {
		results.Warn(from, []string{table.OneOf(coarse, "log") + ": stamped in whole seconds: a segment is off by up to a second"})
	}
	if len(starts.cell.Runs) == 0 {
		return nil, noStart(from, failures)
	}
	results.Plan.Sets = []result.Set{{Name: name, Start: starts.start(), Configurations: starts.configurations}}
	results.Stamp(stamps)
	return results, nil
}

func noStart(from string, failures []error) error {
	if len(failures) == 1 {
		return failures[0]
	}
	return fmt.Errorf("%s: none of %d files is a start-up log, such as %w", from, len(failures), failures[0])
}

// starts are the runs of logs, with their configurations.
type starts struct {
	cell           *result.CellResult
	configurations []result.Configuration
	first          *phase.Log // that came up; the others are started like it
}

// agree tells whether a log's engine was started as those before it: served, or alone. A log
// that ended early may not say how, and agrees.
func (s *starts) agree(log *phase.Log) bool {
	if !log.Complete {
		return true
	}
	s.first = cmp.Or(s.first, log)
	return log.Served == s.first.Served
}

// start is how the logs' engines were started.
func (s *starts) start() result.Start {
	if s.first == nil {
		return result.EngineOnly
	}
	return startOf(s.first)
}

func startOf(log *phase.Log) result.Start {
	if log.Served {
		return result.Serve
	}
	return result.EngineOnly
}

// add adds the run of a log. failure is why it does not count.
func (s *starts) add(log *phase.Log, failure error, model string) {
	run := result.NewRun(s.cell.Iterations(model)+1, model, *log)
	if failure != nil {
		run.Failed = failure.Error()
	}
	run.Setup = s.cell.KeepSetup(&log.Setup)
	s.cell.Runs = append(s.cell.Runs, run)
	if !slices.ContainsFunc(s.configurations, func(c result.Configuration) bool { return c.ID == model }) {
		s.configurations = append(s.configurations, result.Configuration{ID: model, Model: model})
	}
}

// ReadBoth reads both sides of a comparison. If each has one model, they are compared,
// whatever its name: one model may lie in two folders. A side that never came up failed to
// start as the other did.
func ReadBoth(a, b string) (sides [2]*result.Results, err error) {
	var found [2]*side
	for i, from := range []string{a, b} {
		if found[i], err = find(from); err != nil {
			return sides, err
		}
	}
	measure(found[:]...)
	for i, s := range found {
		if sides[i], err = s.results(); err != nil {
			return sides, err
		}
	}
	for i := range sides {
		if !slices.ContainsFunc(sides[i].Cells[name].Runs, func(r result.Run) bool { return r.Counts() }) {
			sides[i].Plan.Sets[0].Start = sides[1-i].Plan.Sets[0].Start
		}
	}
	ofA, ofB := sides[0].Plan.Sets[0].Configurations, sides[1].Plan.Sets[0].Configurations
	if len(ofA) == 1 && len(ofB) == 1 {
		sides[1].Plan.Models = []result.Model{{Key: ofA[0].Model, Label: ofB[0].Model}}
		ofB[0].Model = ofA[0].Model
	}
	return sides, nil
}

// unstated stands for the model of a log that names none.
const unstated = "a model without a name"

// modelsOf are the names of the logs' models. Logs that name none, such as those that
// failed early, have that of the others, if those have one.
func modelsOf(logs []phase.Log) []string {
	all, named := make([]string, len(logs)), map[string]bool{}
	for i := range logs {
		if all[i] = modelOf(&logs[i]); all[i] != "" {
			named[all[i]] = true
		}
	}
	other := unstated
	if len(named) == 1 {
		other = slices.Collect(maps.Keys(named))[0]
	}
	for i := range all {
		all[i] = cmp.Or(all[i], other)
	}
	return all
}

// modelOf is the name of a log's model: the last folder of its path, or the repository of a
// hub's cache (models--owner--name/snapshots/hash). It is empty if the log does not say.
func modelOf(log *phase.Log) string {
	at := strings.Trim(log.Setup.Config.Fields()["model"], `'"`)
	if cached, _, is := strings.Cut(at, "/snapshots/"); is {
		at = strings.ReplaceAll(path.Base(cached), "--", "/")
	}
	if at == "" {
		return ""
	}
	return path.Base(at)
}
