package local

import (
	"context"
	"fmt"
	"slices"
	"time"

	"coldstart/reports/hardware"
	"coldstart/runner/engine"
	prober "coldstart/runner/hardware"
)

// gpusOf are the GPUs that a run may use: its side's, or all.
func gpusOf(ctx context.Context, run engine.Run) []hardware.GPU {
	return slices.DeleteFunc(prober.GPUs(ctx), func(g hardware.GPU) bool { return run.GPU != nil && g.Index != *run.GPU })
}

// inUse warns of GPUs that others use. In a container their memory is visible, but not
// their processes.
func inUse(gpus []hardware.GPU) (warnings []string) {
	for _, gpu := range gpus {
		switch {
		case gpu.Processes > 0:
			warnings = append(warnings,
				fmt.Sprintf("another process used GPU %d when the engine was started", gpu.Index))
		case gpu.UsedGiB > slackGiB:
			warnings = append(warnings,
				fmt.Sprintf("GPU %d had %.1f GiB in use when the engine was started", gpu.Index, gpu.UsedGiB))
		}
	}
	return warnings
}

const (
	slackGiB   = 1 // an unused GPU may have this much memory in use
	lookAgain  = 500 * time.Millisecond
	mostWaited = time.Minute
)

// awaitMemory waits until the GPUs of a run have as much free memory as before, and warns if
// they do not within mostWaited.
func awaitMemory(ctx context.Context, run engine.Run, before []hardware.GPU) []string {
	if len(before) == 0 {
		return nil
	}
	for deadline := time.Now().Add(mostWaited); ; time.Sleep(lookAgain) {
		held := heldSince(before, gpusOf(ctx, run))
		if len(held) == 0 || ctx.Err() != nil || time.Now().After(deadline) {
			return held
		}
	}
}

func heldSince(before, now []hardware.GPU) (held []string) {
	for i := range now {
		if i < len(before) && now[i].UsedGiB > before[i].UsedGiB+slackGiB {
			held = append(held, fmt.Sprintf("GPU %d has %.1f GiB in use after the start, %.1f before it",
				now[i].Index, now[i].UsedGiB, before[i].UsedGiB))
		}
	}
	return held
}
