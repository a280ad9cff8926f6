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

// smiLimit is how long nvidia-smi may take. It answers in some 30 ms a GPU, in
// two seconds or so where the driver has to be loaded first, and never where the
// driver hangs.
const smiLimit = 4 * time.Second

// GPUs are the machine's GPUs with what they have in use; none where it has none,
// or where that is not known.
func GPUs(ctx context.Context) []hardware.GPU {
	p := part{facts: []string{"gpus"}, look: newMachine(Options{}).gpus}
	p.begin(ctx)
	probe := new(hardware.Probe)
	p.await().keepIn(probe)
	return probe.GPUs
}

// gpus tells GPUs and driver by nvidia-smi, and where that has no answer by the
// files of the kernel, which know less.
func (m *machine) gpus(ctx context.Context) finding {
	ctx, cancel := context.WithTimeout(ctx, smiLimit)
	defer cancel()
	output, failed := m.Run(ctx, "nvidia-smi", "-q", "-x")
	var status *exec.ExitError
	if failed != nil && !errors.As(failed, &status) {
		return m.kernelGPUs(programError("nvidia-smi", smiLimit, nil, failed))
	}
	log, err := readSMI(output) // that it failed is no matter: one warning of a GPU does that
	switch {
	case err != nil:
		return m.kernelGPUs(programError("nvidia-smi", smiLimit, output, failed))
	case len(log.GPUs) == 0:
		return m.kernelGPUs("nvidia-smi sees no GPU")
	}
	return log.finding()
}

// kernelGPUs are the GPUs by the PCI bus and the driver's files. why says why
// there is no more to tell of them.
func (m *machine) kernelGPUs(why string) (f finding) {
	found, known := m.pciGPUs()
	driver := hardware.Driver{Version: m.textOr("sys/module/nvidia/version", "")}
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

// pciGPUs are the NVIDIA GPUs on the PCI bus, by address. known tells that there
// is a bus to look at.
func (m *machine) pciGPUs() (found []hardware.GPU, known bool) {
	addresses := m.names(pciDevices)
	if len(addresses) == 0 {
		return nil, false
	}
	found = []hardware.GPU{}
	for _, address := range addresses {
		device := pciDevices + "/" + address
		const display = "0x03" // class of displays and of 3D controllers
		if m.textOr(device+"/vendor", "") != "0x10de" || !strings.HasPrefix(m.textOr(device+"/class", ""), display) {
			continue
		}
		found = append(found, hardware.GPU{Index: len(found), Name: m.driverName(address), Link: m.link(device)})
	}
	return found, true
}

// driverName is what the driver calls the GPU at a PCI address.
func (m *machine) driverName(address string) string {
	for line := range strings.Lines(m.textOr("proc/driver/nvidia/gpus/"+address+"/information", "")) {
		if name, ok := strings.CutPrefix(line, "Model:"); ok {
			return strings.TrimSpace(name)
		}
	}
	return ""
}

// link is a device's PCIe link, by the files of its directory.
func (m *machine) link(device string) hardware.Link {
	return hardware.Link{
		Generation:    generation(m.textOr(device+"/current_link_speed", "")),
		Width:         m.number(device + "/current_link_width"),
		MaxGeneration: generation(m.textOr(device+"/max_link_speed", "")),
		MaxWidth:      m.number(device + "/max_link_width"),
	}
}

// generation is the PCIe generation of a link's speed as the kernel writes it,
// "32.0 GT/s PCIe"; 0 for one that is not known.
func generation(speed string) int {
	var transfers float64
	if _, err := fmt.Sscanf(speed, "%f GT/s", &transfers); err != nil {
		return 0
	}
	return map[float64]int{2.5: 1, 5: 2, 8: 3, 16: 4, 32: 5, 64: 6}[transfers]
}
