package local

import (
	"fmt"
	"math"
	"time"
)

// clock is a reading of the machine's two clocks: the wall clock, which stamps logs and can
// be set, and the monotonic clock, which cannot.
type clock struct {
	wall   func() time.Time
	set    time.Time
	steady time.Time
}

func readClock(wall func() time.Time) *clock {
	if wall == nil {
		wall = func() time.Time { return time.Now().Round(0) } // drops the monotonic reading
	}
	return &clock{wall: wall, set: wall(), steady: time.Now()}
}

// How far the clocks may diverge: reading them takes time, and a time server slews the wall
// clock by at most 500 ppm.
const (
	apart    = 100 * time.Millisecond
	apartPPM = 1000
)

// stepped says that the wall clock was set since the reading; otherwise it is empty. Spans
// between a log's time stamps are then wrong.
func (c *clock) stepped() string {
	took := time.Since(c.steady)
	step := c.wall().Sub(c.set) - took
	if math.Abs(float64(step)) <= float64(apart+took/1e6*apartPPM) {
		return ""
	}
	return fmt.Sprintf("the machine's clock was set by %+.1f s during the run, so the time stamps in its log are wrong",
		step.Seconds())
}
