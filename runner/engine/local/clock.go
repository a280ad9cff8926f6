package local

import (
	"fmt"
	"math"
	"time"
)

// clock is a reading of the machine's two clocks: the wall clock, which stamps logs and can
// be set, and the monotonic clock, which cannot.
type clock struct {
	wall wallClock
	at   time.Time // with its monotonic reading
	set  time.Time
}

// A wallClock is what the wall clock shows at a moment of the monotonic clock. Both are read
// at once: this process may be interrupted between two readings.
type wallClock func(time.Time) time.Time

func readClock(wall wallClock) *clock {
	if wall == nil {
		wall = func(now time.Time) time.Time { return now.Round(0) } // drops the monotonic reading
	}
	now := time.Now()
	return &clock{wall: wall, at: now, set: wall(now)}
}

// How far the clocks may diverge: a time server slews the wall clock by at most 500 ppm.
const (
	apart    = 100 * time.Millisecond
	apartPPM = 1000
)

// stepped says that the wall clock was set since the reading; otherwise it is empty. Spans
// between a log's time stamps are then wrong.
func (c *clock) stepped() string {
	now := time.Now()
	took := now.Sub(c.at)
	step := c.wall(now).Sub(c.set) - took
	if math.Abs(float64(step)) <= float64(apart+took/1e6*apartPPM) {
		return ""
	}
	return fmt.Sprintf("the machine's clock was set by %+.1f s during the run, so the time stamps in its log are wrong",
		step.Seconds())
}
