package hardware

import (
	"context"
	"fmt"
	"strings"

	"coldstart/reports/hardware"
)

const nvmeClass = "sys/class/nvme"

// drives finds the NVMe drives and the speed of their links.
func (m *machine) drives(context.Context) (f finding) {
	if !m.exists("sys") {
		f.lack("drives", "this machine has no /sys")
		return f
	}
	found := []hardware.Drive{}
	for i, name := range m.names(nvmeClass) {
		controller := nvmeClass + "/" + name
		drive := hardware.Drive{
			Name: name, Model: m.content(controller + "/model"),
			SizeGB: m.namespaces(controller), Link: m.link(controller + "/device"),
		}
		found = append(found, drive)
		if drive.Link.Generation == 0 {
			f.lack(fmt.Sprintf("drives[%d].link", i), "the kernel shows no link speed, as for virtual and remote drives")
		}
	}
	if len(found) == 0 {
		f.lack("drives", "this machine has no NVMe drive, and others are not looked at")
	}
	f.keep = func(p *hardware.Probe) { p.Drives = found }
	return f
}

// namespaces is the size of all of a controller's namespaces, GB. The kernel
// counts sectors of 512 bytes, whatever the drive's own are.
func (m *machine) namespaces(controller string) float64 {
	sectors := 0
	for _, name := range m.names(controller) {
		if strings.HasPrefix(name, "nvme") { // nvme0n1 of nvme0, nvme0c0n1 where it has several paths
			sectors += m.number(controller + "/" + name + "/size")
		}
	}
	return round(float64(sectors)*512/1e9, 1)
}
