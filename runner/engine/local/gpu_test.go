//go:build gpu

package local_test

import (
	"bytes"
	"context"
	"os/exec"
	"strings"
	"testing"
	"time"

	"coldstart/runner/engine"
	"coldstart/runner/engine/local"
)

// These want a GPU, and a python3 with PyTorch:
//
//	go test -tags gpu -run GPU ./runner/engine/local

// holds is a Python program that holds 8 GiB of GPU memory.
const holds = `
import sys, time, torch
block = torch.zeros(8 << 30, dtype=torch.uint8, device="cuda")
torch.cuda.synchronize()
print("holding", flush=True)
time.sleep(float(sys.argv[1]))
`

// python makes commands that run a program.
type python struct {
	shell
	seconds string
}

func (p *python) Command(run engine.Run) (local.Command, error) {
	command, err := p.shell.Command(run)
	command.Args = []string{"python3", "-c", holds, p.seconds}
	return command, err
}

// After a start the GPU's memory is free again without a warning, also if the start was
// interrupted.
func TestGPUIsFreeAfterAStart(t *testing.T) {
	for name, start := range map[string]struct {
		seconds string
		limit   time.Duration
	}{
		"ends by itself": {"1", time.Minute},
		"is ended":       {"1000", 20 * time.Second},
	} {
		e := newEngine(&python{seconds: start.seconds})
		e.Limit = start.limit
		var log bytes.Buffer
		started, err := e.Start(context.Background(), anyRun, &log)
		if err != nil || len(started.Warnings) > 0 || !strings.HasPrefix(log.String(), "holding\n") {
			t.Errorf("%s: %v, warnings %q, log %q", name, err, started.Warnings, log.String())
		}
		if left := usedMiB(t); left != "0" {
			t.Errorf("%s: %s MiB of the GPU are in use after it", name, left)
		}
	}
}

// A start beside another process's work is flagged.
func TestGPUInUse(t *testing.T) {
	other := exec.Command("python3", "-c", holds, "1000")
	stdout, err := other.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { other.Process.Kill(); other.Wait() }()
	if _, err := stdout.Read(make([]byte, 8)); err != nil {
		t.Fatal(err)
	}
	started, err := newEngine(&shell{script: "echo begun"}).Start(context.Background(), anyRun, &bytes.Buffer{})
	if err != nil || len(started.Warnings) != 1 || started.Warnings[0] != "another process used GPU 0 when the engine was started" {
		t.Errorf("%v, warnings %q", err, started.Warnings)
	}
}

func usedMiB(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("nvidia-smi", "--query-gpu=memory.used", "--format=csv,noheader,nounits").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}
