package phase

import (
	"math"
	"slices"
)

// A Finding is work of a start-up that can be avoided, or a reason why some part of it is
// slow, as the engine's own lines tell.
type Finding struct {
	Name    string `json:"name"`
	Meaning string `json:"meaning"` // with the remedy
	Line    int    `json:"line"`    // the first line that tells of it

	// Seconds is how long the work took, of several processes the slowest: as stated, or
	// between two stamps. 0: the log does not say.
	Seconds float64 `json:"seconds,omitempty"`
}

// Wanted tells whether variables of the engine ask for the work: they turn the compile cache
// off, as to measure compiling.
func (f *Finding) Wanted(variables map[string]string) bool {
	compiles := f.Name == findingKinds[compileCacheMissed].name || f.Name == findingKinds[compileCacheDisabled].name
	return compiles && variables["VLLM_DISABLE_COMPILE_CACHE"] == "1"
}

// finding is a kind of finding.
type finding uint8

const (
	compileCacheMissed finding = iota
	compileCacheDisabled
	compileCacheUnreadable
	compileCacheUnwritable
	modelInfoMissed
	weightsDownloaded
	weightsNotPrefetched
	weightsQuantized
	weightCacheUnusable
	tensorsNotSerialized
	gpuDirectOff
	hubAskedAgain
	hubUnreachable
	tokenizerSlow
	engineSpawned
	gpuAccessTested
	kernelsNotPrecompiled
	kernelsCompiled
	startupPlanUnused
	findings
)

// findingKinds are the names and meanings of the findings. A finding that is the reason of
// another takes its place.
var findingKinds = [findings]struct {
	name, meaning string
	reasonOf      []finding
}{
	compileCacheMissed: {name: "compile_cache_missed",
		meaning: "graphs were compiled that the compile cache did not have: " +
			"keep the directory VLLM_CACHE_ROOT between starts"},
	compileCacheDisabled: {name: "compile_cache_disabled", reasonOf: []finding{compileCacheMissed},
		meaning: "the compile cache is turned off: every start compiles; unset VLLM_DISABLE_COMPILE_CACHE"},
	compileCacheUnreadable: {name: "compile_cache_unreadable", reasonOf: []finding{compileCacheMissed},
		meaning: "the compile cache has the model but could not be read, so the model was compiled again: " +
			"the line has the reason"},
	compileCacheUnwritable: {name: "compile_cache_unwritable",
		meaning: "the compiled model could not be written to the compile cache, so the next start compiles it again: " +
			"the line has the reason"},
	modelInfoMissed: {name: "model_info_missed",
		meaning: "the properties of the model's class were not in the cache, so a process imported it to find them: " +
			"keep the directory VLLM_CACHE_ROOT between starts"},
	weightsDownloaded: {name: "weights_downloaded",
		meaning: "the weights were downloaded during the start: " +
			"download them before, or keep the hub's cache between starts"},
	weightsNotPrefetched: {name: "weights_not_prefetched",
		meaning: "the weights are on a network file system and were not read ahead, because they would fill the memory: " +
			"copy them to a local drive"},
	weightsQuantized: {name: "weights_quantized",
		meaning: "the weights were quantized during the start: use a checkpoint that is quantized already"},
	weightCacheUnusable: {name: "weight_cache_unusable",
		meaning: "the weight cache could not be used, so the weights were read from disk: the line has the reason"},
	tensorsNotSerialized: {name: "tensors_not_serialized",
		meaning: "Tensorizer reads a Hugging Face model by way of the CPU's memory: serialize the model as a vLLM model"},
	gpuDirectOff: {name: "gpu_direct_off",
		meaning: "the weights are copied through the CPU's memory, because GPUDirect Storage is not enabled"},
	hubAskedAgain: {name: "hub_asked_again",
		meaning: "the model hub was asked again after a wait: if all files are local, set HF_HUB_OFFLINE=1 and give an " +
			"absolute path"},
	hubUnreachable: {name: "hub_unreachable",
		meaning: "the model hub could not be reached: if all files are local, set HF_HUB_OFFLINE=1"},
	tokenizerSlow: {name: "tokenizer_slow",
		meaning: "the tokenizer is the slow one, written in Python: use a model with a fast tokenizer"},
	engineSpawned: {name: "engine_spawned",
		meaning: "the engine's process is spawned and imports everything again, because it cannot be forked: " +
			"the line has the reason"},
	gpuAccessTested: {name: "gpu_access_tested",
		meaning: "the access of GPUs to each other was tested, because the result was not in the cache: " +
			"keep the directory VLLM_CACHE_ROOT between starts"},
	kernelsNotPrecompiled: {name: "kernels_not_precompiled",
		meaning: "FlashInfer's compiled kernels are missing or of another release, so it downloads and compiles them: " +
			"install flashinfer-cubin and flashinfer-jit-cache of the release of flashinfer-python"},
	kernelsCompiled: {name: "kernels_compiled",
		meaning: "FlashInfer compiled kernels: install its compiled kernels, or keep its cache directory between starts"},
	startupPlanUnused: {name: "startup_plan_unused",
		meaning: "the saved start-up plan was not used, so the memory was profiled again: the line has the reason"},
}

