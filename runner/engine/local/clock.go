package local

import (
	"fmt"
	"math"
	"time"
)

// clock is a reading of the machine's two clocks: the one on the wall, which
// stamps logs and which people and servers set, and the steady one, which nobody
// does.
type clock struct {
	wall   func() time.Time
	set    time.Time
	steady time.Time
}

func readClock(wall func() time.Time) *clock {
	if wall == nil {
		wall = func() time.Time { return time.Now().Round(0) } // which drops the steady reading
	}
	return &clock{wall: wall, set: wall(), steady: time.Now()}
}

// How far the clocks may come apart: what reading them takes, and what a server's
// slewing, 500 ppm at most, adds to a second.
const (
	apart    = 100 * time.Millisecond
	apartPPM = 1000
)

// stepped says that the clock on the wall was set since the reading, and is empty
// where it was not. The stamps of a log from then tell no spans.
func (c *clock) stepped() string {
	took := time.Since(c.steady)
	step := c.wall().Sub(c.set) - took
	if math.Abs(float64(step)) <= float64(apart+took/1e6*apartPPM) {
		return ""
	}
	return fmt.Sprintf("the machine's clock was set by %+.1f s during the run, so that its log's stamps tell nothing",
		step.Seconds())
}
