package phase

import (
	"bytes"
	"slices"
)

// told is a quantity that a message stated.
type told struct {
	seconds float64
	is      bool
	end     instant // of what took so long, if it is known
}

// settling turns the readings of an attempt into phases.
type settling struct {
	*attempt
	clock    clock
	log      Log
	told     [quantities]told
	statedAt [count]instant // the ends of stated phases
	at       [moments]instant
	first    instant // of vLLM

	release release
	known   bool // the release
	late    bool // it is vLLM's lateLogging or newer
}

// settle computes the values that depend on the whole log.
func (a *attempt) settle(c clock, lines int) Log {
	s := settling{attempt: a, clock: c, log: Log{
		Lines:   lines,
		Release: a.release, Weights: a.weights, Counters: a.counters(), Reached: a.reached, Setup: a.setup,
		Complete: a.cameUp(), Cause: a.cause.text(), Engine: engines[a.engine].name,
	}}
	s.setRelease()
	s.dropOthers()
	slowest := s.slowest()
	s.moments(s.when)
	s.total()
	s.phases(slowest)
	s.log.Served = a.serves() && !s.log.Times.Has(InitializeEngine) // which its launcher states
	if s.late && s.log.Setup.Start == Forked {
		s.log.Setup.Start = "" // the lines that a spawned process would print are not logged
	}
	s.log.Debug = s.at[coreReady].known()
	s.derive()
	ranks := s.alone()
	if s.log.Complete {
		s.cut(ranks)
		listens := s.readied || s.at[serverBegun].known() || s.at[routesTold].known()
		if s.log.Served && !listens && len(s.log.Segments) > 0 {
			s.warnings.add(s.name, lines, "the log ends before the server listens: serving_setup is incomplete")
		}
	} else if seconds, ok := s.silence(); ok {
		s.log.Silent = seconds
	}
	s.tellRanks(slowest, ranks)
	if len(s.found) > 0 {
		s.log.Findings = s.findings()
	}
	return s.log
}

// setRelease takes the release that the log names.
func (s *settling) setRelease() {
	name := s.attempt.release
	s.release, s.known = parseRelease(name)
	s.late = s.engine == vLLM && s.known && !s.release.less(lateLogging)
	engine, newest := engines[s.engine].name, engines[s.engine].newest
	warn := func(format string, args ...any) { s.warnings.add(s.name, s.releaseLine, format, args...) }
	switch {
	case name == "":
		stamped := s.clock.counted(s.whole.own, s.whole.prefix).lines > 1
		if _, up := s.engines(); up > 0 && stamped && s.engine == vLLM {
			s.warnings.add(s.name, max(s.line, 1), "the log begins in the middle of a start-up: "+
				"the engine's first line is missing, and earlier time is not counted")
		}
	case !s.known:
		warn("%q is not a %s release that coldstart knows; its phases may cover other spans", name, engine)
	case newest.less(s.release.minor()):
		warn("%s %s is newer than %d.%d, the newest release that coldstart knows; its phases may cover other spans",
			engine, name, newest[0], newest[1])
	}
}

// dropOthers drops the readings and moments of rows that do not apply to the log's engine
// and release.
func (s *settling) dropOthers() {
	if !s.known && s.engine == vLLM {
		return
	}
	isOther := func(row int) bool {
		m := &messages[row]
		return m.engine != s.engine || s.known && !m.applies(s.release)
	}
	for _, p := range s.processes {
		p.readings = slices.DeleteFunc(p.readings, func(r reading) bool { return isOther(r.row) })
		p.when = slices.DeleteFunc(p.when, func(p passed) bool { return isOther(p.row) })
	}
	s.when = slices.DeleteFunc(s.when, func(p passed) bool { return isOther(p.row) })
}

// moments takes the moments of rows: of several, the latest.
func (s *settling) moments(when []passed) {
	for i := range when {
		at := messages[when[i].row].at
		s.at[at] = s.latest(s.at[at], when[i].instant)
	}
}

