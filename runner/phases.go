package main

import (
	"errors"

	"github.com/spf13/cobra"

	"coldstart/reports"
	"coldstart/reports/phase"
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
	cmd.Flags().BoolVar(&o.json, "json", false, "print JSON, one object per log")
	return cmd
}

func (o *phasesOptions) run(out *console.Console, cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usagef("name at least one log, directory, or - for standard input")
	}
	paths, err := phase.Find(args)
	if err != nil {
		return err
	}
	logs, failures := phase.ReadAll(paths, cmd.InOrStdin())
	if o.json {
		err = printJSON(out.Out, jsonLogs(logs))
	} else {
		err = out.Table(reports.Phases(logs))
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
