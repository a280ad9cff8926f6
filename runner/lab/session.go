package lab

import (
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"coldstart/reports/compare"
	"coldstart/reports/result"
	"coldstart/runner/engine/replay"
	"coldstart/runner/measure"
	"coldstart/runner/paper"
	"coldstart/runner/plan"
)

// session is the paper's for a replay, so that the same replay gives the same bytes, and a
// new one for every measurement.
func (r *Request) session() (session plan.Session, err error) {
	session = plan.Session{Engine: r.Engine, Start: r.Start, Iterations: r.Iterations}
	switch {
	case r.Iterations < 1 || r.Iterations > result.MostIterations:
		return session, requestErrorf("iterations", "iterations must be from 1 to %d, not %d",
			result.MostIterations, r.Iterations)
	case r.Engine != replay.Name:
		session.Environment = r.Environment
		if session.Stop, err = r.stop(); err != nil {
			return session, err
		}
		session.Name, session.Date = newSession(time.Now())
		return session, nil
	case r.Tiny:
		return session, requestErrorf("engine", "--tiny needs an engine that measures, such as --engine vllm")
	case r.Start == result.Serve:
		return session, requestErrorf("start",
			"--start serve needs an engine that measures: the runs that the paper recorded did not serve")
	case r.Confidence != 0:
		return session, requestErrorf("confidence",
			"confidence needs an engine that measures: a replay has only the recorded runs")
	case r.Environment != "":
		return session, requestErrorf("environment",
			"environment %q needs an engine that measures: a replay uses none", r.Environment)
	case r.Iterations > paper.Iterations:
		return session, requestErrorf("iterations",
			"a replay has at most %d iterations, as many as the paper recorded, not %d", paper.Iterations, r.Iterations)
	}
	session.Name, session.Date = paper.Session, paper.Date
	return session, nil
}

// stop is the rule that stops measuring; nil if the number of iterations is fixed.
func (r *Request) stop() (*result.Stop, error) {
	part, share, most := "confidence", r.Confidence, MostIterations
	if r.Settle != 0 {
		part, share, most = "settle", r.Settle, compare.MostTurns
	}
	most = cmp.Or(r.MaxIterations, most)
	switch {
	case share == 0:
		return nil, nil
	case r.Confidence != 0 && r.Settle != 0:
		return nil, requestErrorf(part, "choose one rule that stops measuring: confidence or settle")
	case share < 0 || share >= 1:
		return nil, requestErrorf(part, "%s must be between 0 and 100 %%, not %g %%", part, 100*share)
	case most < r.Iterations || most > result.MostIterations:
		return nil, requestErrorf("max-iterations", "max-iterations must be from iterations (%d) to %d, not %d",
			r.Iterations, result.MostIterations, most)
	}
	return &result.Stop{Within: r.Confidence, Slower: r.Settle, Most: most}, nil
}

// sessionForm is the time at which a session began, the first part of its name.
const sessionForm = "20060102T150405Z"

// newSession names a session that begins now. The second part of the name tells
// sessions apart that begin in the same second, on two machines say.
func newSession(now time.Time) (name string, date time.Time) {
	date = now.UTC().Truncate(time.Second)
	var random [2]byte
	rand.Read(random[:]) // never fails
	return date.Format(sessionForm) + "-" + hex.EncodeToString(random[:]), date
}

// begun is when a session began, by its name.
func begun(session string) (time.Time, bool) {
	stamp, _, _ := strings.Cut(session, "-")
	date, err := time.Parse(sessionForm, stamp)
	return date, err == nil
}

// Resume makes a plan go on with a session that has finished runs on this machine. Those
// are not made again.
func (h *Host) Resume(p *result.Plan, session string) error {
	if !p.Origin().Measured() {
		return requestErrorf("resume", "--resume needs an engine that measures; start a replay anew")
	}
	dir, err := h.stateDir()
	if err != nil {
		return err
	}
	known, err := measure.Sessions(dir)
	if err != nil {
		return err
	}
	date, ok := begun(session)
	if !ok || !slices.Contains(known, session) {
		return requestErrorf("resume", "%s has no session %q; %s", dir, session, lastOf(known))
	}
	p.Session, p.Date = session, date
	return nil
}

// lastOf names the last of the sessions that can be resumed.
func lastOf(sessions []string) string {
	const most = 3
	if len(sessions) == 0 {
		return "it has none"
	}
	return "the last are " + strings.Join(sessions[max(0, len(sessions)-most):], ", ")
}
