package phase

import (
	"math"
	"slices"
	"time"

	"coldstart/reports/segment"
)

// cut cuts the start-up into segments and adds their known parts.
func (s *settling) cut(ranks []*rank) {
	first, ready, ok := s.ends()
	if !ok {
		return
	}
	s.first = first
	var m segment.Moments
	m[segment.FrontEnd] = segment.Moment{Known: true}
	m[segment.FirstToken] = s.since(ready)
	if !m[segment.FirstToken].Known {
		return
	}
	for i, at := range segmentEnds {
		m[segment.FrontEnd+1+i] = s.since(s.at[at])
	}
	loaded := s.loadedAll(ranks)
	m[segment.ModelLoading+1] = s.since(loaded)
	if s.whole.own.lines > 0 && s.whole.prefix.lines > 0 && s.clock.related() {
		before := s.since(instant{prefix: s.whole.prefix.first, hasPrefix: true})
		m[segment.ProcessStart] = segment.Moment{At: before.At, Known: before.Known && before.At < 0}
	}
	s.log.moments, s.log.first = m, s.stampOf(first)
	s.log.parts = s.parts(s.warmsUpIn())
	if seconds, ok := s.spanOf(s.at[modelLoaded], loaded); ok && seconds > 0 {
		at := segment.Span{From: s.since(s.at[modelLoaded]).At, To: s.since(loaded).At}
		s.log.parts = append(s.log.parts, segment.Known{
			Of: segment.ModelLoading, Part: segment.Part{Name: "other_ranks", Seconds: seconds, At: at},
		})
	}
	s.log.cut()
	s.log.Processes = s.lanes()
}

// since is an instant on the clock of the segments.
func (s *settling) since(at instant) segment.Moment {
	ms, ok := s.clock.between(s.first, at)
	return segment.Moment{At: time.Duration(ms) * time.Millisecond, Known: ok && at.known()}
}

// upTo is the span of a quantity in seconds that a line stated when it ended.
func (s *settling) upTo(end instant, seconds float64) segment.Span {
	to := s.since(end)
	if !to.Known {
		return segment.Span{}
	}
	return segment.Span{From: to.At - time.Duration(math.Round(seconds*1e6))*time.Microsecond, To: to.At}
}

// cut makes the segments from the moments.
func (l *Log) cut() {
	l.Segments = segment.Cut(l.moments, l.parts)
	l.TimeToReady = l.Segments.ToReady()
}

// stampOf is an instant on the clock that counts.
func (s *settling) stampOf(at instant) stamp {
	read, _, _ := s.clock.read(at)
	return read
}

// A Measured is what the program that started an engine measured itself. A moment that was
// not seen is zero.
type Measured struct {
	Exec       time.Time // of the process, from the kernel
	Ready      time.Time // a server's first 200
	FirstToken time.Time // of its first request
}

// leastShift is the least difference of two time zones.
const leastShift = 15 * time.Minute

// misfit is a warning. It names no log: of many runs that have it, it is shown once.
const misfit = "the stamps in logs do not fit the times that were measured, as if they were of another time zone; " +
	"process_start and first_token are left out"

// Measure cuts the segments at measured moments: the log has no stamp of its process's
// exec, and the server's ready line has none. Times must be in the time zone of the log: of
// one that the engine stamped in another, the segments stay those of the log, and a warning
// says so.
func (l *Log) Measure(m Measured) {
	if len(l.Segments) == 0 {
		return
	}
	now := l.moments
	for at, t := range map[int]time.Time{
		segment.ProcessStart: m.Exec, segment.FirstToken: m.Ready, segment.FirstToken + 1: m.FirstToken,
	} {
		if !t.IsZero() {
			ms := stampOf(t).millisecondsSince(l.first)
			now[at] = segment.Moment{At: time.Duration(ms) * time.Millisecond, Known: true}
		}
	}
	exec, up, ready := &now[segment.ProcessStart], now[segment.ServingSetup], now[segment.FirstToken]
	early := exec.Known && (exec.At >= time.Second || exec.At <= -leastShift)
	if early || up.Known && up.At-ready.At >= time.Second {
		l.Warnings = append(l.Warnings, misfit)
		return
	}
	exec.Known = exec.Known && exec.At <= 0 // a stamp in whole seconds is up to a second early
	l.moments = now
	l.cut()
}

