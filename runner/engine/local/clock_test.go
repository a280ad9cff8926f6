package local

import (
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"coldstart/reports/result"
	"coldstart/runner/engine"
	"coldstart/runner/privacy"
)

// A clock set forward or back during a run is noticed; slewing is ignored.
func TestClockStepped(t *testing.T) {
	tests := []struct {
		step time.Duration
		want string
	}{
		{0, ""},
		{50 * time.Millisecond, ""},
		{-50 * time.Millisecond, ""},
		{3 * time.Second, "the machine's clock was set by +3.0 s during the run"},
		{-time.Hour, "the machine's clock was set by -3600.0 s during the run"},
	}
	for _, test := range tests {
		reading := 0
		c := readClock(func(now time.Time) time.Time {
			if reading++; reading > 1 {
				now = now.Add(test.step)
			}
			return now.Round(0)
		})
		if got := c.stepped(); got != test.want && (test.want == "" || !strings.HasPrefix(got, test.want)) {
			t.Errorf("set by %v: %q, want %q", test.step, got, test.want)
		}
	}
}

// In an hour a time server may slew the clock by 500 ppm, 1.8 s.
func TestClockSlewed(t *testing.T) {
	now := time.Now()
	for slewed, want := range map[time.Duration]bool{1800 * time.Millisecond: false, 5 * time.Second: true} {
		c := &clock{wall: func(now time.Time) time.Time { return now.Round(0).Add(slewed) }, set: now.Add(-time.Hour).Round(0), at: now.Add(-time.Hour)}
		if got := c.stepped() != ""; got != want {
			t.Errorf("%v in an hour: stepped %t, want %t", slewed, got, want)
		}
	}
}

// sleeper makes starts that take a moment.
type sleeper struct{}

func (sleeper) Check(*result.Set, string) error           { return nil }
func (sleeper) Origin(engine.Run) (*engine.Origin, error) { return &engine.Origin{}, nil }
func (sleeper) Command(engine.Run) (Command, error) {
	return Command{Args: []string{"sleep", "0.01"}, Env: os.Environ()}, nil
}

// A run during which the clock was set does not count.
func TestClockSteppedDuringARun(t *testing.T) {
	for _, step := range []time.Duration{0, -time.Minute} {
		readings := 0
		wall := func(now time.Time) time.Time {
			readings++
			return now.Round(0).Add(time.Duration(readings) * step)
		}
		e := &Engine{Maker: sleeper{}, Limit: time.Minute, Grace: time.Second, Filter: privacy.Secrets(nil), wall: wall}
		started, err := e.Start(t.Context(), engine.Run{Set: &result.Set{}, Configuration: &result.Configuration{}}, io.Discard)
		if err != nil || (started.Failed != "") != (step != 0) {
			t.Errorf("set by %v: failed %q, %v", step, started.Failed, err)
		}
	}
}
