package hardware

import (
	"cmp"
	"context"
	"errors"
	"math"
	"strings"

	"coldstart/reports/hardware"
)

var errNoTable = errors.New("no firmware table describes the modules, as in most virtual machines")

// system finds operating system, kernel and clock source.
func (m *machine) system(context.Context) (f finding) {
	release, err := m.text("etc/os-release")
	if err != nil {
		release, err = m.text("usr/lib/os-release")
	}
	name := distribution(release)
	if err != nil {
		f.lack("os", err.Error())
	} else if name == "" {
		f.lack("os", "os-release names none")
	}
	kernel, err := m.text("proc/sys/kernel/osrelease")
	if err != nil {
		f.lack("kernel", err.Error())
	}
	clock, err := m.text("sys/devices/system/clocksource/clocksource0/current_clocksource")
	if err != nil {
		f.lack("clock_source", err.Error())
	}
	f.keep = func(p *hardware.Probe) { p.OS, p.Kernel, p.ClockSource = name, kernel, clock }
	return f
}

// paperNames are names of distributions in the paper's hardware table, if they differ from
// the distribution's own.
var paperNames = map[string]string{
	"debian": "Debian",
	"rhel":   "Red Hat Enterprise Linux (RHEL)",
}

// distribution is a system's name with its release, such as "Debian 12". os-release has
// lines NAME=value, with or without quotes.
func distribution(osRelease string) string {
	fields := map[string]string{}
	for line := range strings.Lines(osRelease) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		fields[name] = strings.Trim(value, `"'`)
	}
	name := cmp.Or(paperNames[fields["ID"]], fields["NAME"], fields["ID"])
	return strings.TrimSpace(name + " " + fields["VERSION_ID"])
}

// round rounds to the decimals that a measurement has.
func round(x float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	return math.Round(x*scale) / scale
}
