package console

import (
	"fmt"
	"time"
)

// pace tells how long the runs of a session still take, if those to come take as long as
// those before them on average.
type pace struct {
	runs  int       // of the session, without those that were finished before or are not made
	most  bool      // whether these are the most: a rule may stop measuring before
	begun int       // of these
	first time.Time // when the first run began
	last  time.Time // when the latest one began
}

func (p *pace) begin(now time.Time) {
	if p.begun == 0 {
		p.first = now
	}
	p.begun, p.last = p.begun+1, now
}

// left is the time until the last run ends; 0 if it is not known.
func (p *pace) left(now time.Time) time.Duration {
	if p.begun < 2 {
		return 0
	}
	each := p.last.Sub(p.first) / time.Duration(p.begun-1)
	return max(0, each*time.Duration(p.runs-p.begun+1)-now.Sub(p.last))
}

// words are the time left, such as "at most 40 s left"; empty if it is not known.
func (p *pace) words(now time.Time) string {
	words := leftWords(p.left(now))
	if p.most && words != "" {
		return "at most " + words
	}
	return words
}

// leftWords is such as "40 s left"; empty if nothing is known.
func leftWords(left time.Duration) string {
	switch {
	case left <= 0:
		return ""
	case left < 90*time.Second:
		return fmt.Sprintf("%.0f s left", left.Seconds())
	case left < 90*time.Minute:
		return fmt.Sprintf("%.0f min left", left.Minutes())
	}
	return fmt.Sprintf("%d:%02d h left", int(left.Hours()), int(left.Minutes())%60)
}
