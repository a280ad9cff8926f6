package replay

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"coldstart/reports/phase"
	"coldstart/reports/segment"
	"coldstart/runner/paper"
)

// script is the lines of a log and their times.
type script struct {
	lines  []line
	began  time.Time
	stamps string        // layout of the time stamps
	now    time.Duration // time of the next line
	until  time.Duration // end of the segment
}

// line is one line of a log. Lines of the launcher have no level and no time stamp.
type line struct {
	at      time.Duration // since the start
	worker  bool          // printed by the engine process, not the front end
	level   string
	source  string // file:line in vLLM 0.10.1.1
	message string
}

const (
	milliseconds = "01-02 15:04:05.000"
	wholeSeconds = "01-02 15:04:05"
	workerPrefix = "\x1b[1;36m(EngineCore_0 pid=1)\x1b[0;0m "
)

// began is when replayed start-ups begin by default; the paper's data do not say.
var began = time.Date(2026, time.February, 9, 16, 0, 0, 0, time.UTC)

func (s *script) render(text []byte, l line) []byte {
	if l.level == "" {
		return append(append(text, l.message...), '\n')
	}
	if l.worker {
		text = append(text, workerPrefix...)
	}
	text = append(append(text, l.level...), ' ')
	text = s.began.Add(l.at).AppendFormat(text, s.stamps)
	return fmt.Appendf(text, " [%s] %s\n", l.source, l.message)
}

// add adds a line at the time now.
func (s *script) add(worker bool, level, source, format string, args ...any) {
	message := fmt.Sprintf(format, args...)
	s.lines = append(s.lines, line{at: s.now, worker: worker, level: level, source: source, message: message})
}

// pass adds the time of a phase to now, if it is known, up to the segment's end: what a log
// states in hundredths can be longer than the time between its stamps.
func (s *script) pass(t *phase.Times, p phase.Phase) {
	seconds, _ := t.Get(p)
	s.now = min(s.now+toDuration(seconds), s.until)
}

// begin goes on to the recorded moment at which a segment begins.
func (s *script) begin(m *paper.Measurement, of int) {
	s.now, s.until = m.Moments[of].At, m.Moments[of+1].At
}

// toDuration rounds to the microseconds that the paper's data have.
func toDuration(seconds float64) time.Duration {
	return time.Duration(math.Round(seconds*1e6)) * time.Microsecond
}

// decimal formats seconds with the places of the recorded number, but at least two.
func decimal(seconds float64) string {
	text := strconv.FormatFloat(seconds, 'f', -1, 64)
	whole, places, _ := strings.Cut(text, ".")
	for len(places) < 2 {
		places += "0"
	}
	return whole + "." + places
}

// scriptOf is the log of a recorded run.
func scriptOf(m *paper.Measurement) *script {
	if m.Seconds.Has(phase.InitializeEngine) {
		return releaseScript(m)
	}
	return startScript(m)
}

// startScript is the log of a recorded start of vLLM 0.10.1.1.
func startScript(m *paper.Measurement) *script {
	t := m.Seconds
	s := &script{began: began, stamps: stampsOf(&t)}
	s.bootstrap(m, &t)
	s.loading(m, &t)
	s.compilation(m, &t)
	s.warmUp(m, &t)
	return s
}

// stampsOf is the layout of the run's time stamps: n3 logged whole seconds, as its spans
// show.
func stampsOf(t *phase.Times) string {
	for _, p := range []phase.Phase{
		phase.DetectPlatform, phase.LLMImports, phase.GetModelInfo, phase.WorkerInit, phase.ActualTotalTime,
	} {
		if seconds, _ := t.Get(p); seconds != math.Trunc(seconds) {
			return milliseconds
		}
	}
	return wholeSeconds
}

func (s *script) bootstrap(m *paper.Measurement, t *phase.Times) {
	s.begin(m, segment.FrontEnd)
	worker, _ := t.Get(phase.WorkerInit)
	s.until = m.Moments[segment.ModelLoading].At - toDuration(worker)
	s.add(false, "DEBUG", "__init__.py:28", "No plugins for group vllm.platform_plugins found.")
	s.pass(t, phase.DetectPlatform)
	s.add(false, "INFO", "__init__.py:241", "Automatically detected platform cuda.")
	s.pass(t, phase.LLMImports)
	s.add(false, "DEBUG", "__init__.py:36", "Available plugins for group vllm.general_plugins:")
	s.pass(t, phase.GetModelInfo)
	s.add(false, "INFO", "scheduler.py:222", "Chunked prefill is enabled with max_num_batched_tokens=2048.")
	s.pass(t, phase.TokenizerInit)
	s.addSeconds(t, phase.TokenizerInit, false, "llm_engine.py:95", "NEW: Init Tokenizer took %s seconds")
	s.now = s.until
	s.add(true, "INFO", "core.py:636", "Waiting for init message from front-end.")
	s.begin(m, segment.WorkerSetup)
	s.add(true, "INFO", "core.py:74", "Initializing a V1 LLM engine (v%s) with config: %s", m.Release, m.Setup.Config)
	s.backends(&m.Setup)
	s.begin(m, segment.ModelLoading)
	s.add(true, "INFO", "gpu_model_runner.py:1953", "Starting to load model models/%s...", m.Model)
}

