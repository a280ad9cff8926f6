package doctor

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"coldstart/reports/hardware"
)

// checkHardware compares the machine with the declared node.
func checkHardware(_ context.Context, n *Node) []Finding {
	differences := hardware.Node{Name: n.Node.Name, Declared: n.Node.Declared, Probed: n.Probe}.Mismatches()
	if len(differences) == 0 {
		return pass("this machine is as hardware-matrix.yaml declares it")
	}
	says := differences[0].String()
	if len(differences) > 1 {
		var facts []string
		for _, d := range differences {
			facts = append(facts, d.Name)
		}
		says = hardware.Differences(len(facts)) + ": " + strings.Join(facts, ", ")
	}
	return warn(says, n.beside())
}

// beside is the command that shows this machine beside what is declared.
func (n *Node) beside() string { return "coldstart hardware --node " + n.Node.Name }

func checkGPU(_ context.Context, n *Node) []Finding {
	switch {
	case len(n.Probe.GPUs) > 0:
		var names []string
		for _, gpu := range n.Probe.GPUs {
			names = append(names, fmt.Sprintf("%d: %s, %.1f GiB", gpu.Index, gpu.Name, gpu.MemoryGiB))
		}
		return slices.Concat(pass(strings.Join(names, "; ")), missingIndexes(n), hidden(n))
	case n.Node.Declared.GPU == "", hardware.NoGPU(n.Node.Declared.GPU):
		return pass("hardware-matrix.yaml declares none")
	case n.Probe.GPUs == nil:
		return fail("unknown: "+n.Probe.Unknown["gpus"], "install NVIDIA's driver, which has nvidia-smi")
	}
	return fail("this machine has none, but hardware-matrix.yaml declares "+n.Node.Declared.GPU, n.beside())
}

// missingIndexes finds the GPUs that the plan names by index and this machine lacks.
func missingIndexes(n *Node) (findings []Finding) {
	for _, cell := range n.cells() {
		for _, index := range cell.GPU.Indices() {
			if !slices.Contains(hardware.Indices(n.Probe.GPUs), index) {
				says := fmt.Sprintf("job %s needs GPU %d, which this machine lacks", cell.ID, index)
				findings = append(findings, fail(says, "nvidia-smi -L")...)
			}
		}
	}
	return findings
}

// mostUsedGiB is how much memory the driver may use on an idle GPU.
const mostUsedGiB = 1

func checkIdle(_ context.Context, n *Node) []Finding {
	const list = "nvidia-smi --query-compute-apps=gpu_uuid,pid,process_name,used_memory --format=csv"
	return eachGPU(n, "no process uses it", func(gpu hardware.GPU) []Finding {
		switch {
		case gpu.Processes > 0:
			return fail(fmt.Sprintf("GPU %d is in use (processes: %d)", gpu.Index, gpu.Processes), list)
		case gpu.UsedGiB > mostUsedGiB:
			return fail(fmt.Sprintf("GPU %d has %.1f GiB in use by a process that is not visible here",
				gpu.Index, gpu.UsedGiB), list)
		}
		return nil
	})
}

// checkGPUState finds settings that make one start differ from the next.
func checkGPUState(_ context.Context, n *Node) []Finding {
	return eachGPU(n, "nothing slows it down", func(gpu hardware.GPU) (findings []Finding) {
		at, smi := fmt.Sprintf("GPU %d ", gpu.Index), fmt.Sprintf("nvidia-smi -i %d ", gpu.Index)
		if gpu.Persists == "disabled" {
			findings = append(findings, warn(at+"loads its driver anew for each start: persistence is off",
				"sudo "+smi+"-pm 1")...)
		}
		if gpu.PowerW > 0 && gpu.PowerW < gpu.DefaultW {
			findings = append(findings, warn(fmt.Sprintf("%sis limited to %.0f of %.0f W", at, gpu.PowerW, gpu.DefaultW),
				fmt.Sprintf("sudo %s-pl %.0f", smi, gpu.DefaultW))...)
		}
		if len(gpu.SlowedBy) > 0 {
			findings = append(findings, warn(at+"runs at a reduced clock: "+strings.Join(gpu.SlowedBy, ", "),
				smi+"-q -d PERFORMANCE,TEMPERATURE,POWER")...)
		}
		if gpu.MIG == "enabled" {
			findings = append(findings, warn(at+"is split by MIG: an engine uses a part of it", "sudo "+smi+"-mig 0")...)
		}
		return findings
	})
}

// checkDriver compares the driver with the CUDA that PyTorch was built for. A driver runs
// programs that were built for its CUDA's major version or an older one (NVIDIA, "CUDA
// Compatibility").
func checkDriver(_ context.Context, n *Node) []Finding {
	built, runs := n.Probe.Environment.CUDA, n.Probe.Driver.CUDA
	switch {
	case len(n.Probe.GPUs) == 0 || built == "":
		return nil
	case runs == "":
		return warn("the driver's CUDA version is unknown: "+n.Probe.Unknown["driver.cuda"], "nvidia-smi")
	case major(runs) < major(built):
		return fail(fmt.Sprintf("driver %s runs CUDA %s, but PyTorch was built for %s", n.Probe.Driver.Version, runs, built),
			"install a driver for CUDA "+built+" or later")
	}
	return pass(fmt.Sprintf("%s runs CUDA %s; PyTorch was built for %s", n.Probe.Driver.Version, runs, built))
}

func major(version string) int {
	text, _, _ := strings.Cut(version, ".")
	n, _ := strconv.Atoi(text)
	return n
}
