package hardware

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"coldstart/reports/hardware"
)

// dram finds the size of the system's memory and the type of its modules.
func (m *machine) dram(context.Context) (f finding) {
	var found hardware.DRAM
	meminfo, err := m.text("proc/meminfo")
	if found.Size = totalGiB(meminfo); err != nil {
		f.lack("dram.size_gb", err.Error())
	} else if found.Size == 0 {
		f.lack("dram.size_gb", "/proc/meminfo has no MemTotal")
	}
	if found.Type, err = m.moduleType(); err != nil {
		f.lack("dram.type", err.Error())
	}
	f.keep = func(p *hardware.Probe) { p.DRAM = found }
	return f
}

// totalGiB is MemTotal; the "kB" of meminfo are units of 2^10 bytes.
func totalGiB(meminfo string) float64 {
	for line := range strings.Lines(meminfo) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "MemTotal:" && fields[2] == "kB" {
			kib, _ := strconv.ParseUint(fields[1], 10, 64)
			return round(float64(kib)/(1<<20), 2)
		}
	}
	return 0
}

// moduleType is the type of the memory's modules, such as "DDR5". Only root can read the
// firmware's own table, but udev read it when the machine booted, and the driver that
// counts memory errors knows the type as well.
func (m *machine) moduleType() (string, error) {
	for _, kinds := range [][]string{m.udevModules(), m.edacModules()} {
		if len(kinds) > 0 {
			return strings.Join(kinds, ", "), nil
		}
	}
	kinds, err := m.smbiosModules()
	return strings.Join(kinds, ", "), err
}

// udevModules are the types in udev's record of the firmware's table.
func (m *machine) udevModules() (kinds []string) {
	for line := range strings.Lines(m.content("run/udev/data/+dmi:id")) {
		property, ok := strings.CutPrefix(strings.TrimSpace(line), "E:MEMORY_DEVICE_")
		if name, kind, _ := strings.Cut(property, "="); ok && strings.HasSuffix(name, "_TYPE") {
			kinds = addKind(kinds, kind)
		}
	}
	return kinds
}

// edacModules are the types in the error counting driver's files, such as
// "Registered-DDR5".
func (m *machine) edacModules() (kinds []string) {
	for _, text := range m.texts("sys/devices/system/edac/mc/mc*/dimm*/dimm_mem_type") {
		if i := strings.LastIndex(text, "DDR"); i >= 0 {
			kinds = addKind(kinds, text[i:])
		}
	}
	return kinds
}

// smbiosModules are the types in the firmware's own table: each structure of type 17 is a
// module or an empty slot.
func (m *machine) smbiosModules() (kinds []string, err error) {
	const entries = "sys/firmware/dmi/entries"
	for _, name := range m.names(entries) {
		if !strings.HasPrefix(name, "17-") {
			continue
		}
		var raw string
		if raw, err = m.text(entries + "/" + name + "/raw"); err == nil {
			kinds = addKind(kinds, smbiosType(raw))
		}
	}
	if len(kinds) == 0 && err == nil {
		err = errNoTable
	}
	return kinds, err
}

// smbiosType is the type of memory in a structure of type 17 (SMBIOS reference
// specification, 7.18.2).
func smbiosType(raw string) string {
	const at = 0x12
	if len(raw) <= at {
		return ""
	}
	return map[byte]string{
		0x18: "DDR3", 0x1a: "DDR4", 0x1b: "LPDDR", 0x1c: "LPDDR2", 0x1d: "LPDDR3", 0x1e: "LPDDR4",
		0x20: "HBM", 0x21: "HBM2", 0x22: "DDR5", 0x23: "LPDDR5", 0x24: "HBM3",
	}[raw[at]]
}

// addKind adds a new type. Empty slots have "Unknown".
func addKind(kinds []string, kind string) []string {
	if kind == "" || kind == "Unknown" || kind == "Other" || slices.Contains(kinds, kind) {
		return kinds
	}
	return append(kinds, kind)
}
