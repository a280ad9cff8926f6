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
	"coldstart/runner/process"
)

const (
	// lookEvery is how often the users of the GPUs are looked at during a run,
	// seconds. One nvidia-smi that loops costs far less than one for each look.
	lookEvery = 5
	// mostSlow is how long nvidia-smi may take to end; it does not while the driver
	// hangs.
	mostSlow = time.Second
)

// watch looks during a run for a process that uses its GPUs and is not of the
// run's process group. Those of other containers, whose processes cannot be seen
// from here, it cannot tell from the run's own, and leaves alone.
type watch struct {
	gpus []hardware.GPU

	stop  context.CancelFunc
	done  chan struct{}
	other atomic.Int64 // process; 0 for none
}

// begin begins to look. Without nvidia-smi there is nothing to be seen.
func (w *watch) begin(group int) {
	smi := process.Program{
		Args: []string{"nvidia-smi", "--query-compute-apps=pid", "--format=csv,noheader,nounits",
			"--loop=" + strconv.Itoa(lookEvery), "--id=" + w.indexes()},
		Errors: io.Discard,
	}
	ctx, stop := context.WithCancel(context.Background())
	w.stop, w.done = stop, make(chan struct{})
	go func() {
		defer close(w.done)
		smi.Run(ctx, &process.Tail{Each: func(line string) { w.see(line, group) }})
	}()
}

func (w *watch) indexes() string {
	var all []string
	for _, g := range w.gpus {
		all = append(all, strconv.Itoa(g.Index))
	}
	return strings.Join(all, ",")
}

// see reads a line of nvidia-smi: the number of a process that uses a GPU.
func (w *watch) see(line string, group int) {
	user, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		return
	}
	if of, err := syscall.Getpgid(user); err == nil && of != group {
		w.other.Store(int64(user))
	}
}

// end ends looking, and says who else was seen.
func (w *watch) end() []string {
	w.stop()
	select {
	case <-w.done:
	case <-time.After(mostSlow):
	}
	if other := w.other.Load(); other != 0 {
		return []string{fmt.Sprintf("GPU %s was used by another process, %d, during the run", w.indexes(), other)}
	}
	return nil
}
