// Package cores samples how busy every core is while an engine starts, from
// outside the measured process: figure 12.
//
// It reads the kernel's counters (/proc/stat, proc(5)) at a steady interval and
// keeps, for each core, the share of the time since the sample before that it was
// not idle.
package cores

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"coldstart/reports/result"
)

// counters are one core's clock ticks since the machine started.
type counters struct{ busy, total uint64 }

// Sampler samples until it is stopped.
type Sampler struct {
	interval time.Duration
	stat     io.ReaderAt
	stop     chan struct{}
	done     sync.WaitGroup
	usage    result.CPUUsage
	err      error
}

// Start begins to sample at an interval, for which result.DefaultInterval is the
// protocol's.
func Start(interval time.Duration) (*Sampler, error) {
	stat, err := os.Open("/proc/stat")
	if err != nil {
		return nil, fmt.Errorf("the cores cannot be sampled: %w", err)
	}
	s := newSampler(stat, interval)
	s.done.Go(func() { defer stat.Close(); s.sample() })
	return s, nil
}

func newSampler(stat io.ReaderAt, interval time.Duration) *Sampler {
	return &Sampler{interval: interval, stat: stat, stop: make(chan struct{}), usage: result.CPUUsage{Interval: interval.Seconds()}}
}

// Stop ends sampling and returns the samples, those before an error too.
func (s *Sampler) Stop() (*result.CPUUsage, error) {
	close(s.stop)
	s.done.Wait()
	return &s.usage, s.err
}

func (s *Sampler) sample() {
	var buffer []byte
	var before, now []counters
	next := time.Now()
	for first := true; ; first = false {
		if buffer, s.err = readAll(s.stat, buffer); s.err != nil {
			return
		}
		if now, s.err = parse(buffer, now[:0]); s.err != nil {
			return
		}
		if !first {
			if len(now) != len(before) { // whose columns would be of other cores
				s.err = fmt.Errorf("/proc/stat had %d cores, and then %d", len(before), len(now))
				return
			}
			s.usage.Samples = append(s.usage.Samples, percent(before, now))
		}
		before, now = now, before
		next = next.Add(s.interval)
		sleepUntil(next)
		select {
		case <-s.stop:
			return
		default:
		}
	}
}

// sleepUntil sleeps in the kernel. A timer of Go's would wake its scheduler as well,
// which takes about as long again as a sample.
func sleepUntil(t time.Time) {
	for left := time.Until(t); left > 0; left = time.Until(t) {
		timeout := unix.NsecToTimeval(left.Nanoseconds())
		unix.Select(0, nil, nil, nil, &timeout) // which a signal may end early
	}
}

// readAll reads the file from its beginning, into the buffer as far as it
// reaches: the kernel makes the file anew at each reading.
func readAll(file io.ReaderAt, buffer []byte) ([]byte, error) {
	if cap(buffer) == 0 {
		buffer = make([]byte, 64<<10)
	}
	buffer = buffer[:cap(buffer)]
	for {
		n, err := file.ReadAt(buffer, 0)
		switch {
		case err != nil && !errors.Is(err, io.EOF):
			return buffer, err
		case n < len(buffer):
			return buffer[:n], nil
		}
		buffer = make([]byte, 2*len(buffer))
	}
}

// parse reads the lines "cpu0 user nice system idle iowait …" of /proc/stat, which
// stand first in it, and appends a core each. Idle are idle and iowait; guest
// times are counted in user and nice already.
func parse(stat []byte, cores []counters) ([]counters, error) {
	for len(stat) > 0 {
		line, rest, _ := bytes.Cut(stat, []byte("\n"))
		stat = rest
		if !bytes.HasPrefix(line, []byte("cpu")) {
			break
		}
		if len(line) > 3 && line[3] == ' ' {
			continue // all cores together
		}
		core, err := parseCore(line)
		if err != nil {
			return cores, fmt.Errorf("/proc/stat: %q: %w", line, err)
		}
		cores = append(cores, core)
	}
	if len(cores) == 0 {
		return cores, errors.New("/proc/stat has no cores")
	}
	return cores, nil
}

// Columns of a core's line, and how many there are that count.
const (
	idleColumn   = 3
	iowaitColumn = 4
	countColumns = 8 // to steal; guest and guest_nice follow
)

func parseCore(line []byte) (core counters, err error) {
	_, rest, _ := bytes.Cut(line, []byte(" "))
	for column := 0; column < countColumns && len(rest) > 0; column++ {
		var field []byte
		field, rest, _ = bytes.Cut(rest, []byte(" "))
		ticks, err := strconv.ParseUint(string(field), 10, 64)
		if err != nil {
			return counters{}, err
		}
		core.total += ticks
		if column != idleColumn && column != iowaitColumn {
			core.busy += ticks
		}
	}
	return core, nil
}

// percent is how busy each core was between two readings of the same cores, 0 … 100.
// A core whose counters stood still or went back was idle as far as anybody knows.
func percent(before, now []counters) []float64 {
	sample := make([]float64, len(now))
	for i := range now {
		if now[i].total <= before[i].total || now[i].busy < before[i].busy {
			continue
		}
		sample[i] = 100 * float64(now[i].busy-before[i].busy) / float64(now[i].total-before[i].total)
	}
	return sample
}