// A chain is a way through a segment, by moments of the table. Each link is the time up
// to its moment; if moments between are not known, the links are one.
type chain struct {
	of    int
	begin moment
	links []link
}

type link struct {
	name string
	end  moment
}

var (
	throughFrontEnd = chain{segment.FrontEnd, platformSought, []link{
		{"detect_platform", platformDetected}, {"llm_imports", pluginsListed}, {"get_model_info", schedulerConfigured},
		{"configuration", tokenizerSought}, {"tokenizer_init", tokenizerLoaded}, {"engine_process", engineReady},
		{"handshake", engineBegun},
	}}
	throughWorkers = chain{segment.WorkerSetup, engineBegun, []link{
		{"worker_process", ranksSought}, {"distributed_init", rankAssigned}, {"runner_init", modelStarted},
	}}
	toWeights    = chain{segment.ModelLoading, modelStarted, []link{{"model_init", weightsSought}}}
	fromWeights  = chain{segment.ModelLoading, weightsLoaded, []link{{"after_weights", modelLoaded}}}
	throughTrial = chain{segment.ProfileCompile, trialBegun, []link{
		{"trial_capture", trialDone}, {"cache_sizing", cacheSized},
	}}
	throughTuning  = chain{segment.CaptureWarmup, autotuneBegun, []link{{"autotune", autotuneDone}}}
	throughServing = chain{segment.ServingSetup, engineUp, []link{
		{"engine_ready", coreReady}, {"server_setup", serverBegun}, {"routes", routesTold},
	}}
)

// mostParts is the number of parts that can be known at once.
const mostParts = 32

// warmsUpIn is the segment in which the model is compiled and warmed up: CPU builds did
// both behind the size of the KV cache.
func (s *settling) warmsUpIn() int {
	if later(s.at[cacheSized], s.at[warmUpBegun]) {
		return segment.CaptureWarmup
	}
	return segment.ProfileCompile
}

// parts are the known parts of the segments, in order. Compiling is one of those of a
// segment.
func (s *settling) parts(compiling int) []segment.Known {
	var room [mostParts]segment.Known
	parts := room[:0]
	add := func(of int, name string, seconds float64, at segment.Span) {
		parts = append(parts, segment.Known{Of: of, Part: segment.Part{Name: name, Seconds: seconds, At: at}})
	}
	states := func(of int, p Phase) {
		if seconds, ok := s.log.Times.Get(p); ok {
			add(of, p.String(), seconds, s.upTo(s.statedAt[p], seconds))
		}
	}
	// It is part of get_model_info, which is not known where the log begins later.
	if _, known := s.span(pluginsListed, schedulerConfigured); !known && s.told[inspecting].is {
		inspected := s.told[inspecting]
		add(segment.FrontEnd, "inspect_model", inspected.seconds, s.upTo(inspected.end, inspected.seconds))
	}
	parts = s.follow(throughFrontEnd, parts)
	parts = s.follow(throughWorkers, parts)
	parts = s.follow(toWeights, parts)
	if fetched := s.told[downloading]; fetched.is {
		add(segment.ModelLoading, "download_weights", fetched.seconds, s.upTo(fetched.end, fetched.seconds))
	}
	states(segment.ModelLoading, LoadWeights)
	parts = s.follow(fromWeights, parts)
	compiled := 0.0
	s.compilation(func(name string, seconds float64, at segment.Span) {
		if seconds > 0 {
			add(compiling, name, seconds, at)
			compiled += seconds
		}
	})
	if warmUp, ok := s.span(warmUpBegun, warmUpDone); ok {
		add(compiling, "warmup_run", warmUp-compiled, segment.Span{}) // with what was compiled in between
	} else if to := s.profileRunEnd(); to != noMoment {
		if seconds, ok := s.span(firstRunDone, to); ok {
			add(segment.ProfileCompile, "profile_run", seconds, s.between(firstRunDone, to))
		}
	}
	states(segment.ProfileCompile, KVCacheProfiling)
	parts = s.follow(throughTrial, parts)
	parts = s.follow(throughTuning, parts)
	states(segment.CaptureWarmup, GraphCapturing)
	return slices.Clone(s.follow(throughServing, parts))
}

