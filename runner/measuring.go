package main

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/spf13/cobra"

	"coldstart/reports/result"
	"coldstart/runner/hardware"
	"coldstart/runner/lab"
	"coldstart/runner/measure"
	"coldstart/runner/models"
)

// measuringFlags are the options that say with what an engine is started.
type measuringFlags struct {
	lab.Measuring
}

func (m *measuringFlags) addFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.Float64Var(&m.Speed, "speed", 0, "replay in real time times this: 1 as it was, 10 ten times as fast, 0 at once")
	flags.StringVar(&m.Models, "models", "", "vllm: directory of the models")
	flags.StringVar(&m.Environment, "environment", "", "vllm: environment of all figures but the first (default: the node's, or the paper's)")
	flags.StringVar(&m.Environments, "environments", "", "vllm: directory of the environments (default: where setup makes them)")
	flags.DurationVar(&m.Limit, "limit", lab.DefaultLimit, "vllm: how long one start may take")
	flags.BoolVar(&m.KeepIdentities, "keep-identities", false, "vllm: leave the names of users, hosts and addresses in kept logs")
}

// begin begins to measure a plan: until release is called, nothing else measures
// on this machine. The session lacks its directory.
func (m *measuringFlags) begin(plan *result.Plan, matrixPath string) (session *measure.Session, release func(), err error) {
	engine, err := m.NewEngine(plan, matrixPath)
	if err != nil {
		return nil, nil, err
	}
	if release, err = lab.Lock(plan); err != nil {
		return nil, nil, err
	}
	return &measure.Session{
		Plan: plan, Engine: engine, Clock: lab.Clock(plan), Tries: lab.Tries(plan), Keep: lab.Measures(plan),
		Probe: m.probeOf(plan, matrixPath),
	}, release, nil
}

// probeOf probes this machine for the cells of a plan; nil where the engine does
// not measure it.
func (m *measuringFlags) probeOf(plan *result.Plan, matrixPath string) func(context.Context) *result.Probe {
	if !lab.Measures(plan) {
		return nil
	}
	python := m.Python(plan, matrixPath, plan.Cells[0].Node)
	return func(ctx context.Context) *result.Probe {
		return hardware.Probe(ctx, hardware.Options{Models: m.Models, Python: python})
	}
}

// makeTiny makes the tiny model in the models directory, by default one of the
// user's own.
func (m *measuringFlags) makeTiny() (err error) {
	if m.Models == "" {
		if m.Models, err = lab.ModelsDir(); err != nil {
			return err
		}
	}
	var missing *models.MissingError
	if err := models.Check(m.Models, lab.Tiny); !errors.As(err, &missing) {
		return err
	}
	return models.Tiny(filepath.Join(m.Models, lab.Tiny))
}
