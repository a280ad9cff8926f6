package doctor

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"coldstart/reports/hardware"
)

// checkHardware compares the node with what the lab's file declares.
func checkHardware(_ context.Context, n *Node) []Finding {
	differences := hardware.Node{Name: n.Node.Name, Declared: n.Node.Declared, Probed: n.Probe}.Mismatches()
	if len(differences) == 0 {
		return pass("nothing differs from what the lab's file declares")
	}
	var findings []Finding
	for _, d := range differences {
		findings = append(findings, warn(d.String(), "correct hardware-matrix.yaml, or go to the right machine")...)
	}
	return findings
}

func checkGPU(_ context.Context, n *Node) []Finding {
	switch {
	case len(n.Probe.GPUs) > 0:
		var names []string
		for _, gpu := range n.Probe.GPUs {
			names = append(names, fmt.Sprintf("%d: %s, %.1f GiB", gpu.Index, gpu.Name, gpu.MemoryGiB))
		}
		return append(pass(strings.Join(names, "; ")), missingIndexes(n)...)
	case n.Node.Declared.GPU == "":
		return pass("none is declared")
	case n.Probe.GPUs == nil:
		return fail("not known: "+n.Probe.Unknown["gpus"], "nvidia-smi")
	}
	return fail("there is none, and the lab's file declares "+n.Node.Declared.GPU, "nvidia-smi")
}

// missingIndexes are the GPUs that the plan names by index and that are not there.
func missingIndexes(n *Node) (findings []Finding) {
	for _, cell := range n.cells() {
		if cell.GPU != nil && !slices.ContainsFunc(n.Probe.GPUs, func(gpu hardware.GPU) bool { return gpu.Index == *cell.GPU }) {
			findings = append(findings, fail(fmt.Sprintf("%s is to run on GPU %d, which is not there", cell.ID, *cell.GPU), "nvidia-smi -L")...)
		}
	}
	return findings
}

// mostUsedGiB is how much memory a GPU may have in use that nobody measures on:
// the driver's own.
const mostUsedGiB = 1

func checkIdle(_ context.Context, n *Node) (findings []Finding) {
	const list = "nvidia-smi --query-compute-apps=gpu_uuid,pid,process_name,used_memory --format=csv"
	for _, gpu := range n.Probe.GPUs {
		switch {
		case gpu.Processes > 0:
			findings = append(findings, fail(fmt.Sprintf("GPU %d is in use, by this many processes: %d", gpu.Index, gpu.Processes), list)...)
		case gpu.UsedGiB > mostUsedGiB:
			findings = append(findings, fail(fmt.Sprintf("GPU %d has %.1f GiB in use, by a process that cannot be seen from here", gpu.Index, gpu.UsedGiB), list)...)
		}
	}
	if len(findings) == 0 && len(n.Probe.GPUs) > 0 {
		return pass("no process uses it")
	}
	return findings
}

// checkGPUState finds settings that make one start differ from the next.
func checkGPUState(_ context.Context, n *Node) (findings []Finding) {
	for _, gpu := range n.Probe.GPUs {
		at := fmt.Sprintf("GPU %d ", gpu.Index)
		index := strconv.Itoa(gpu.Index)
		if gpu.Persists == "disabled" {
			findings = append(findings, warn(at+"loads its driver anew for each start: persistence is off", "sudo nvidia-smi -i "+index+" -pm 1")...)
		}
		if gpu.PowerW > 0 && gpu.PowerW < gpu.DefaultW {
			findings = append(findings, warn(fmt.Sprintf("%sis held to %.0f of %.0f W", at, gpu.PowerW, gpu.DefaultW), fmt.Sprintf("sudo nvidia-smi -i %s -pl %.0f", index, gpu.DefaultW))...)
		}
		if len(gpu.SlowedBy) > 0 {
			findings = append(findings, warn(at+"has its clock held down: "+strings.Join(gpu.SlowedBy, ", "), "nvidia-smi -i "+index+" -q -d PERFORMANCE,TEMPERATURE,POWER")...)
		}
		if gpu.MIG == "enabled" {
			findings = append(findings, warn(at+"is split by MIG; a start sees a part of it", "sudo nvidia-smi -i "+index+" -mig 0")...)
		}
	}
	if len(findings) == 0 && len(n.Probe.GPUs) > 0 {
		return pass("nothing holds it back")
	}
	return findings
}

// checkDriver compares the driver with the CUDA that PyTorch was built for. A
// driver runs what was built for any release of its own CUDA's major version, and
// for older ones (NVIDIA, "CUDA Compatibility").
func checkDriver(_ context.Context, n *Node) []Finding {
	built, runs := n.Probe.Environment.CUDA, n.Probe.Driver.CUDA
	switch {
	case len(n.Probe.GPUs) == 0 || built == "":
		return nil
	case runs == "":
		return warn("not known, which CUDA the driver runs: "+n.Probe.Unknown["driver.cuda"], "nvidia-smi")
	case major(runs) < major(built):
		return fail(fmt.Sprintf("driver %s runs CUDA %s, and PyTorch was built for %s", n.Probe.Driver.Version, runs, built), "install a driver for CUDA "+built+" or later")
	}
	return pass(fmt.Sprintf("%s runs CUDA %s, PyTorch was built for %s", n.Probe.Driver.Version, runs, built))
}

func major(version string) int {
	text, _, _ := strings.Cut(version, ".")
	n, _ := strconv.Atoi(text)
	return n
}
