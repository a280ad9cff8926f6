package vllm

import (
	"bytes"
	"context"
	_ "embed" // the script
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"coldstart/runner/engine/process"
	"coldstart/runner/environment"
	"coldstart/runner/privacy"
)

//go:embed python/tensorize.py
var tensorize string

// tensorizeLimit is how long a model may take, some thirty times the largest.
const tensorizeLimit = time.Hour

// Tensorize has the vLLM of an environment load a model and write its weights into a
// directory by its own tensorizer, as model.tensors. An error ends with what vLLM
// printed last.
func Tensorize(ctx context.Context, installed *environment.Installed, model, dir string) error {
	printed := &tail{}
	program := &process.Program{
		Args:  []string{installed.Python(), "-c", tensorize, model, dir},
		Env:   installed.Variables(map[string]string{"HF_HUB_OFFLINE": "1", "PYTHONUNBUFFERED": "1"}),
		Limit: tensorizeLimit, Grace: time.Minute,
	}
	filtered := privacy.Secrets(os.Environ()).Writer(printed)
	err := program.Run(ctx, filtered)
	filtered.Close()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err == nil:
		return nil
	case slices.ContainsFunc(printed.lines, func(line string) bool { return strings.Contains(line, "No module named 'tensorizer'") }):
		return fmt.Errorf("environment %s has no tensorizer: name another with --environment, or add it to its packages in the lab's file", installed.Environment.Name)
	}
	return fmt.Errorf("vLLM's tensorizer failed (%w):\n    %s", err, strings.Join(printed.lines, "\n    "))
}

// tail keeps the last lines that it is given, one at a time.
type tail struct{ lines []string }

var _ io.Writer = (*tail)(nil)

func (t *tail) Write(line []byte) (int, error) {
	const kept = 15
	if text := bytes.TrimRight(line, "\r\n\t "); len(text) > 0 {
		t.lines = append(t.lines, string(text))
		t.lines = slices.Delete(t.lines, 0, max(0, len(t.lines)-kept))
	}
	return len(line), nil
}
