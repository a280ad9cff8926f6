package hardware

import (
	"cmp"
	"context"
	"io/fs"
	"slices"
	"strings"

	"coldstart/reports/hardware"
)

const none = "none"

// virtual finds the container and the virtual machine.
func (m *machine) virtual(context.Context) (f finding) {
	container, vm := m.container(), m.hypervisor()
	if container == "" {
		f.lack("container", "/proc does not say")
	}
	if vm == "" {
		f.lack("vm", "neither the processor nor the firmware says")
	}
	f.keep = func(p *hardware.Probe) { p.Container, p.VM = container, vm }
	return f
}

// hostProcesses is the kernel's name of the host's process namespace (PROC_PID_INIT_INO).
// A virtual machine made of a container's image has all traces of a container, but its
// processes are in this namespace.
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
		return cmp.Or(m.content("run/systemd/container"), "of systemd")
	}
	groups := m.content("proc/self/cgroup")
	for _, name := range []string{"kubepods", "docker", "libpod", "lxc"} {
		if strings.Contains(groups, name) {
			return name
		}
	}
	switch {
	case err == nil:
		return "of unknown kind" // it has a process namespace of its own
	case groups != "":
		return none
	}
	return ""
}

// sign is a text by which a hypervisor is recognized.
type sign struct{ text, name string }

// hypervisors are recognized by the firmware's vendor or product, in this order.
var hypervisors = []sign{
	{"Amazon EC2", "Amazon EC2"}, {"Google Compute Engine", "Google Compute Engine"},
	{"KVM", "KVM"}, {"QEMU", "KVM"}, {"OpenStack", "KVM"}, {"VMware", "VMware"},
	{"VirtualBox", "VirtualBox"}, {"innotek", "VirtualBox"},
	{"Microsoft Corporation", "Hyper-V"}, {"Xen", "Xen"}, {"Parallels", "Parallels"}, {"Bochs", "Bochs"},
}

// clocks are recognized by the clock sources that the hypervisor offers.
var clocks = []sign{{"kvm-clock", "KVM"}, {"hyperv_clocksource", "Hyper-V"}, {"xen", "Xen"}}

// signed is the name of the first sign in a text; empty for none.
func signed(text string, signs []sign) string {
	for _, s := range signs {
		if strings.Contains(text, s.text) {
			return s.name
		}
	}
	return ""
}

// hypervisor is what the machine is virtual by, or "none".
func (m *machine) hypervisor() string {
	if strings.Contains(m.content("proc/sys/kernel/osrelease"), "microsoft") {
		return "WSL"
	}
	if m.content("sys/hypervisor/type") == "xen" {
		return "Xen"
	}
	cpuinfo, err := m.text("proc/cpuinfo")
	_, flags, x86 := strings.Cut(cpuinfo, "\nflags\t")
	flags, _, _ = strings.Cut(flags, "\n") // the first processor's
	firmware := m.firmware()
	switch {
	case slices.Contains(strings.Fields(flags), "hypervisor"):
		offered := m.content("sys/devices/system/clocksource/clocksource0/available_clocksource")
		return cmp.Or(signed(firmware, hypervisors), signed(offered, clocks), "of unknown kind")
	case x86: // a physical machine's firmware may name its cloud, too
		return none
	case err != nil || firmware == "":
		return signed(firmware, hypervisors)
	}
	return cmp.Or(signed(firmware, hypervisors), none)
}

// firmware is the firmware's names for the machine.
func (m *machine) firmware() string {
	var words []string
	for _, name := range []string{"product_name", "sys_vendor", "board_vendor", "bios_vendor"} {
		words = append(words, m.content("sys/class/dmi/id/"+name))
	}
	return strings.TrimSpace(strings.Join(words, "\n"))
}
