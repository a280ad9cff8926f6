package hardware

import (
	"slices"
	"strconv"
	"strings"

	"coldstart/reports/hardware"
	"coldstart/runner/process"
)

// Visible are the GPUs of a machine that a process with these variables, NAME=value, may use:
// those that CUDA_VISIBLE_DEVICES names, in its order, or all without it. CUDA ends the list
// at the first name that does not name one GPU (NVIDIA, CUDA Programming Guide, "CUDA
// Environment Variables"), and shows none if one is named twice (PyTorch 2.7.1,
// _parse_visible_devices). All are visible also where it cannot be told which ones are meant:
// parts of a GPU (MIG) by their own names, and numbers on a machine with unlike GPUs, whose
// fastest CUDA counts first unless CUDA_DEVICE_ORDER is PCI_BUS_ID.
func Visible(variables []string, has []hardware.GPU) []hardware.GPU {
	names, set := process.Variable(variables, "CUDA_VISIBLE_DEVICES")
	if !set {
		return has
	}
	order, _ := process.Variable(variables, "CUDA_DEVICE_ORDER")
	numbered := order == "PCI_BUS_ID" || alike(has)
	var visible []hardware.GPU
	for name := range strings.SplitSeq(names, ",") {
		name = partOf(strings.TrimSpace(name))
		index, err := strconv.Atoi(name)
		if strings.HasPrefix(name, "MIG-") || err == nil && !numbered {
			return has
		}
		meant := slices.DeleteFunc(slices.Clone(has), func(g hardware.GPU) bool {
			byNumber, byUUID := err == nil && g.Index == index, strings.HasPrefix(name, "GPU-") && strings.HasPrefix(g.UUID, name)
			return !byNumber && !byUUID
		})
		switch {
		case len(meant) != 1:
			return visible
		case slices.Contains(hardware.Indices(visible), meant[0].Index):
			return nil
		}
		visible = append(visible, meant[0])
	}
	return visible
}

// partOf is the GPU of a part that is named as MIG-GPU-UUID/instance/compute instance; other names
// are their own.
func partOf(name string) string {
	if whole, part := strings.CutPrefix(name, "MIG-GPU-"); part {
		uuid, _, _ := strings.Cut(whole, "/")
		return "GPU-" + uuid
	}
	return name
}

func alike(gpus []hardware.GPU) bool {
	return !slices.ContainsFunc(gpus, func(g hardware.GPU) bool { return g.Name != gpus[0].Name })
}
