package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"coldstart/reports"
	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/segment"
	"coldstart/reports/table"
	"coldstart/runner/console"
	"coldstart/runner/engine/local"
)

// phasesOptions are the options of the command phases.
type phasesOptions struct {
	json, paper   bool
	trace         string // path
	timeline      string // path
	loggingConfig string // path
}

func newPhases(out *console.Console) *cobra.Command {
	o := &phasesOptions{}
	cmd := &cobra.Command{
		Use:   "phases LOG…",
		Short: "Read the phases of start-up logs",
		Long: `Read start-up logs and tell how long each part took, in seconds. A LOG is a
file, also one compressed with gzip; a directory, of which every .log and .txt is
read; or - for standard input. A part that a log lacks is absent, not zero.

One log is shown as the segments of its time to ready, which they add up to, each
with its known parts and their rest. Below one log stands what its lines tell of work
that can be avoided, such as compiling again. Several logs have a row each, with a column
for each segment; → is one with the next. Logs without time stamps are shown by the phases
of the paper, as all are with --paper. If coldstart measured a start-up and keeps its log,
it is known when the process began, too, and when a server was ready and gave the first
token.

Logs of every vLLM release from 0.10 on are read by what their lines mean in that
release: a phase is the same in all of them, or absent. A log of a newer release
than this program knows is read with a warning. If a log holds several start-ups,
the last one is shown; of several servers, each behind a prefix such as "api-1  |",
each one's last.

--json has besides how the engine was set up: whether its process was forked or
spawned, its attention backend and sampler, and its configuration line by field.

--trace FILE writes the segments and their parts over time, with a track per process
and rank, for https://ui.perfetto.dev and chrome://tracing. A part of which the log does
not tell when it began is an argument of its segment.

--timeline FILE draws the same as a PDF, one page per log, as wide as a paper's column.

--logging-config FILE writes settings with which vLLM logs the most: debug lines, with
milliseconds. Later releases, such as 0.32, name their processes only in vLLM's own
format, which these settings replace: to see ranks, set VLLM_LOGGING_LEVEL=DEBUG instead.`,
		Example: `  coldstart phases vllm.log
  vllm serve … 2>&1 | coldstart phases -
  coldstart phases --json logs/
  coldstart phases --trace trace.json --timeline timeline.pdf vllm.log
  coldstart phases --logging-config logging.json`,
		RunE: func(cmd *cobra.Command, args []string) error { return o.run(out, cmd, args) },
	}
	cmd.Flags().BoolVar(&o.json, "json", false, "print JSON, one object per log or server")
	cmd.Flags().BoolVar(&o.paper, "paper", false, "show the phases as the paper defines them")
	cmd.Flags().StringVar(&o.trace, "trace", "", "write the start-ups to this file as trace events")
	cmd.Flags().StringVar(&o.timeline, "timeline", "", "draw the start-ups to this file as a PDF")
	cmd.Flags().StringVar(&o.loggingConfig, "logging-config", "", "write vLLM's log settings to this file instead")
	return cmd
}

// writeLoggingConfig writes the settings, and says how to use them.
func (o *phasesOptions) writeLoggingConfig(out *console.Console) error {
	path, err := filepath.Abs(o.loggingConfig)
	if err == nil {
		err = local.LayDown(path, local.LogSettings)
	}
	if err != nil {
		return fmt.Errorf("the log settings cannot be written: %w", err)
	}
	out.Notef("%s is written. Start vLLM with it: VLLM_LOGGING_CONFIG_PATH=%s vllm serve …", o.loggingConfig, path)
	return nil
}

func (o *phasesOptions) run(out *console.Console, cmd *cobra.Command, args []string) error {
	if o.loggingConfig != "" {
		if len(args) > 0 || o.json || o.paper || o.trace != "" || o.timeline != "" {
			return usagef("--logging-config reads no log: give nothing else")
		}
		return o.writeLoggingConfig(out)
	}
	if len(args) == 0 {
		return usagef("name at least one log, directory, or - for standard input")
	}
	paths, err := phase.Find(args)
	if err != nil {
		return err
	}
	if err := o.checkPictures(paths); err != nil {
		return err
	}
	logs, failures := phase.StartUps(readMeasured(paths, cmd.InOrStdin()))
	if err := o.show(out, logs, len(paths)); err != nil {
		return err
	}
	o.warn(out, logs)
	return errors.Join(append(failures, o.writePictures(out, logs))...)
}

// warn tells what is odd about start-ups, and once that their stamps are coarse.
func (o *phasesOptions) warn(out *console.Console, logs []phase.Log) {
	var coarse []string // names of logs
	remedy := ""
	for _, log := range logs {
		if !log.IsStart() {
			continue
		}
		for _, warning := range log.Warnings {
			out.Notef("warning: %s", warning)
		}
		if log.WholeSeconds && !slices.Contains(coarse, log.Name) {
			coarse = append(coarse, log.Name)
			if log.Engine == phase.VLLM {
				remedy = "; the settings that --logging-config writes log milliseconds"
			}
		}
	}
	if len(coarse) > 0 {
		out.Notef("%s: stamped in whole seconds: a phase that lies between two stamps is off by up to a second%s",
			table.OneOf(coarse, "log"), remedy)
	}
}

