package hardware

import (
	"cmp"
	"context"
	"io/fs"
	"strings"

	"coldstart/reports/hardware"
)

const none = "none"

// virtual tells what container and what virtual machine this is.
func (m *machine) virtual(context.Context) (f finding) {
	container, vm := m.container(), m.hypervisor()
	if container == "" {
		f.lack("container", "/proc tells nothing of it")
	}
	if vm == "" {
		f.lack("vm", "neither the processor nor the firmware tells it")
	}
	f.keep = func(p *hardware.Probe) { p.Container, p.VM = container, vm }
	return f
}

// hostProcesses is how the kernel calls the first of its process namespaces, the
// host's (PROC_PID_INIT_INO). A virtual machine may be made of a container's
// image, with all traces of one, but its processes are in there.
const hostProcesses = "pid:[4026531836]"

// container is the container that the probe runs in, or "none".
func (m *machine) container() string {
	namespace, err := fs.ReadLink(m.files, "proc/self/ns/pid")
	switch {
	case err == nil && namespace == hostProcesses:
		return none
	case m.exists("run/.containerenv"):
		return "podman"
	case m.exists(".dockerenv"):
		return "docker"
	case m.exists("run/systemd/container"):
		return cmp.Or(m.textOr("run/systemd/container", ""), "of systemd")
	}
	groups := m.textOr("proc/self/cgroup", "")
	for _, name := range []string{"kubepods", "docker", "libpod", "lxc"} {
		if strings.Contains(groups, name) {
			return name
		}
	}
	switch {
	case err == nil:
		return "of unknown kind" // processes of its own, and no more is told
	case groups != "":
		return none
	}
	return ""
}

// hypervisors are by what a firmware calls its vendor or product, in the order to
// look for.
var hypervisors = []struct{ sign, name string }{
	{"Amazon EC2", "Amazon EC2"}, {"Google Compute Engine", "Google Compute Engine"},
	{"KVM", "KVM"}, {"QEMU", "KVM"}, {"OpenStack", "KVM"}, {"VMware", "VMware"}, {"VirtualBox", "VirtualBox"}, {"innotek", "VirtualBox"},
	{"Microsoft Corporation", "Hyper-V"}, {"Xen", "Xen"}, {"Parallels", "Parallels"}, {"Bochs", "Bochs"},
}

// clocks are hypervisors by the clock source that they offer.
var clocks = []struct{ sign, name string }{{"kvm-clock", "KVM"}, {"hyperv_clocksource", "Hyper-V"}, {"xen", "Xen"}}

// hypervisor is what the machine is virtual by, or "none".
func (m *machine) hypervisor() string {
	if strings.Contains(m.textOr("proc/sys/kernel/osrelease", ""), "microsoft") {
		return "WSL"
	}
	if kind := m.textOr("sys/hypervisor/type", ""); kind == "xen" {
		return "Xen"
	}
	cpuinfo, err := m.text("proc/cpuinfo")
	x86 := strings.Contains(cpuinfo, "\nflags\t")
	virtual := x86 && flagged(cpuinfo, "hypervisor")
	firmware := m.firmware()
	if virtual || !x86 { // a physical machine's firmware may name its cloud, too
		for _, h := range hypervisors {
			if strings.Contains(firmware, h.sign) {
				return h.name
			}
		}
	}
	if virtual {
		offered := m.textOr("sys/devices/system/clocksource/clocksource0/available_clocksource", "")
		for _, c := range clocks {
			if strings.Contains(offered, c.sign) {
				return c.name
			}
		}
		return "of unknown kind"
	}
	if err != nil || !x86 && firmware == "" {
		return ""
	}
	return none
}

// firmware is how the firmware calls the machine.
func (m *machine) firmware() string {
	var words []string
	for _, name := range []string{"product_name", "sys_vendor", "board_vendor", "bios_vendor"} {
		words = append(words, m.textOr("sys/class/dmi/id/"+name, ""))
	}
	return strings.TrimSpace(strings.Join(words, "\n"))
}

// flagged tells whether the first processor has a flag.
func flagged(cpuinfo, flag string) bool {
	_, flags, _ := strings.Cut(cpuinfo, "\nflags\t")
	flags, _, _ = strings.Cut(flags, "\n")
	for _, f := range strings.Fields(flags) {
		if f == flag {
			return true
		}
	}
	return false
}
