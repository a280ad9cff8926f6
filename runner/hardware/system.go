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

// system tells operating system, kernel and clock source.
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

// paperNames are the names that the paper's hardware table has for a
// distribution, where it does not call itself so.
var paperNames = map[string]string{
	"debian": "Debian",
	"rhel":   "Red Hat Enterprise Linux (RHEL)",
}

// distribution is a system's name with its release: "Debian 12".
func distribution(osRelease string) string {
	fields := assignments(osRelease)
	name := cmp.Or(paperNames[fields["ID"]], fields["NAME"], fields["ID"])
	return strings.TrimSpace(name + " " + fields["VERSION_ID"])
}

// assignments reads the lines of os-release: NAME=value, quoted as in a shell.
func assignments(text string) map[string]string {
	fields := map[string]string{}
	for line := range strings.Lines(text) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		if ok && !strings.HasPrefix(name, "#") {
			fields[name] = unquote(value)
		}
	}
	return fields
}

// unquote takes a shell's quotes and backslashes off a value.
func unquote(value string) string {
	quoted := len(value) >= 2 && value[0] == value[len(value)-1]
	switch {
	case quoted && value[0] == '\'':
		return value[1 : len(value)-1]
	case quoted && value[0] == '"':
		value = value[1 : len(value)-1]
	}
	var plain strings.Builder
	escaped := false
	for _, r := range value {
		if escaped = r == '\\' && !escaped; !escaped {
			plain.WriteRune(r)
		}
	}
	return plain.String()
}

// round rounds to so many decimals: what is measured has no more.
func round(x float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	return math.Round(x*scale) / scale
}
