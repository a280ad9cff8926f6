package process

import (
	"context"
	"fmt"
	"time"

	"coldstart/reports/result"
	"coldstart/runner/hardware"
)

// gpus are the GPUs with what they have in use, as nvidia-smi tells.
func gpus(ctx context.Context) []result.GPU {
	return hardware.Probe(ctx, hardware.Options{}).GPUs
}

// inUse warns of GPUs that others use.
func inUse(gpus []result.GPU) (warnings []string) {
	for _, gpu := range gpus {
		if gpu.Processes > 0 {
			warnings = append(warnings, fmt.Sprintf("GPU %d was in use by another process when the engine was started", gpu.Index))
		}
	}
	return warnings
}

// How memory is awaited: what may stay in use beyond what was before, how often
// and for how long it is looked at.
const (
	slackGiB   = 0.5
	lookAgain  = 500 * time.Millisecond
	mostWaited = time.Minute
)

// awaitMemory waits until the GPUs have as much memory free as before, and warns
// where they do not get there.
func awaitMemory(ctx context.Context, before []result.GPU) []string {
	if len(before) == 0 {
		return nil
	}
	for deadline := time.Now().Add(mostWaited); ; time.Sleep(lookAgain) {
		held := heldSince(before, gpus(ctx))
		if len(held) == 0 || ctx.Err() != nil || time.Now().After(deadline) {
			return held
		}
	}
}

func heldSince(before, now []result.GPU) (held []string) {
	for i := range now {
		if i < len(before) && now[i].UsedGiB > before[i].UsedGiB+slackGiB {
			held = append(held, fmt.Sprintf("GPU %d has %.1f GiB in use after the start, %.1f before it", now[i].Index, now[i].UsedGiB, before[i].UsedGiB))
		}
	}
	return held
}
