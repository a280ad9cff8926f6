package vllm

import (
	"context"
	_ "embed" // the script
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"coldstart/reports/result"
	"coldstart/runner/environment"
	"coldstart/runner/lock"
	"coldstart/runner/privacy"
	"coldstart/runner/process"
)

//go:embed python/tensorize.py
var tensorize string

// tensorizeLimit is some thirty times what the largest model takes.
const tensorizeLimit = time.Hour

// keptLines is how many lines of vLLM's output show why it failed.
const keptLines = 15

// Tensorize has the vLLM of an environment load a model and write its weights into a
// directory with its own tensorizer, as model.tensors. vLLM keeps the locks that are held, too.
// An environment that lacks the tensorizer, or the compiler that a start needs, is refused.
func Tensorize(ctx context.Context, installed *environment.Installed, held []*os.File, model, dir string) error {
	if err := mayTensorize(installed, filepath.Base(model)); err != nil {
		return err
	}
	printed := &process.Tail{Keep: keptLines}
	program := &process.Program{
		Args:  []string{installed.Python(), "-c", tensorize, model, dir},
		Env:   installed.Variables(map[string]string{"HF_HUB_OFFLINE": "1", "PYTHONUNBUFFERED": "1"}),
		Limit: tensorizeLimit, Grace: time.Minute,
		Files: held, Begun: func(group int) { lock.Extend(held, group) },
	}
	filtered := privacy.Secrets(os.Environ()).Writer(printed)
	err := program.Run(ctx, filtered)
	filtered.Close()
	if err == nil || ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("vLLM's tensorizer failed (%w):\n    %s", err, strings.Join(printed.Lines(), "\n    "))
}

// mayTensorize checks that an environment has the tensorizer, and the compiler that loading needs.
func mayTensorize(installed *environment.Installed, model string) error {
	start := result.Configuration{ID: model, Args: []result.Arg{{Name: "load-format", Value: "tensorizer"}}}
	checker := environment.Checker{Open: func(*result.Configuration) (*environment.Installed, error) { return installed, nil }}
	return checker.Check(&result.Set{Configurations: []result.Configuration{start}})
}
