package local

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"coldstart/reports/hardware"
	"coldstart/reports/result"
	"coldstart/runner/process"
)

const (
	// lookEvery is the interval of looking at the users of the GPUs, seconds. One looping
	// nvidia-smi costs far less than one process per look.
	lookEvery = 5
	// mostSlow is how long nvidia-smi may take to end. It does not end while the driver
	// hangs.
	mostSlow = time.Second
)

// watch looks during a run for a process on its GPUs outside of the run's process group. It
// ignores processes that it cannot see, such as those of other containers.
type watch struct {
	gpus []hardware.GPU

	stop  context.CancelFunc
	done  chan struct{}
	other atomic.Int64 // process; 0 for none
}

// begin begins to look. Without nvidia-smi it sees nothing.
func (w *watch) begin(group int) {
	smi := process.Program{
		Args: []string{"nvidia-smi", "--query-compute-apps=pid", "--format=csv,noheader,nounits",
			"--loop=" + strconv.Itoa(lookEvery), "--id=" + string(w.of())},
		Errors: io.Discard,
	}
	ctx, stop := context.WithCancel(context.Background())
	w.stop, w.done = stop, make(chan struct{})
	go func() {
		defer close(w.done)
		smi.Run(ctx, &process.Tail{Each: func(line string) { w.see(line, group) }})
	}()
}

func (w *watch) of() result.GPUs { return result.GPUsOf(hardware.Indices(w.gpus)...) }

// see reads a line of nvidia-smi: the ID of a process that uses a GPU.
func (w *watch) see(line string, group int) {
	user, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		return
	}
	if of, err := syscall.Getpgid(user); err == nil && of != group {
		w.other.Store(int64(user))
	}
}

// end stops looking, and warns if another process was seen.
func (w *watch) end() []string {
	w.stop()
	select {
	case <-w.done:
	case <-time.After(mostSlow):
	}
	if other := w.other.Load(); other != 0 {
		of := w.of().String()
		if len(w.gpus) > 1 {
			of = "one of " + of
		}
		return []string{fmt.Sprintf("process %d also used %s during the run", other, of)}
	}
	return nil
}