// slowest finds the process of each group that took longest.
func (s *settling) slowest() (of [groups]*process) {
	of[alone] = s.processes[0]
	for g := fetches; g < groups; g++ {
		longest, wholest := -1.0, 0.0
		for _, p := range s.processes {
			seconds, whole, any := p.length(g)
			if any && (seconds > longest || seconds == longest && whole > wholest) {
				of[g], longest, wholest = p, seconds, whole
			}
		}
	}
	return of
}

// phases takes the latest reading of each phase. Rows of a group are read from the
// process that took longest.
func (s *settling) phases(slowest [groups]*process) {
	var latest [count]int
	for g, p := range slowest {
		if p == nil {
			continue
		}
		for i := range p.readings {
			r := &p.readings[i]
			if messages[r.row].group == group(g) {
				s.count(r, &latest)
			}
		}
	}
	// A rank that reads the compiled function tells that others' times are of that, too.
	for _, p := range s.processes {
		for i := range p.readings {
			if q := messages[p.readings[i].row].tells; q == compiledRead || q == graphTrial {
				s.told[q].is = true
			}
		}
	}
}

// count takes a reading as its phase or quantity, if it is the latest.
func (s *settling) count(r *reading, latest *[count]int) {
	seconds, ok := s.seconds(r)
	if !ok {
		return
	}
	m := &messages[r.row]
	s.told[m.tells] = told{seconds, true, r.to}
	if phase, ok := m.phaseTold(); ok && r.order > latest[phase] {
		latest[phase] = r.order
		s.log.Times.Set(phase, seconds)
		s.statedAt[phase] = r.to
		if r.drafter > 0 {
			s.log.Drafter.Set(phase, r.drafter)
		}
	}
}

func (s *settling) seconds(r *reading) (seconds float64, ok bool) {
	if !r.spans {
		return r.seconds, true
	}
	ms, ok := s.clock.between(r.from, r.to)
	return float64(ms) / 1000, ok && ms >= 0
}

// total sets ActualTotalTime: from vLLM's first stamp to ready, or to the last one if the
// engine did not come up.
func (s *settling) total() {
	first, last, ok := s.ends()
	several := s.clock.counted(s.whole.own, s.whole.prefix).lines > 1
	if ms, known := s.clock.between(first, last); ok && known && (ms > 0 || several) {
		s.log.Times.Set(ActualTotalTime, float64(max(ms, 0))/1000)
	}
}

// ends are vLLM's first stamp, and the moment of ready or the last stamp.
func (s *settling) ends() (first, last instant, ok bool) {
	stamps := s.clock.counted(s.whole.own, s.whole.prefix)
	if stamps.lines == 0 {
		return first, last, false
	}
	if s.clock.byPrefix() {
		first = instant{prefix: stamps.first, hasPrefix: true}
		last = instant{prefix: stamps.last, hasPrefix: true}
	} else {
		first = instant{own: stamps.first, hasOwn: true}
		last = instant{own: stamps.last, hasOwn: true}
	}
	if s.whole.own.lines > 0 {
		first = s.whole.vllm
	}
	if !s.log.Complete || s.readied {
		return first, s.latest(last, s.at[serving]), true
	}
	// No line says that it is ready: the latest line of the start-up that is known.
	up := s.at[engineUp]
	if !up.known() {
		return first, last, true
	}
	for _, at := range []moment{coreReady, engineIdle, tasksTold, serverBegun, routesTold} {
		up = s.latest(up, s.at[at])
	}
	return first, up, true
}

// latest is the later one of two instants, if both are known.
func (s *settling) latest(a, b instant) instant {
	if !a.known() {
		return b
	}
	if ms, ok := s.clock.between(a, b); ok && ms > 0 {
		return b
	}
	return a
}

// silence is the time from the last phase or moment to the last stamp of a start-up
// that did not come up.
func (s *settling) silence() (seconds float64, ok bool) {
	_, last, ok := s.ends()
	if !ok || !s.reachedAt.known() {
		return 0, false
	}
	ms, ok := s.clock.between(s.reachedAt, last)
	return float64(ms) / 1000, ok && ms > 0
}

// segmentEnds are the moments at which the segments from FrontEnd on end.
var segmentEnds = [...]moment{engineBegun, modelStarted, modelLoaded, cacheSized, engineUp}

func configOf(text []byte) Config { return Config(bytes.TrimSpace(text)) }
