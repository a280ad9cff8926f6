package phase

import (
	"slices"
	"time"

	"coldstart/reports/segment"
)

// cut cuts the start-up into segments and adds their known parts.
func (s *settling) cut() {
	first, ready, ok := s.ends()
	if !ok {
		return
	}
	var m segment.Moments
	m[segment.FrontEnd] = segment.Moment{Known: true}
	since := func(at instant) segment.Moment {
		ms, ok := s.clock.between(first, at)
		return segment.Moment{At: time.Duration(ms) * time.Millisecond, Known: ok && at.known()}
	}
	m[segment.FirstToken] = since(ready)
	if !m[segment.FirstToken].Known {
		return
	}
	for i, at := range segmentEnds {
		m[segment.FrontEnd+1+i] = since(s.at[at])
	}
	if s.whole.own.lines > 0 && s.whole.prefix.lines > 0 && s.clock.related() {
		before := since(instant{prefix: s.whole.prefix.first, hasPrefix: true})
		m[segment.ProcessStart] = segment.Moment{At: before.At, Known: before.Known && before.At < 0}
	}
	s.log.moments, s.log.first = m, s.stampOf(first)
	s.log.parts = s.parts()
	s.log.cut()
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

// A Measured is what the program that started a server measured itself.
type Measured struct {
	Exec       time.Time // of the process, from the kernel
	Ready      time.Time // the first 200
	FirstToken time.Time // of the first request; zero: there was none
}

// Measure cuts the segments at measured moments: the log has no stamp of its process's
// exec, and the server's ready line has none. Times must be in the time zone of the log.
func (l *Log) Measure(m Measured) {
	since := func(t time.Time) segment.Moment {
		ms := stampOf(t).millisecondsSince(l.first)
		return segment.Moment{At: time.Duration(ms) * time.Millisecond, Known: !t.IsZero()}
	}
	if len(l.Segments) == 0 {
		return
	}
	l.moments[segment.ProcessStart] = since(m.Exec)
	l.moments[segment.FirstToken] = since(m.Ready)
	l.moments[segment.FirstToken+1] = since(m.FirstToken)
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

// parts are the known parts of the segments, in order.
func (s *settling) parts() []segment.Known {
	parts := make([]segment.Known, 0, mostParts)
	add := func(of int, name string, seconds float64) {
		parts = append(parts, segment.Known{Of: of, Part: segment.Part{Name: name, Seconds: seconds}})
	}
	states := func(of int, p Phase) {
		if seconds, ok := s.log.Times.Get(p); ok {
			add(of, p.String(), seconds)
		}
	}
	parts = s.follow(throughFrontEnd, parts)
	parts = s.follow(throughWorkers, parts)
	parts = s.follow(toWeights, parts)
	if s.told[downloading].is {
		add(segment.ModelLoading, "download_weights", s.told[downloading].seconds)
	}
	states(segment.ModelLoading, LoadWeights)
	parts = s.follow(fromWeights, parts)
	of := segment.ProfileCompile
	if later(s.at[cacheSized], s.at[warmUpBegun]) {
		of = segment.CaptureWarmup // as CPU builds did
	}
	compiled := 0.0
	for _, p := range s.compilation() {
		add(of, p.Name, p.Seconds)
		compiled += p.Seconds
	}
	if warmUp, ok := s.span(warmUpBegun, warmUpDone); ok {
		add(of, "warmup_run", warmUp-compiled)
	} else if seconds, ok := s.profileRun(); ok {
		add(segment.ProfileCompile, "profile_run", seconds)
	}
	states(segment.ProfileCompile, KVCacheProfiling)
	parts = s.follow(throughTrial, parts)
	parts = s.follow(throughTuning, parts)
	states(segment.CaptureWarmup, GraphCapturing)
	return s.follow(throughServing, parts)
}

// profileRun is the time from the first run of the compiled model to the trial capture, or
// to the size of the cache if there was none: the sampler and the collection of garbage.
// KVCacheProfiling includes it where that is known.
func (s *settling) profileRun() (seconds float64, ok bool) {
	switch {
	case s.log.Times.Has(KVCacheProfiling):
		return 0, false
	case s.at[trialBegun].known():
		return s.span(firstRunDone, trialBegun)
	}
	return s.span(firstRunDone, cacheSized)
}

// follow adds parts for a chain's links.
func (s *settling) follow(c chain, parts []segment.Known) []segment.Known {
	from, name := c.begin, ""
	if !s.splits(c) {
		return parts
	}
	for _, l := range c.links {
		if name != "" {
			name += "+"
		}
		name += l.name
		if !s.at[from].known() {
			from, name = l.end, ""
			continue
		}
		if !s.at[l.end].known() {
			continue
		}
		if seconds, ok := s.span(from, l.end); ok {
			parts = append(parts, segment.Known{Of: c.of, Part: segment.Part{Name: name, Seconds: seconds}})
		}
		from, name = l.end, ""
	}
	return parts
}

// splits tells whether some moment within a chain is known. Otherwise its parts are the
// segment itself.
func (s *settling) splits(c chain) bool {
	within := c.links[:len(c.links)-1]
	return len(within) == 0 || slices.ContainsFunc(within, func(l link) bool { return s.at[l.end].known() })
}

// compilation are the parts of compiling the model or of reading the compiled function,
// with the first run after it.
func (s *settling) compilation() (parts []segment.Part) {
	t := &s.log.Times
	whole := s.told[compileWall]
	if !whole.is {
		whole = s.told[compileTotal]
	}
	if s.told[compiledRead].is {
		parts = append(parts, segment.Part{Name: "read_compiled", Seconds: whole.seconds})
	} else {
		known := 0.0
		for _, p := range []Phase{DynamoTransform, GraphCompileGeneral, GraphCompileCached} {
			if seconds, ok := t.Get(p); ok {
				parts = append(parts, segment.Part{Name: p.String(), Seconds: seconds})
				known += seconds
			}
		}
		parts = append(parts, segment.Part{Name: "compile_other", Seconds: whole.seconds - known})
	}
	if !t.Has(KVCacheProfiling) {
		parts = append(parts, segment.Part{Name: "first_run", Seconds: s.told[firstRun].seconds})
	}
	return slices.DeleteFunc(parts, func(p segment.Part) bool { return p.Seconds <= 0 })
}

func (s *settling) span(from, to moment) (seconds float64, ok bool) {
	ms, ok := s.clock.between(s.at[from], s.at[to])
	return float64(ms) / 1000, ok && s.at[from].known() && s.at[to].known() && ms >= 0
}
