package local

import (
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const stat = `cpu  300 0 100 1600 0 0 0 0 0 0
cpu0 200 0 50 750 0 0 0 0 0 0
cpu1 100 0 50 800 50 0 0 0 40 0
intr 1 2 3
ctxt 4
`

func TestParseCores(t *testing.T) {
	got, err := parseCores([]byte(stat), nil)
	want := []counters{{busy: 250, total: 1000}, {busy: 150, total: 1000}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(counters{})); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for _, bad := range []string{"", "intr 1\n", "cpu0 x\n"} {
		if cores, err := parseCores([]byte(bad), nil); err == nil {
			t.Errorf("%q is read as %v", bad, cores)
		}
	}
}

func TestBusyPercent(t *testing.T) {
	before := []counters{{busy: 0, total: 100}, {busy: 50, total: 100}, {busy: 50, total: 100}}
	now := []counters{{busy: 5, total: 110}, {busy: 50, total: 110}, {busy: 40, total: 110}}
	if got, want := busyPercent(before, now), []float64{50, 0, 0}; !cmp.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// noted is a file that reports each reading to whoever waits for one.
type noted struct {
	io.ReaderAt
	read chan struct{}
}

func (f *noted) ReadAt(p []byte, off int64) (int, error) {
	select {
	case f.read <- struct{}{}:
	default:
	}
	return f.ReaderAt.ReadAt(p, off)
}

// Each sample has all cores of this machine, each 0 to 100 % busy.
func TestCoreSampler(t *testing.T) {
	stat, err := os.Open("/proc/stat")
	if err != nil {
		t.Skip(err)
	}
	defer stat.Close()
	file := &noted{stat, make(chan struct{}, 3)}
	s := newCoreSampler(file, 10*time.Millisecond)
	s.done.Go(func() { s.sample(10 * time.Millisecond) })
	for range 3 { // the third reading begins after the sample of the first two
		<-file.read
	}
	usage, err := s.end()
	if err != nil || len(usage.Samples) == 0 || usage.Interval != 0.01 {
		t.Fatalf("%d samples at %v s, %v", len(usage.Samples), usage.Interval, err)
	}
	for _, sample := range usage.Samples {
		if len(sample) != len(usage.Samples[0]) {
			t.Errorf("a sample has %d cores, the first %d", len(sample), len(usage.Samples[0]))
		}
		for core, percent := range sample {
			if percent < 0 || percent > 100 {
				t.Errorf("core %d is %v %% busy", core, percent)
			}
		}
	}
}

// failing is a file that breaks at its second reading.
type failing struct{ readings int }

func (f *failing) ReadAt(p []byte, _ int64) (int, error) {
	f.readings++
	if f.readings > 2 {
		return 0, errors.New("the kernel is gone")
	}
	return copy(p, stat), nil
}

// shrinking is a file that lacks its first core from the third reading on.
type shrinking struct{ readings int }

func (f *shrinking) ReadAt(p []byte, _ int64) (int, error) {
	f.readings++
	if f.readings > 2 {
		return copy(p, stat[strings.Index(stat, "cpu1 "):]), nil
	}
	return copy(p, stat), nil
}

// Samples before a fault are kept.
func TestCoreSamplerFault(t *testing.T) {
	for want, file := range map[string]io.ReaderAt{"the kernel is gone": &failing{}, "/proc/stat had 2 cores, then 1": &shrinking{}} {
		s := newCoreSampler(file, time.Millisecond)
		s.done.Go(func() { s.sample(time.Millisecond) })
		s.done.Wait()
		usage, err := s.end()
		if err == nil || !strings.Contains(err.Error(), want) || len(usage.Samples) != 1 {
			t.Errorf("%d samples, %v, want %s", len(usage.Samples), err, want)
		}
	}
}

// The cost of one sample on 64 cores, as n1 has.
func BenchmarkCoreSample(b *testing.B) {
	text := []byte(strings.Repeat("cpu0 1234567 1234 123456 12345678 1234 0 1234 0 0 0\n", 64) + strings.Repeat("intr 1 2 3 4 5 6 7 8\n", 50))
	before, err := parseCores(text, nil)
	if err != nil {
		b.Fatal(err)
	}
	var now []counters
	b.ReportAllocs()
	for b.Loop() {
		now, _ = parseCores(text, now[:0])
		busyPercent(before, now)
		before, now = now, before
	}
}