// profileRunEnd ends the time from the first run of the compiled model to the trial
// capture, or to the size of the cache if there was none: the sampler and the collection of
// garbage. KVCacheProfiling includes it where that is known.
func (s *settling) profileRunEnd() moment {
	switch {
	case s.log.Times.Has(KVCacheProfiling):
		return noMoment
	case s.at[trialBegun].known():
		return trialBegun
	}
	return cacheSized
}

// follow adds parts for a chain's links.
func (s *settling) follow(c chain, parts []segment.Known) []segment.Known {
	from, first := c.begin, 0
	if !s.splits(c) {
		return parts
	}
	for i, l := range c.links {
		if s.at[from].known() && !s.at[l.end].known() {
			continue
		}
		if seconds, ok := s.span(from, l.end); ok {
			name := joined(c.links[first : i+1])
			if stated, is := s.stated(name); is {
				seconds = stated
			}
			part := segment.Part{Name: name, Seconds: seconds, At: s.between(from, l.end)}
			parts = append(parts, segment.Known{Of: c.of, Part: part})
		}
		from, first = l.end, i+1
	}
	return parts
}

// stated is the time of a link that the log also states, if its stamps are coarser than that.
func (s *settling) stated(name string) (seconds float64, ok bool) {
	for _, p := range []Phase{TokenizerInit, ModelInit} {
		if name == p.String() && s.clock.wholeSeconds() {
			return s.log.Times.Get(p)
		}
	}
	return 0, false
}

// joined is the name of links that are one.
func joined(links []link) string {
	name := links[0].name
	for _, l := range links[1:] {
		name += "+" + l.name
	}
	return name
}

// splits tells whether some moment within a chain is known. Otherwise its parts are the
// segment itself.
func (s *settling) splits(c chain) bool {
	within := c.links[:len(c.links)-1]
	return len(within) == 0 || slices.ContainsFunc(within, func(l link) bool { return s.at[l.end].known() })
}

// compilation adds the parts of compiling the model or of reading the compiled function,
// with the first run after it. Those that are not known are not above zero.
func (s *settling) compilation(add func(name string, seconds float64, at segment.Span)) {
	t := &s.log.Times
	total := compileWall
	if !s.told[total].is {
		total = compileTotal
	}
	whole := s.told[total].seconds
	if s.told[compiledRead].is {
		add("read_compiled", whole, s.upTo(s.told[total].end, whole))
	} else {
		known := 0.0
		for _, p := range []Phase{DynamoTransform, GraphCompileGeneral, GraphCompileCached} {
			seconds, _ := t.Get(p)
			add(p.String(), seconds, s.upTo(s.statedAt[p], seconds))
			known += seconds
		}
		add("compile_other", whole-known, segment.Span{})
	}
	if run := s.told[firstRun]; !t.Has(KVCacheProfiling) {
		add("first_run", run.seconds, s.upTo(run.end, run.seconds))
	}
}

func (s *settling) span(from, to moment) (seconds float64, ok bool) {
	return s.spanOf(s.at[from], s.at[to])
}

// spanOf is the time between two instants, if both are known and in this order.
func (s *settling) spanOf(from, to instant) (seconds float64, ok bool) {
	ms, ok := s.clock.between(from, to)
	return float64(ms) / 1000, ok && from.known() && to.known() && ms >= 0
}

// between is the span of two moments, if the clock of the segments has both.
func (s *settling) between(from, to moment) segment.Span {
	begin, end := s.since(s.at[from]), s.since(s.at[to])
	if !begin.Known || !end.Known {
		return segment.Span{}
	}
	return segment.Span{From: begin.At, To: end.At}
}
