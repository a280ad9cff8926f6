package local

import (
	"cmp"
	"os"
	"slices"
	"strconv"
	"sync"
	"time"

	"coldstart/reports/result"
	"coldstart/runner/process"
)

// lookForProcesses is how often the engine's processes are looked for. When one began is
// known however late it is found; only one that has ended is missed. A look costs one system
// call for every process of the machine that is new to it, and one for each of the engine's.
const lookForProcesses = time.Second

// processWatch keeps when each process of a process group began.
type processWatch struct {
	group int
	boot  time.Time
	seen  map[string]bool // processes of the machine: whether it is the group's
	found map[int]result.Process
	stop  chan struct{}
	done  sync.WaitGroup
}

// watchProcesses begins to look for the processes of a group. Where there is no /proc, it
// finds none.
func watchProcesses(group int) *processWatch {
	w := &processWatch{
		group: group, boot: process.Boot(), seen: map[string]bool{}, found: map[int]result.Process{},
		stop: make(chan struct{}),
	}
	w.lookAt(strconv.Itoa(group)) // which may end at once
	w.done.Go(w.watch)
	return w
}

func (w *processWatch) watch() {
	every := time.NewTicker(lookForProcesses)
	defer every.Stop()
	for {
		w.look()
		select {
		case <-w.stop:
			return
		case <-every.C:
		}
	}
}

func (w *processWatch) look() {
	proc, err := os.Open("/proc")
	if err != nil {
		return
	}
	defer proc.Close()
	names, _ := proc.Readdirnames(-1)
	for _, pid := range names {
		if ours, known := w.seen[pid]; ours || !known {
			w.lookAt(pid)
		}
	}
}

// lookAt looks at an entry of /proc, and keeps a process of the group under its last name:
// vLLM names its processes when they run.
func (w *processWatch) lookAt(name string) {
	pid, err := strconv.Atoi(name)
	if err != nil { // no process
		return
	}
	stat, found := process.ReadStat(name)
	w.seen[name] = found && stat.Group == w.group
	if w.seen[name] {
		w.found[pid] = result.Process{PID: pid, Name: stat.Name, Began: stamp(stat.At(w.boot))}
	}
}

// end ends the looking, and returns the processes in the order in which they began.
func (w *processWatch) end() (all []result.Process) {
	close(w.stop)
	w.done.Wait()
	for _, p := range w.found {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b result.Process) int {
		return cmp.Or(a.Began.Compare(b.Began), cmp.Compare(a.PID, b.PID))
	})
	return all
}

// stamp is a moment as results keep it.
func stamp(t time.Time) time.Time { return t.Round(time.Millisecond).Local() }
