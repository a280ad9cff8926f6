package doctor

import (
	"context"
	"fmt"
	"slices"
	"time"

	"coldstart/reports/result"
	"coldstart/runner/engine/local"
)

func checkPageCache(ctx context.Context, n *Node) []Finding {
	drops := func(s *result.Set) bool { return s.DropPageCache }
	switch {
	case !slices.ContainsFunc(n.sets(), drops):
		return nil
	case n.Machine.MayDropPageCache(ctx):
		return pass("this user may drop it")
	}
	return fail("this user may not drop it, which figure 13 needs before every run",
		fmt.Sprintf("echo '%s' | sudo EDITOR='tee -a' visudo -f /etc/sudoers.d/coldstart", local.SudoRule(n.Machine.User())))
}

func checkGovernor(_ context.Context, n *Node) []Finding {
	switch governor := n.Probe.CPU.Governor; governor {
	case "performance":
		return pass("the governor is performance")
	case "":
		return pass("no governor: " + n.Probe.Unknown["cpu.governor"])
	default:
		return warn("the governor is "+governor+", which raises the clock only under load",
			"echo performance | sudo tee /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor")
	}
}

// Shared memory, by which the engine's processes communicate.
const (
	leastSharedGiB  = 0.0625
	enoughSharedGiB = 1
	sharedMemory    = "/dev/shm"
)

func checkSharedMemory(_ context.Context, n *Node) []Finding {
	free, err := n.Machine.FreeGiB(sharedMemory)
	remedy := "sudo mount -o remount,size=8G " + sharedMemory
	says := fmt.Sprintf("%.1f GiB are free in %s", free, sharedMemory)
	switch {
	case err != nil:
		return warn(err.Error(), "sudo mount -t tmpfs -o size=8G tmpfs "+sharedMemory)
	case free < leastSharedGiB:
		return fail(says, remedy)
	case free < enoughSharedGiB:
		return warn(says, remedy)
	}
	return pass(says)
}

// enoughFiles is the limit that vLLM sets for itself when it starts.
const enoughFiles = 65535

func checkOpenFiles(_ context.Context, n *Node) []Finding {
	hard, err := n.Machine.OpenFiles()
	switch {
	case err != nil:
		return warn(err.Error(), "ulimit -Hn")
	case hard < enoughFiles:
		return warn(fmt.Sprintf("a process may open %d files, and vLLM asks for %d", hard, enoughFiles),
			fmt.Sprintf("echo '%s hard nofile %d' | sudo tee -a /etc/security/limits.conf", n.Machine.User(), enoughFiles))
	}
	return pass(fmt.Sprintf("a process may open %d files", hard))
}

// slowSources are clock sources that cost a system call, or drift.
var slowSources = []string{"hpet", "acpi_pm", "jiffies", "refined-jiffies"}

func checkClock(_ context.Context, n *Node) (findings []Finding) {
	if source := n.Probe.ClockSource; slices.Contains(slowSources, source) {
		findings = append(findings, warn("the kernel's clock source is "+source+", which is slow",
			"cat /sys/devices/system/clocksource/clocksource0/available_clocksource")...)
	}
	synchronized, err := n.Machine.ClockSynchronized()
	switch {
	case err != nil:
		findings = append(findings, warn("whether the clock is synchronized is unknown: "+err.Error(), "timedatectl")...)
	case !synchronized:
		findings = append(findings, warn("the clock is not synchronized; setting it during a start spoils the phases",
			"sudo timedatectl set-ntp true")...)
	}
	if len(findings) == 0 {
		return pass("synchronized, source " + n.Probe.ClockSource)
	}
	return findings
}

// mostSkew is how far the clock may be from the server's, whose tokens expire.
const mostSkew = time.Minute

func checkServer(ctx context.Context, n *Node) []Finding {
	if n.API == "" {
		return nil
	}
	there, err := n.Machine.ServerTime(ctx, n.API)
	if err != nil {
		return fail(fmt.Sprintf("%s cannot be reached: %v", n.API, err), "curl -sSI "+n.API)
	}
	if skew := n.Machine.Now().Sub(there).Abs().Round(time.Second); skew > mostSkew {
		return fail(fmt.Sprintf("%s answers, but its clock and this one are %v apart", n.API, skew),
			"sudo timedatectl set-ntp true")
	}
	return pass(n.API + " answers")
}

func checkRunner(ctx context.Context, n *Node) []Finding {
	runner, exists := n.Machine.Runner(ctx, n.Node.Name)
	switch {
	case !exists && n.API == "":
		return nil
	case !exists:
		return warn("none is registered here for "+n.Node.Name, n.Asked.Register)
	case runner.Trouble != "":
		return warn(runner.Trouble, runner.Remedy)
	case runner.Version == "":
		return pass("its version is unknown: this user may not read it, or an old coldstart registered it")
	}
	return pass("version " + runner.Version)
}

func checkLibraries(ctx context.Context, n *Node) []Finding {
	if n.Machine.MissingLibraries == nil {
		return nil
	}
	if says, remedy := n.Machine.MissingLibraries(ctx); says != "" {
		return warn(says, remedy)
	}
	return pass("GitHub's runner has all that it needs")
}
