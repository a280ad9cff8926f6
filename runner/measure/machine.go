package measure

import (
	"time"

	"coldstart/reports/phase"
	"coldstart/runner/engine"
)

// Machine is the machine that a session measures. It has all of its parts.
type Machine struct {
	Ledger    *Ledger          // of finished runs
	Clock     func() time.Time // tells when a cell was finished
	PageCache func() string    // names the life of the page cache, as local.PageCacheLife does
	// Hide takes secrets and the names of users, hosts and places out of a text that is
	// kept.
	Hide func(string) string
	// Expect tells how long the phases of a run took elsewhere, as far as that is known.
	Expect func(engine.Run) phase.Times
}

// tries is how often a start is tried on a machine. A replay would fail the same way
// again.
const tries = 2

// mostFailures is how often a configuration that never comes up is started: the tries of
// two iterations. Each may take its whole time limit.
const mostFailures = 2 * tries

// tries is how often the session tries a start.
func (s *Session) tries() int {
	if s.Machine == nil {
		return 1
	}
	return tries
}

// finished is when a cell was finished; the zero time in a replay.
func (s *Session) finished() (now time.Time) {
	if s.Machine == nil {
		return now
	}
	return s.Machine.Clock().UTC().Truncate(time.Second)
}

// pageCache is the life that the page cache is in; empty if that is not known.
func (s *Session) pageCache() string {
	if s.Machine == nil {
		return ""
	}
	return s.Machine.PageCache()
}

// told is a reason as text to keep.
func (s *Session) told(reason error) string {
	if s.Machine == nil {
		return reason.Error()
	}
	return s.Machine.Hide(reason.Error())
}
