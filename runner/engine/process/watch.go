package process

import (
	"bufio"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"coldstart/reports/hardware"
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

	smi   *exec.Cmd // nil where there is none, and nothing to be seen
	done  chan struct{}
	other atomic.Int64 // process; 0 for none
}

// begin begins to look.
func (w *watch) begin(group int) {
	smi := exec.Command("nvidia-smi", "--query-compute-apps=pid", "--format=csv,noheader,nounits", "--loop="+strconv.Itoa(lookEvery), "--id="+w.indexes())
	smi.SysProcAttr = attributes()
	out, err := smi.StdoutPipe()
	if err != nil || smi.Start() != nil {
		return
	}
	w.smi, w.done = smi, make(chan struct{})
	go func() {
		defer close(w.done)
		w.read(out, group)
		smi.Wait()
	}()
}

func (w *watch) indexes() string {
	var all []string
	for _, g := range w.gpus {
		all = append(all, strconv.Itoa(g.Index))
	}
	return strings.Join(all, ",")
}

// read reads a process a line.
func (w *watch) read(out io.Reader, group int) {
	for lines := bufio.NewScanner(out); lines.Scan(); {
		process, err := strconv.Atoi(strings.TrimSpace(lines.Text()))
		if err != nil {
			continue
		}
		if of, err := syscall.Getpgid(process); err == nil && of != group {
			w.other.Store(int64(process))
		}
	}
}

// end ends looking, and says who else was seen.
func (w *watch) end() []string {
	if w.smi == nil {
		return nil
	}
	w.smi.Process.Kill()
	select {
	case <-w.done:
	case <-time.After(mostSlow):
	}
	if other := w.other.Load(); other != 0 {
		return []string{fmt.Sprintf("GPU %s was used by another process, %d, during the run", w.indexes(), other)}
	}
	return nil
}
