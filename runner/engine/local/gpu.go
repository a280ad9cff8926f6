package local

import (
	"context"
	"fmt"
	"slices"
	"time"

	"coldstart/reports/hardware"
	"coldstart/runner/catalogue"
	"coldstart/runner/engine"
	prober "coldstart/runner/hardware"
)

// enough checks that a machine has the GPUs of a run, and that those which its command may use
// are as many as its arguments need. Without any, an engine for CPUs may run.
func enough(run engine.Run, has, visible []hardware.GPU) error {
	if len(has) == 0 {
		return nil
	}
	for _, index := range run.GPU.Indices() {
		if !slices.Contains(hardware.Indices(has), index) {
			return fmt.Errorf("%s is to use GPU %d, which this machine lacks: it has %d", run.Configuration.ID, index, len(has))
		}
	}
	n, because := catalogue.NeededGPUs(run.Configuration)
	switch {
	case n > len(has):
		return fmt.Errorf("%s needs %d GPUs (%s), and this machine has %d", run.Configuration.ID, n, because, len(has))
	case n > len(visible) && len(visible) > 0:
		return fmt.Errorf("%s needs %d GPUs (%s), and CUDA_VISIBLE_DEVICES lets it use %d of this machine's %d",
			run.Configuration.ID, n, because, len(visible), len(has))
	}
	return nil
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

// awaitMemory waits until the GPUs that a command with these variables may use have as much
// free memory as before, and warns if they do not within mostWaited.
func awaitMemory(ctx context.Context, variables []string, before []hardware.GPU) []string {
	if len(before) == 0 {
		return nil
	}
	for deadline := time.Now().Add(mostWaited); ; time.Sleep(lookAgain) {
		held := heldSince(before, prober.Visible(variables, prober.GPUs(ctx)))
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
