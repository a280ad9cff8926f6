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

// gpusOf are the GPUs that a run may use, with what they have in use: the one
// that its role names, or all.
func gpusOf(ctx context.Context, run engine.Run) []hardware.GPU {
	return slices.DeleteFunc(prober.GPUs(ctx), func(g hardware.GPU) bool { return run.GPU != nil && g.Index != *run.GPU })
}

// inUse warns of GPUs that others use. Where their processes cannot be seen from
// here, their memory can.
func inUse(gpus []hardware.GPU) (warnings []string) {
	for _, gpu := range gpus {
		switch {
		case gpu.Processes > 0:
			warnings = append(warnings,
				fmt.Sprintf("GPU %d was in use by another process when the engine was started", gpu.Index))
		case gpu.UsedGiB > slackGiB:
			warnings = append(warnings,
				fmt.Sprintf("GPU %d had %.1f GiB in use when the engine was started", gpu.Index, gpu.UsedGiB))
		}
	}
	return warnings
}

// How memory is awaited: what a GPU may have in use without being used, how often
// and for how long it is looked at.
const (
	slackGiB   = 1
	lookAgain  = 500 * time.Millisecond
	mostWaited = time.Minute
)

// awaitMemory waits until the GPUs of a run have as much memory free as before,
// and warns where they do not get there.
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