// backends are the lines that name the sampler and the attention backend.
func (s *script) backends(setup *phase.Setup) {
	if setup.Sampler == "PyTorch" {
		s.add(true, "WARNING", "topk_topp_sampler.py:61",
			"FlashInfer is not available. Falling back to the PyTorch-native implementation of top-p & top-k sampling.")
	} else {
		s.add(true, "INFO", "topk_topp_sampler.py:50", "Using %s for top-p & top-k sampling.", setup.Sampler)
	}
	s.add(true, "INFO", "cuda.py:328", "Using %s backend on V1 engine.", setup.Attention)
}

func (s *script) loading(m *paper.Measurement, t *phase.Times) {
	s.pass(t, phase.ModelInit)
	s.addSeconds(t, phase.ModelInit, true, "base_loader.py:48", "NEW: Initializing Model took %s seconds")
	if !loadIsDerived(t) {
		s.pass(t, phase.LoadWeights)
		s.addSeconds(t, phase.LoadWeights, true, "default_loader.py:262", "Loading weights took %s seconds")
	}
	s.begin(m, segment.ProfileCompile)
	if loading, ok := t.Get(phase.ModelLoading); ok {
		s.add(true, "INFO", "gpu_model_runner.py:2007",
			"Model loading took %.4f GiB and %s seconds", m.WeightsGiB, decimal(loading))
	}
}

// loadIsDerived tells that the log did not state load_weights, as with the tensorizer, and
// that it is the difference of the two others.
func loadIsDerived(t *phase.Times) bool {
	load, _ := t.Get(phase.LoadWeights)
	loading, _ := t.Get(phase.ModelLoading)
	init, _ := t.Get(phase.ModelInit)
	return load == loading-init
}

func (s *script) compilation(m *paper.Measurement, t *phase.Times) {
	s.pass(t, phase.DynamoTransform)
	s.addSeconds(t, phase.DynamoTransform, true, "backends.py:559", "Dynamo bytecode transform time: %s s")
	s.pass(t, phase.GraphCompileGeneral)
	s.addSeconds(t, phase.GraphCompileGeneral, true, "backends.py:215", "Compiling a graph for dynamic shape takes %s s")
	s.pass(t, phase.GraphCompileCached)
	s.addSeconds(t, phase.GraphCompileCached, true, "backends.py:161",
		"Directly load the compiled graph(s) for dynamic shape from the cache, took %s s")
	s.addSeconds(t, phase.TorchCompile, true, "monitor.py:34", "torch.compile takes %s s in total")
	s.pass(t, phase.KVCacheProfiling)
	if profiling, ok := m.Profiling(); ok {
		s.add(true, "DEBUG", "gpu_worker.py:275", "Memory profiling takes %s seconds.", decimal(profiling))
	}
	s.begin(m, segment.CaptureWarmup)
	s.add(true, "INFO", "kv_cache_utils.py:849", "GPU KV cache size: not in the paper's data")
}

func (s *script) warmUp(m *paper.Measurement, t *phase.Times) {
	s.pass(t, phase.GraphCapturing)
	s.addSeconds(t, phase.GraphCapturing, true, "gpu_model_runner.py:2708", "Graph capturing finished in %s secs")
	s.begin(m, segment.ServingSetup)
	s.addSeconds(t, phase.InitEngine, true, "core.py:214",
		"init engine (profile, create kv cache, warmup model) took %s seconds")
	s.now = s.until
	s.add(true, "DEBUG", "core.py:728", "EngineCore waiting for work.")
}

// addSeconds adds the line that states a phase, if it is known.
func (s *script) addSeconds(t *phase.Times, p phase.Phase, worker bool, source, format string) {
	if seconds, ok := t.Get(p); ok {
		s.add(worker, "INFO", source, format, decimal(seconds))
	}
}

// releaseScript is the log of a release of figure 1, for which the paper has only the time to
// build the engine.
func releaseScript(m *paper.Measurement) *script {
	seconds, _ := m.Seconds.Get(phase.InitializeEngine)
	s := &script{began: began, stamps: wholeSeconds}
	s.add(false, "INFO", "llm_engine.py:79", "Initializing an LLM engine (v%s)", m.Release)
	s.now = toDuration(seconds)
	s.add(false, "", "", "initialize_engine took %s seconds", decimal(seconds))
	return s
}
