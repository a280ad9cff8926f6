package hardware

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/shirou/gopsutil/v4/common"
	"github.com/shirou/gopsutil/v4/cpu"

	"coldstart/reports/hardware"
)

// cpu finds the processors in /proc/cpuinfo and the governor in cpufreq. gopsutil has names
// for the numbers by which cpuinfo identifies ARM processors.
func (m *machine) cpu(ctx context.Context) (f finding) {
	threads, err := m.threads(ctx)
	if err != nil {
		f.lack("cpu", err.Error())
	}
	found := processors(threads, m.socket)
	if err == nil && found.Model == "" {
		f.lack("cpu.model", "/proc/cpuinfo names none")
	}
	if err == nil && found.Sockets == 0 {
		f.lack("cpu.sockets", "neither /proc/cpuinfo nor /sys/devices/system/cpu says")
	}
	governors := m.texts("sys/devices/system/cpu/cpu[0-9]*/cpufreq/scaling_governor")
	if found.Governor = strings.Join(governors, ", "); found.Governor == "" {
		f.lack("cpu.governor", "the kernel does not govern the clock here (no cpufreq); in a virtual machine, its host does")
	}
	f.keep = func(p *hardware.Probe) { p.CPU = found }
	return f
}

// threads are the logical processors.
func (m *machine) threads(ctx context.Context) ([]cpu.InfoStat, error) {
	if _, err := m.text("proc/cpuinfo"); err != nil {
		return nil, err
	}
	ctx = context.WithValue(ctx, common.EnvKey, common.EnvMap{
		common.HostProcEnvKey: filepath.Join(m.Root, "proc"), common.HostSysEnvKey: filepath.Join(m.Root, "sys"),
	})
	threads, err := cpu.InfoWithContext(ctx)
	switch {
	case err != nil:
		return nil, fmt.Errorf("/proc/cpuinfo: %w", cause(err))
	case len(threads) == 0:
		return nil, errors.New("/proc/cpuinfo lists no processor")
	}
	return threads, nil
}

// socket is the socket of a thread if cpuinfo does not say it, as on ARM.
func (m *machine) socket(thread int32) string {
	return m.content(fmt.Sprintf("sys/devices/system/cpu/cpu%d/topology/physical_package_id", thread))
}

// processors counts sockets and cores. If sockets differ in cores, because some cores are
// switched off, the largest counts.
func processors(threads []cpu.InfoStat, socketOf func(int32) string) (found hardware.ProbedCPU) {
	found.Threads = len(threads)
	cores := map[string]map[string]bool{} // by socket
	for _, thread := range threads {
		found.Model = cmp.Or(found.Model, strings.Join(strings.Fields(thread.ModelName), " "))
		socket := cmp.Or(thread.PhysicalID, socketOf(thread.CPU))
		if socket == "" || thread.CoreID == "" {
			continue
		}
		if cores[socket] == nil {
			cores[socket] = map[string]bool{}
		}
		cores[socket][thread.CoreID] = true
	}
	found.Sockets = len(cores)
	for _, ids := range cores {
		found.Cores = max(found.Cores, len(ids))
	}
	return found
}
