package local

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

// coreSampler samples how busy every core is while an engine starts, from outside the
// measured process: figure 12. It reads the kernel's counters (/proc/stat, proc(5)) at a
// steady interval, and keeps the share of the interval that each core was not idle.
type coreSampler struct {
	stat  io.ReaderAt
	stop  chan struct{}
	done  sync.WaitGroup
	usage result.CPUUsage
	err   error
}

func startCoreSampler(interval time.Duration) (*coreSampler, error) {
	stat, err := os.Open("/proc/stat")
	if err != nil {
		return nil, fmt.Errorf("cannot sample the cores: %w", err)
	}
	s := newCoreSampler(stat, interval)
	s.done.Go(func() { defer stat.Close(); s.sample(interval) })
	return s, nil
}

func newCoreSampler(stat io.ReaderAt, interval time.Duration) *coreSampler {
	return &coreSampler{stat: stat, stop: make(chan struct{}), usage: result.CPUUsage{Interval: interval.Seconds()}}
}

// end ends sampling and returns the samples, those before an error too: as many as a
// result keeps.
func (s *coreSampler) end() (*result.CPUUsage, error) {
	close(s.stop)
	s.done.Wait()
	s.usage.Thin("")
	return &s.usage, s.err
}

func (s *coreSampler) sample(interval time.Duration) {
	var buffer []byte
	var before, now []counters
	next := time.Now()
	for first := true; ; first = false {
		if buffer, s.err = readStat(s.stat, buffer); s.err != nil {
			return
		}
		if now, s.err = parseCores(buffer, now[:0]); s.err != nil {
			return
		}
		if !first {
			if len(now) != len(before) { // the samples' columns would mix cores
				s.err = fmt.Errorf("/proc/stat had %d cores, then %d", len(before), len(now))
				return
			}
			s.usage.Samples = append(s.usage.Samples, busyPercent(before, now))
		}
		before, now = now, before
		next = next.Add(interval)
		sleepUntil(next)
		select {
		case <-s.stop:
			return
		default:
		}
	}
}

// sleepUntil sleeps in the kernel. A Go timer would also wake the scheduler, which costs
// about as much as a sample.
func sleepUntil(t time.Time) {
	for left := time.Until(t); left > 0; left = time.Until(t) {
		timeout := unix.NsecToTimeval(left.Nanoseconds())
		unix.Select(0, nil, nil, nil, &timeout) // a signal may end it early
	}
}

// readStat reads the file from its beginning and enlarges the buffer as needed: the kernel
// makes the file anew at each reading.
func readStat(file io.ReaderAt, buffer []byte) ([]byte, error) {
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

// parseCores reads the lines "cpu0 user nice system idle iowait …", which stand first in
// /proc/stat, and appends one core for each. idle and iowait count as idle; guest times
// are part of user and nice.
func parseCores(stat []byte, cores []counters) ([]counters, error) {
	for line := range bytes.Lines(stat) {
		if !bytes.HasPrefix(line, []byte("cpu")) {
			break
		}
		if bytes.HasPrefix(line, []byte("cpu ")) {
			continue // all cores together
		}
		core, ok := parseCore(line)
		if !ok {
			return cores, fmt.Errorf("/proc/stat: %q has no counters", line)
		}
		cores = append(cores, core)
	}
	if len(cores) == 0 {
		return cores, errors.New("/proc/stat has no cores")
	}
	return cores, nil
}

// Columns of a core's line. guest and guest_nice follow the counted ones.
const (
	idleColumn   = 3
	iowaitColumn = 4
	countColumns = 8
)

func parseCore(line []byte) (core counters, ok bool) {
	_, rest, _ := bytes.Cut(bytes.TrimSpace(line), []byte(" "))
	for column := 0; column < countColumns && len(rest) > 0; column++ {
		var field []byte
		field, rest, _ = bytes.Cut(rest, []byte(" "))
		ticks, err := strconv.ParseUint(string(field), 10, 64)
		if err != nil {
			return core, false
		}
		core.total += ticks
		if column != idleColumn && column != iowaitColumn {
			core.busy += ticks
		}
	}
	return core, true
}

// busyPercent is how busy each core was between two readings, 0 … 100. A core whose
// counters stood still or went back counts as idle.
func busyPercent(before, now []counters) []float64 {
	sample := make([]float64, len(now))
	for i := range now {
		if now[i].total > before[i].total && now[i].busy >= before[i].busy {
			sample[i] = 100 * float64(now[i].busy-before[i].busy) / float64(now[i].total-before[i].total)
		}
	}
	return sample
}
