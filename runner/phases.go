package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"coldstart/reports/phase"
	"coldstart/reports/table"
	"coldstart/runner/console"
)

// phasesOptions are the options of the command phases.
type phasesOptions struct {
	json bool
}

func newPhases(out *console.Console) *cobra.Command {
	o := &phasesOptions{}
	cmd := &cobra.Command{
		Use:   "phases LOG…",
		Short: "Read the phases of start-up logs",
		Long: `Read start-up logs and tell how long each phase took, in seconds. A LOG is a
file, also one compressed with gzip; a directory, of which every .log and .txt is
read; or - for standard input. A phase that a log lacks is absent, not zero.

Logs of every vLLM release from 0.10 on are read by what their lines mean in that
release: a phase is the same in all of them, or absent. A log of a newer release
than this program knows is read with a warning.

--json has besides how the engine was set up: whether its process was forked or
spawned, its attention backend and sampler, and its configuration line by field.`,
		Example: "  coldstart phases vllm.log\n  vllm serve … 2>&1 | coldstart phases -\n  coldstart phases --json logs/",
		RunE:    func(cmd *cobra.Command, args []string) error { return o.run(out, cmd, args) },
	}
	cmd.Flags().BoolVar(&o.json, "json", false, "print JSON, an object a log")
	return cmd
}

func (o *phasesOptions) run(out *console.Console, cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usagef("name at least one log, directory, or - for standard input")
	}
	paths, err := expandLogs(args)
	if err != nil {
		return err
	}
	logs, failures := readLogs(cmd, paths)
	if o.json {
		err = printJSON(out.Out, jsonLogs(logs))
	} else {
		err = out.Table(phasesTable(logs))
	}
	if err != nil {
		return err
	}
	for _, log := range logs {
		for _, warning := range log.Warnings {
			out.Notef("warning: %s", warning)
		}
		if log.WholeSeconds {
			out.Notef("%s: stamped in whole seconds: a phase that lies between two stamps is off by up to a second", log.Name)
		}
	}
	return errors.Join(failures...)
}

// expandLogs puts the logs of a directory in its place.
func expandLogs(args []string) (paths []string, err error) {
	for _, arg := range args {
		info, err := os.Stat(arg)
		if arg == "-" || err == nil && !info.IsDir() {
			paths = append(paths, arg)
			continue
		}
		if err != nil {
			return nil, err
		}
		found, err := logsBelow(arg)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("%s: no .log or .txt in this directory or below it", arg)
		}
		paths = append(paths, found...)
	}
	return paths, nil
}

func logsBelow(dir string) (paths []string, err error) {
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		extension := filepath.Ext(strings.TrimSuffix(path, ".gz"))
		if err == nil && entry.Type().IsRegular() && (extension == ".log" || extension == ".txt") {
			paths = append(paths, path)
		}
		return err
	})
	return paths, err
}

// readLogs reads all logs, as many at a time as there are processors. Failures
// are of those that could not be read, or tell of no complete start-up.
func readLogs(cmd *cobra.Command, paths []string) (logs []phase.Log, failures []error) {
	logs = make([]phase.Log, len(paths))
	failures = make([]error, len(paths))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, path := range paths {
		group.Go(func() error {
			var err error
			if path == "-" {
				logs[i], err = phase.ReadAny(cmd.InOrStdin(), "standard input")
			} else {
				logs[i], err = phase.ReadFile(path)
			}
			if failures[i] = err; err == nil {
				failures[i] = logs[i].Err()
			}
			return nil
		})
	}
	group.Wait()
	return logs, slices.DeleteFunc(failures, func(err error) bool { return err == nil })
}

// jsonLog is how --json shows a log.
type jsonLog struct {
	Log        string      `json:"log"`
	Release    string      `json:"release,omitempty"`
	Complete   bool        `json:"complete"`
	Error      string      `json:"error,omitempty"`
	WeightsGiB float64     `json:"weights_gib,omitempty"`
	Seconds    phase.Times `json:"seconds"`
	// WholeSeconds tells that a phase between two stamps is off by up to a second.
	WholeSeconds bool        `json:"whole_seconds,omitempty"`
	Setup        phase.Setup `json:"setup,omitzero"` // of the engine
	Warnings     []string    `json:"warnings,omitempty"`
}

func jsonLogs(logs []phase.Log) []jsonLog {
	all := make([]jsonLog, len(logs))
	for i, log := range logs {
		all[i] = jsonLog{
			Log: log.Name, Release: log.Release, Complete: log.Complete, WeightsGiB: log.Weights, Seconds: log.Times,
			WholeSeconds: log.WholeSeconds, Setup: log.Setup, Warnings: log.Warnings,
		}
		if err := log.Err(); err != nil {
			all[i].Error = err.Error()
		}
	}
	return all
}

// fewLogs is how many logs stand side by side, a column each.
const fewLogs = 4

func phasesTable(logs []phase.Log) table.Table {
	if len(logs) > fewLogs {
		return logRows(logs)
	}
	t := table.Table{Header: []string{"Phase (s)"}, Align: []table.Align{table.Left}}
	release := []string{"vLLM"}
	names := shortNames(logs)
	for i := range logs {
		t.Header = append(t.Header, names[i])
		t.Align = append(t.Align, table.Right)
		release = append(release, logs[i].Release)
	}
	t.Add(release...)
	for p := range phase.All() {
		row := []string{p.String()}
		for i := range logs {
			row = append(row, secondsText(&logs[i].Times, p))
		}
		t.Add(row...)
	}
	return t
}

// shortNames are the logs' names without the directory that all have in common.
func shortNames(logs []phase.Log) []string {
	common := filepath.Dir(logs[0].Name)
	for _, log := range logs {
		for common != "." && common != "/" && !strings.HasPrefix(log.Name, common+"/") {
			common = filepath.Dir(common)
		}
	}
	names := make([]string, len(logs))
	for i, log := range logs {
		names[i] = strings.TrimPrefix(log.Name, common+"/")
	}
	return names
}

// sums are the phases that a row of many logs has room for, with their headings.
var sums = []struct {
	phase   phase.Phase
	heading string
}{
	{phase.FrameworkBootstrap, "bootstrap"}, {phase.TokenizerInit, "tokenizer"}, {phase.ModelLoading, "model loading"},
	{phase.InitEngine, "init engine"}, {phase.TotalTime, "total"}, {phase.ActualTotalTime, "actual total"}, {phase.InitializeEngine, "initialize engine"},
}

// logRows is a row a log. --json has what it leaves out.
func logRows(logs []phase.Log) table.Table {
	t := table.Table{Header: []string{"Log", "vLLM"}, Align: []table.Align{table.Left, table.Left}}
	for _, sum := range sums {
		t.Header, t.Align = append(t.Header, sum.heading+" (s)"), append(t.Align, table.Right)
	}
	names := shortNames(logs)
	for i := range logs {
		row := []string{names[i], logs[i].Release}
		for _, sum := range sums {
			row = append(row, secondsText(&logs[i].Times, sum.phase))
		}
		t.Add(row...)
	}
	return t
}

// secondsText is empty for a phase that is absent.
func secondsText(t *phase.Times, p phase.Phase) string {
	seconds, ok := t.Get(p)
	if !ok {
		return ""
	}
	return strconv.FormatFloat(seconds, 'f', 3, 64)
}
