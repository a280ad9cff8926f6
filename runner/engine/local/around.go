package local

import (
	"time"

	"github.com/shirou/gopsutil/v4/cpu"
	"github.com/shirou/gopsutil/v4/load"
	"github.com/shirou/gopsutil/v4/mem"

	"coldstart/reports/hardware"
	"coldstart/reports/result"
)

// surroundings are the state of the machine before a run, completed after it.
type surroundings struct {
	around result.Around
	begun  time.Time
	busy   float64 // core seconds since the machine started
	known  bool    // busy is known
	read   float64 // from the drives since the machine booted, GiB
	reads  bool    // read is known
}

func look(gpus []hardware.GPU) *surroundings {
	s := &surroundings{begun: time.Now()}
	if average, err := load.Avg(); err == nil {
		s.around.LoadBefore = &average.Load1
	}
	if memory, err := mem.VirtualMemory(); err == nil {
		gib := float64(memory.Available) / (1 << 30)
		s.around.AvailableGiB = &gib
	}
	for _, g := range gpus {
		s.around.GPUs = append(s.around.GPUs, result.GPUState{
			Index: g.Index, UsedGiB: g.UsedGiB, Processes: g.Processes, SlowedBy: g.SlowedBy,
		})
	}
	s.busy, s.known = busySeconds()
	s.read, s.reads = readGiB()
	return s
}

// since completes the state after a run that used the cores for a time.
func (s *surroundings) since(used time.Duration) *result.Around {
	if busy, known := busySeconds(); known && s.known {
		others := max(0, (busy-s.busy-used.Seconds())/time.Since(s.begun).Seconds())
		s.around.OthersBusy = &others
	}
	if read, known := readGiB(); known && s.reads {
		during := read - s.read
		s.around.ReadGiB = &during
	}
	return &s.around
}

// busySeconds is how long all cores together were busy since the machine started.
func busySeconds() (seconds float64, known bool) {
	times, err := cpu.Times(false)
	if err != nil || len(times) == 0 {
		return 0, false
	}
	t := times[0]
	return t.User + t.Nice + t.System + t.Irq + t.Softirq + t.Steal, true
}
