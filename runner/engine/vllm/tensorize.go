package vllm

import (
	"context"
	_ "embed" // the script
	"fmt"
	"os"
	"strings"
	"time"

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
func Tensorize(ctx context.Context, installed *environment.Installed, held []*os.File, model, dir string) error {
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
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err == nil:
		return nil
	case strings.Contains(printed.String(), "No module named 'tensorizer'"):
		return fmt.Errorf("environment %s has no tensorizer: choose another with --environment, or add it to its "+
			"packages in hardware-matrix.yaml", installed.Environment.Name)
	}
	return fmt.Errorf("vLLM's tensorizer failed (%w):\n    %s", err, strings.Join(printed.Lines(), "\n    "))
}