// findingRows are the messages of findings. They were compared with the sources of vLLM
// 0.10.1.1, 0.13, 0.20.2, 0.27 and 0.32 and of huggingface_hub. Lines that every warm start
// prints are not among them, nor those that tell of slow requests and not of a slow start.
var findingRows = []message{
	row("", "", finds(compileCacheMissed), "Compiling a graph for {any} takes {seconds} s"),
	row("", "", finds(compileCacheDisabled), "vLLM's torch.compile cache is disabled"),
	row("", "", finds(compileCacheUnreadable), "Compiling model again due to a load failure from"),
	row("", "", ends(compileCacheUnreadable), "saved AOT compiled function"),
	row("", "", ends(compileCacheUnreadable), "unable to save AOT compiled function"),
	row("", "", finds(compileCacheUnwritable), "unable to save AOT compiled function"),
	row("", "", finds(modelInfoMissed), "Cache model info for class {any} miss."),
	row("", "", ends(modelInfoMissed), "Registry inspect model class: Elapsed time {seconds} secs"),

	row("", "", finds(weightsDownloaded), "Time spent downloading weights for {any}: {seconds} seconds"),
	row("", "", finds(weightsNotPrefetched), "Network filesystem ({any}) detected but checkpoint total size"),
	row("", "", finds(weightsQuantized), "Online quantization as part of model loading took {seconds} seconds"),
	row("", "", finds(weightCacheUnusable), "Weight cache unusable"),
	row("", "", finds(weightCacheUnusable), "Weight cache IPC loading failed; falling back"),
	row("", "", finds(tensorsNotSerialized), "Deserializing HuggingFace models is not optimized"),
	row("", "", finds(gpuDirectOff), "GDS not enabled, setting `nogds=True`"),

	// vLLM asks twice, and says so each time. The hub's library tells the wait.
	row("", "", ends(hubAskedAgain), "Error retrieving "),
	row("", "", finds(hubAskedAgain), "Error retrieving {any}, retrying"),
	row("", "", finds(hubAskedAgain), "Retrying in {seconds}s [Retry"),
	row("", "", finds(hubUnreachable), "Cannot connect to Hugging Face Hub"),

	row("", "", finds(tokenizerSlow), "Using a slow tokenizer."),
	row("", "", finds(engineSpawned), "We must use the `spawn` multiprocessing start method"),
	row("", "", finds(gpuAccessTested), "generating GPU P2P access cache in"),
	row("", "", ends(gpuAccessTested), "reading GPU P2P access cache from"),
	row("", "", finds(kernelsNotPrecompiled), "FlashInfer's precompiled kernels are missing"),
	row("", "", finds(kernelsCompiled), "Loading JIT ops: "),
	row("", "", ends(kernelsCompiled), "Finished loading JIT ops: "),
	row("", "", finds(startupPlanUnused), "Startup plan not applied"),
	row("", "", finds(startupPlanUnused), "Ignoring unreadable startup plan"),
}

func finds(f finding) meaning { return meaning{tells: aFinding, finding: f} }
func ends(f finding) meaning  { return meaning{tells: findingEnd, finding: f} }

// occurrence is one message of a finding.
type occurrence struct {
	of       finding
	line     int
	by       *process
	seconds  float64 // stated
	stated   bool
	ended    bool    // a later message of the process ended the work
	from, to instant // of the work
}

// mostOccurrences bounds those of a start-up that are kept.
const mostOccurrences = 1000

// finds records a message of a finding.
func (a *attempt) finds(e *event, by *process) {
	if m := &messages[e.row]; len(a.found) < mostOccurrences {
		a.found = append(a.found, occurrence{
			of: m.finding, line: e.line, by: by, seconds: e.seconds, stated: m.has(secondsField), from: e.instant,
		})
	}
}

// findingEnds records the end of the work that the latest message of a finding tells of.
func (a *attempt) findingEnds(e *event, by *process) {
	m := &messages[e.row]
	for i := range slices.Backward(a.found) {
		if o := &a.found[i]; o.of == m.finding && o.by == by {
			if !o.ended && !o.stated {
				o.ended, o.to, o.seconds, o.stated = true, e.instant, e.seconds, m.has(secondsField)
			}
			return
		}
	}
}

// leastCost, in seconds, is the shortest work that is told.
const leastCost = 0.5

// findings are those of the start-up, in order of their lines.
func (s *settling) findings() (told []Finding) {
	var costs [findings]cost
	for f := range findings {
		costs[f] = s.cost(f)
	}
	for f := range findings {
		for _, result := range findingKinds[f].reasonOf {
			if costs[f].line > 0 && !costs[f].known {
				costs[f].seconds, costs[f].known = costs[result].seconds, costs[result].known
			}
			if costs[f].line > 0 {
				costs[result] = cost{}
			}
		}
	}
	for f, c := range costs {
		if c.line > 0 && (!c.known || c.seconds >= leastCost) {
			kind := &findingKinds[f]
			told = append(told, Finding{Name: kind.name, Meaning: kind.meaning, Line: c.line, Seconds: c.seconds})
		}
	}
	slices.SortStableFunc(told, func(a, b Finding) int { return a.Line - b.Line })
	return told
}

// cost is how long the work of a finding took.
type cost struct {
	line    int // of the first message; 0: there is none
	seconds float64
	known   bool
}

// cost adds up the occurrences of each process, and takes the process that took longest.
func (s *settling) cost(f finding) (c cost) {
	byProcess := map[*process]float64{}
	for i := range s.found {
		o := &s.found[i]
		if o.of != f {
			continue
		}
		if c.line == 0 {
			c.line = o.line
		}
		if seconds, ok := s.took(o); ok {
			byProcess[o.by] += seconds
			c.seconds, c.known = max(c.seconds, byProcess[o.by]), true
		}
	}
	c.seconds = math.Round(c.seconds*1e6) / 1e6 // without the rounding errors of sums
	return c
}

// took is how long the work of an occurrence took, if the log says.
func (s *settling) took(o *occurrence) (seconds float64, ok bool) {
	switch {
	case o.stated:
		return o.seconds, true
	case o.ended && o.from.known() && o.to.known():
		ms, ok := s.clock.between(o.from, o.to)
		return float64(ms) / 1000, ok && ms >= 0
	}
	return 0, false
}
