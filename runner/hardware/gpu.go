package hardware

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"coldstart/reports/hardware"
)

// smiLimit is how long nvidia-smi may take. It takes some 30 ms per GPU, about two seconds
// if the driver must be loaded first, and for ever if the driver hangs.
const smiLimit = 4 * time.Second

// gpus finds GPUs and driver by nvidia-smi. Without its answer it reads the kernel's files,
// which say less.
func (m *machine) gpus(ctx context.Context) finding {
	ctx, cancel := context.WithTimeout(ctx, smiLimit)
	defer cancel()
	output, failed := m.Run(ctx, "nvidia-smi", "-q", "-x")
	var status *exec.ExitError
	if failed != nil && !errors.As(failed, &status) {
		return m.kernelGPUs(programError("nvidia-smi", smiLimit, nil, failed))
	}
	log, err := readSMI(output) // even if it failed: a warning about one GPU is enough for that
	switch {
	case err != nil:
		return m.kernelGPUs(programError("nvidia-smi", smiLimit, output, failed))
	case len(log.GPUs) == 0:
		return m.kernelGPUs("nvidia-smi sees no GPU")
	}
	return log.finding()
}

// kernelGPUs finds the GPUs by the PCI bus and the driver's files. why is the reason for
// the facts that these lack.
func (m *machine) kernelGPUs(why string) (f finding) {
	found, known := m.pciGPUs()
	driver := hardware.Driver{Version: m.content("sys/module/nvidia/version")}
	switch {
	case len(found) > 0 && driver.Version == "":
		why = "an NVIDIA GPU is there, but its driver is not loaded; " + why
	case len(found) == 0 && known:
		why = "no NVIDIA GPU is on the PCI bus"
	}
	if len(found) > 0 || !known {
		f.lack("gpus", why)
	}
	f.lack("driver", why)
	f.keep = func(p *hardware.Probe) { p.GPUs, p.Driver = found, driver }
	return f
}

const pciDevices = "sys/bus/pci/devices"

// pciGPUs are the NVIDIA GPUs on the PCI bus, by address. known is false without a bus.
func (m *machine) pciGPUs() (found []hardware.GPU, known bool) {
	addresses := m.names(pciDevices)
	if len(addresses) == 0 {
		return nil, false
	}
	found = []hardware.GPU{}
	for _, address := range addresses {
		device := pciDevices + "/" + address
		const display = "0x03" // class of display and 3D controllers
		if m.content(device+"/vendor") != "0x10de" || !strings.HasPrefix(m.content(device+"/class"), display) {
			continue
		}
		found = append(found, hardware.GPU{Index: len(found), Name: m.driverName(address), Link: m.link(device)})
	}
	return found, true
}

// driverName is the driver's name for the GPU at a PCI address.
func (m *machine) driverName(address string) string {
	for line := range strings.Lines(m.content("proc/driver/nvidia/gpus/" + address + "/information")) {
		if name, ok := strings.CutPrefix(line, "Model:"); ok {
			return strings.TrimSpace(name)
		}
	}
	return ""
}

// link is the PCIe link of the device with a directory.
func (m *machine) link(device string) hardware.Link {
	return hardware.Link{
		Generation:    generation(m.content(device + "/current_link_speed")),
		Width:         m.number(device + "/current_link_width"),
		MaxGeneration: generation(m.content(device + "/max_link_speed")),
		MaxWidth:      m.number(device + "/max_link_width"),
	}
}

// generation is the PCIe generation of a speed such as "32.0 GT/s PCIe"; 0 if unknown.
func generation(speed string) int {
	var transfers float64
	fmt.Sscanf(speed, "%f GT/s", &transfers) // 0 if it does not match
	return map[float64]int{2.5: 1, 5: 2, 8: 3, 16: 4, 32: 5, 64: 6}[transfers]
}