// show prints what was read. A single file that is no start-up log has only an error.
func (o *phasesOptions) show(out *console.Console, logs []phase.Log, files int) error {
	switch {
	case o.json:
		return printJSON(out.Out, jsonLogs(logs))
	case files > 1 || o.paper && len(logs) > 1:
		return o.showSeveral(out, logs)
	case !logs[0].IsStart() && !o.paper:
		return nil
	}
	for i := range logs {
		if err := o.showOne(out, &logs[i]); err != nil {
			return err
		}
	}
	return nil
}

// showSeveral prints a row for each log.
func (o *phasesOptions) showSeveral(out *console.Console, logs []phase.Log) error {
	if o.paper || !slices.ContainsFunc(logs, hasSegments) {
		return out.Table(reports.Phases(logs))
	}
	for _, log := range logs {
		if log.Complete && !hasSegments(log) {
			out.Notef("%s: no stamps to cut segments at; --paper shows its phases", log.Name)
		}
	}
	rows := reports.SegmentRows(logs)
	if slices.ContainsFunc(rows.Rows, hasOneWithNext) {
		out.Notef("%s: the log does not tell when the segment ended; the next one has its time", reports.OneWithNext)
	}
	if err := out.Table(rows); err != nil {
		return err
	}
	out.Notes(reports.RowsRemarks(logs))
	return nil
}

func hasOneWithNext(row []table.Cell) bool {
	return slices.ContainsFunc(row, func(c table.Cell) bool { return c.Text == reports.OneWithNext })
}

// showOne prints one log, and what it tells of avoidable work.
func (o *phasesOptions) showOne(out *console.Console, log *phase.Log) error {
	shown, remarks := reports.Phases([]phase.Log{*log}), reports.OtherSpans(log)
	if len(log.Segments) > 0 && !o.paper {
		fmt.Fprintln(out.Out, reports.Sentence(log))
		shown, remarks = reports.Tree(log), reports.Remarks(log)
	}
	if err := out.Table(shown); err != nil {
		return err
	}
	out.Notes(remarks)
	if len(log.Findings) == 0 {
		return nil
	}
	return out.Table(reports.Findings(log))
}

func hasSegments(log phase.Log) bool { return len(log.Segments) > 0 }

// jsonLog is how --json shows a log.
type jsonLog struct {
	Log        string      `json:"log"`
	Server     string      `json:"server,omitempty"` // prefix of its lines, if the log is of several servers
	Release    string      `json:"release,omitempty"`
	Complete   bool        `json:"complete"`
	Error      string      `json:"error,omitempty"`
	WeightsGiB float64     `json:"weights_gib,omitempty"`
	Seconds    phase.Times `json:"seconds"`

	// The segments add up to the time to ready; a start-up that failed has none.
	TimeToReady float64          `json:"time_to_ready,omitempty"`
	Segments    segment.Segments `json:"segments,omitempty"`
	Parts       segment.Parts    `json:"parts,omitzero"`   // of segments
	Drafter     phase.Times      `json:"drafter,omitzero"` // a second model's part of seconds
	Ranks       []phase.Rank     `json:"ranks,omitempty"`  // several; seconds has the slowest's
	Slowest     phase.Slowest    `json:"slowest,omitzero"` // of ranks
	Apart       phase.Times      `json:"apart,omitzero"`   // by how much the ranks' times differ
	RankParts   []phase.RankPart `json:"rank_parts,omitempty"`
	Attempts    []phase.Attempt  `json:"attempts,omitempty"` // before this one
	Findings    []phase.Finding  `json:"findings,omitempty"`
	Line        int              `json:"line,omitempty"` // where this one begins, if there are others

	// WholeSeconds tells that a phase between two stamps is off by up to a second.
	WholeSeconds bool        `json:"whole_seconds,omitempty"`
	Setup        phase.Setup `json:"setup,omitzero"` // of the engine
	Warnings     []string    `json:"warnings,omitempty"`
}

func jsonLogs(logs []phase.Log) []jsonLog {
	all := make([]jsonLog, len(logs))
	for i, log := range logs {
		all[i] = jsonLog{
			Log: log.Name, Server: log.Prefix, Release: log.Release, Complete: log.Complete,
			WeightsGiB: log.Weights, Seconds: log.Times,
			TimeToReady: log.TimeToReady, Segments: log.Segments, Parts: segment.Parts(log.Segments),
			Drafter: log.Drafter, Ranks: log.Ranks, Slowest: log.Slowest, Apart: log.Apart, RankParts: log.RankParts,
			Attempts: log.Attempts, Findings: log.Findings,
			WholeSeconds: log.WholeSeconds, Setup: log.Setup, Warnings: log.Warnings,
		}
		if len(log.Attempts) > 0 {
			all[i].Line = log.Begin
		}
		if err := log.Err(); err != nil {
			all[i].Error = err.Error()
		}
	}
	return all
}

// readMeasured reads logs, with the moments that their cells keep of them.
func readMeasured(paths []string, stdin io.Reader) (logs []phase.Log, failures []error) {
	logs, failures = phase.ReadAll(paths, stdin)
	for i := range logs {
		if measured := result.MomentsOf(logs[i].Name); measured != nil {
			logs[i].Measure(measured.Measured())
		}
	}
	return logs, failures
}
