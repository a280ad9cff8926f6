package phase

import (
	"encoding/binary"
	"slices"
)

// moment is an event that begins or ends a span.
type moment uint8

const (
	noMoment moment = iota
	platformSought
	platformDetected
	pluginsListed
	schedulerConfigured
	tokenizerSought
	tokenizerLoaded
	engineReady
	engineBegun
	ranksSought
	rankAssigned
	modelStarted
	processorsSought
	weightsSought
	weightsLoaded
	modelLoaded
	queueJoined
	firstRunDone
	trialBegun
	trialDone
	cacheSized
	warmUpBegun
	warmUpDone
	autotuneBegun
	autotuneDone
	graphsCaptured
	graphsRegistered
	engineUp
	coreReady
	engineIdle
	tasksTold
	serverBegun
	routesTold
	serving // the server takes requests; nothing that follows belongs to the start-up
	busy    // a request was answered
	moments
)

// A message is one row of the table: a wording and its meaning, from one release on
// and before another. A zero bound is no bound.
type message struct {
	from, before release
	meaning
	format
	engine  int    // whose log has it, in engines
	stage   stage  // of a start-up that it begins
	group   group  // of the processes whose work it states
	span    *span  // that it ends; nil: none
	reached string // how far a start-up came, if a registered engine printed the message
}

// applies tells whether the row holds for a release's logs.
func (m *message) applies(r release) bool {
	return (m.from == release{} || !r.less(m.from)) && (m.before == release{} || r.less(m.before))
}

// phaseTold is the phase that the row's message states or ends.
func (m *message) phaseTold() (phase Phase, ok bool) {
	if m.span != nil {
		return m.span.phase, true
	}
	return m.phase, m.tells == aPhase
}

// meaning is the quantity, phase or moment that a message tells.
type meaning struct {
	tells   quantity
	phase   Phase
	at      moment // of the record's stamp; a quantity may have one, too
	finding finding
	counter counter
}

type quantity uint8

const (
	aPhase        quantity = iota // {seconds} is the row's phase
	aMoment                       // the record's stamp is the row's moment
	aRelease                      // {release} is the engine's
	aConfig                       // {text} is the engine's configuration
	anAttention                   // {text} names the attention backend
	aSampler                      // {text} names what samples
	profiling                     // {seconds} is the memory profiling's whole time
	compileTotal                  // a total of torch.compile that includes loading cached graphs
	compileWall                   // a total of all that happened during torch.compile
	compiledSaved                 // the compiled function was written to disk during profiling
	compiledRead                  // the compiled function was read from disk instead of made
	graphTrial                    // CUDA graphs were captured on trial during profiling
	firstRun                      // {seconds} is the first run of the compiled model
	downloading                   // {seconds} is the download of the weights
	inspecting                    // {seconds} is the search for the properties of the model's class
	weightsOnly                   // {gib} is known, and the time is not
	aDrafter                      // a second model, which drafts tokens, is loaded
	aHeadless                     // the engines belong to a server of another machine
	aFinding                      // the row's finding; {seconds} is how long its work took
	findingEnd                    // the end of the work of the row's finding
	aCount                        // one more of the row's counter, or {count}
	quantities
)

func is(p Phase) meaning       { return meaning{tells: aPhase, phase: p} }
func marks(at moment) meaning  { return meaning{tells: aMoment, at: at} }
func tells(q quantity) meaning { return meaning{tells: q} }

// and adds the moment of the message to its meaning.
func (m meaning) and(at moment) meaning {
	m.at = at
	return m
}

// messages is vLLM's wording, release by release, and the wording of the lines that
// the launcher (initialize_engine) and profiling (Init Tokenizer, Initializing
// Model) add. It was compared with the sources of every minor release from 0.10
// to compared.
//
// A new wording is a new row, from the release that has it on. If a wording comes to
// cover another span, its row ends with "before" that release. A row of its own may
// then give the new meaning; without one, the phase is absent from later logs.
//
// All rows apply to a log that names no release.
var messages = slices.Concat([]message{
	// The lines of the launcher and of profiling.
	row("", "", is(InitializeEngine).and(serving), "initialize_engine took {seconds} seconds"),
	row("", "", is(TokenizerInit).and(tokenizerLoaded), "Init Tokenizer took {seconds} seconds"),
	row("", "", is(ModelInit), "Initializing Model took {seconds} seconds"),

	row("", "", tells(aRelease).and(engineBegun), "Initializing a V1 LLM engine (v{release})"),
	row("", "", tells(aRelease).and(engineBegun), "Initializing a V0 LLM engine (v{release})"),
	row("", "", tells(aRelease).and(engineBegun), "Initializing an LLM engine (v{release})"),
	row("", "", tells(aRelease), "vLLM API server version {release}"),
	row("0.15", "", tells(aRelease), "vLLM server version {release}"),
	row("0.15", "", tells(aRelease), "▄▄{any}  version {release}"), // in a picture of the name
	row("0.15", "", tells(aRelease), "▄▄{any}  version \x1b[1m{release}"),

	// How the engine was set up.
	row("", "", tells(aConfig), "Initializing a V1 LLM engine (v{any}) with config: {text}"),
	row("", "", tells(aConfig), "Initializing a V0 LLM engine (v{any}) with config: {text}"),
	row("", "", tells(aConfig), "Initializing an LLM engine (v{any}) with config: {text}"),
	row("", "", tells(anAttention), "Using {text} backend on V1 engine"),
	row("", "", tells(anAttention), "Using {text} attention backend out of potential backends"),
	row("", "", tells(aSampler), "Using {text} for top-p & top-k sampling"),
	row("", "", tells(aSampler), "FlashInfer is not available. Falling back to the {text}-native implementation"),
	row("", "", tells(aSampler),
		"FlashInfer is available, but it is not enabled. Falling back to the {text}-native implementation"),

	// The front end. From 0.19 on, a process prints the line of the scheduler's
	// configuration once per number of tokens, and the parser of the command line
	// prints the one of the default, 2048, before there is a log. From 0.20 on the
	// defaults are chosen right before the configuration, in 0.19 long before. From
	// lateLogging on the lines before those are missing, unless the program that
	// starts vLLM set up its logging.
	row("", "", marks(platformSought), "No plugins for group vllm.platform_plugins"),
	row("", "", marks(platformDetected), "Automatically detected platform"),
	row("", "", marks(pluginsListed), "Available plugins for group vllm.general_plugins"),
	row("", "", tells(inspecting), "Registry inspect model class: Elapsed time {seconds} secs"),
	row("", "", marks(schedulerConfigured), "Chunked prefill is"),
	row("0.20", "", marks(schedulerConfigured), "Defaulting max_num_batched_tokens to"),
	row("0.20", "", marks(schedulerConfigured), "Defaulting max_num_seqs to"),
	// From 0.19 on the renderer's line follows the tokenizer; before, it came first.
	row("0.19", "", marks(tokenizerSought), "Loading {any} for tokenizer_mode="),
	row("0.19", "", marks(tokenizerLoaded), "Loading {any} for renderer_mode="),

	// Right before the tokenizer, in the releases whose own line comes later.
	row("", "", marks(tokenizerSought), "Enabling multiprocessing for LLMEngine"),

	// The engine process, and the worker if that is a third process. The second
	// model runner, which later releases use for more and more models, prints only
	// "Loading model from scratch"; the first prints that behind the other line.
	row("", "", marks(engineReady), "Waiting for init message"),
	row("", "", marks(ranksSought), "world_size="),
	row("", "", marks(rankAssigned), "rank {any} in world size {any} is assigned as"),
	row("", "", marks(modelStarted), startsToLoad),
	row("", "", marks(modelStarted), loadsFromScratch),
	row("", "", tells(aDrafter), "Loading drafter model"),
	row("0.32", "", is(ModelInit), "Initializing model took {seconds} seconds"),
	row("", "", marks(processorsSought), "No logitsprocs plugins installed"),
	row("", "", marks(weightsSought), "Loading weights on"),
	row("", "", tells(downloading), "Time spent downloading weights for {any}: {seconds} seconds"),
	row("", "", is(LoadWeights).and(weightsLoaded), "Loading weights took {seconds} seconds"),
	row("", "", is(ModelLoading).and(modelLoaded), "Model loading took {gib} GiB and {seconds} seconds"),
	row("0.11.1", "", is(ModelLoading).and(modelLoaded), "Model loading took {gib} GiB memory and {seconds} seconds"),
	// These divide by 2^30, too.
	row("", "0.9", is(ModelLoading).and(modelLoaded), "Model loading took {gib} GB and {seconds} seconds"),
	row("", "0.9", is(ModelLoading).and(modelLoaded), "Loading model weights took {gib} GB and {seconds} seconds"),
	row("", "0.8", tells(weightsOnly).and(modelLoaded), "Loading model weights took {gib} GB"),

	// What every rank prints next when its model is loaded, by the sources of 0.20 and
	// 0.32. In 0.10 a rank joins the queue of its executor before it loads.
	row("", "", marks(queueJoined), "Connecting to ipc:"),

	// Compilation. {range} does not match graphs for a single size, which releases
	// before 0.13 word "for shape 8".
	row("", "", is(DynamoTransform), "Dynamo bytecode transform time: {seconds} s"),
	row("", "0.10", is(GraphCompileGeneral), "Compiling a graph for general shape takes {seconds} s"),
	row("", "0.13", is(GraphCompileGeneral), "Compiling a graph for dynamic shape takes {seconds} s"),
	row("0.13", "", is(GraphCompileGeneral), "Compiling a graph for compile range {range} takes {seconds} s"),
	row("", "0.10", is(GraphCompileCached),
		"Directly load the compiled graph(s) for general shape from the cache, took {seconds} s"),
	row("", "0.10", is(GraphCompileCached),
		"Directly load the compiled graph(s) for shape None from the cache, took {seconds} s"),
	row("", "0.13", is(GraphCompileCached),
		"Directly load the compiled graph(s) for dynamic shape from the cache, took {seconds} s"),
	row("0.13", "", is(GraphCompileCached),
		"Directly load the compiled graph(s) for compile range {range} from the cache, took {seconds} s"),
	row("", "0.11.1", is(TorchCompile), "torch.compile takes {seconds} s in total"),
	row("0.11.1", "0.18", tells(compileTotal), "torch.compile takes {seconds} s in total"),
	row("0.18", "", tells(compileWall), "torch.compile took {seconds} s in total"),
	row("0.18", "", tells(compileWall),
		"torch.compile and initial profiling/warmup run together took {seconds} s in total"),
	row("0.11.1", "", tells(compiledRead), "Directly load AOT compilation"),
	row("0.15", "", tells(compiledSaved), "saved AOT compiled function"),

	// Memory and CUDA graphs. vLLM rounds the capturing to whole seconds; the
	// paper's authors had it print more.
	row("0.18", "", tells(firstRun).and(firstRunDone), "Initial profiling/warmup run took {seconds} s"),
	row("", "", tells(profiling), "Memory profiling takes {seconds} seconds"),
	row("0.18", "", tells(graphTrial).and(trialBegun), "Profiling CUDA graph memory"),
	row("0.18", "", marks(trialDone), "Estimated CUDA graph memory"),
	row("", "", marks(cacheSized), "GPU KV cache size"),
	row("", "", marks(cacheSized), "CPU KV cache size"),
	row("", "", marks(cacheSized), "XPU KV cache size"),
	row("", "0.11", marks(cacheSized), "# GPU blocks"),
	row("", "0.11", marks(cacheSized), "# cuda blocks"),
	row("", "0.11", marks(cacheSized), "# cpu blocks"),
	row("", "", marks(warmUpBegun), "Warming up model for the compilation"),
	row("", "", marks(warmUpDone), "Warming up done"),
	// FlashInfer's own lines.
	row("", "", marks(autotuneBegun), ": Autotuning process starts"),
	row("", "", marks(autotuneDone), ": Autotuning process ends"),
	row("", "", is(GraphCapturing).and(graphsCaptured), "Graph capturing finished in {seconds} secs"),
	// coldstart's plugin prints this line, because vLLM's is in whole seconds.
	row("", "", is(GraphCapturing).and(graphsCaptured), "Graph capturing took {seconds} seconds"),
	// What every rank prints behind its graphs if it has vLLM's own all-reduce.
	row("", "", marks(graphsRegistered), "Registering {any} cuda graph addresses"),
	row("", "", is(InitEngine).and(engineUp), "init engine (profile, create kv cache, warmup model) took {seconds} s"),

	// The front end again. uvicorn's lines have no stamp.
	row("", "", marks(coreReady), "READY from local core engine process"),
	row("", "", marks(engineIdle), "EngineCore waiting for work"),
	row("", "", marks(tasksTold), "Supported_tasks: "),
	row("", "", marks(tasksTold), "Supported tasks: "),
	row("", "", tells(aHeadless), "Launching {any} data parallel engine(s) in headless mode"),
	row("", "", marks(serverBegun), "Starting vLLM API server"),
	row("", "", marks(serverBegun), "Starting vLLM server on"),
	row("", "", marks(routesTold), "Available routes are"),
	row("", "", marks(routesTold), "Route: "),
	row("", "", marks(serving), "Application startup complete"),
	row("", "", marks(serving), "Uvicorn running on"),
	row("", "", marks(serving), "vLLM gRPC server started on"),
	row("", "", marks(busy), "Called check_health"),
	row("", "", marks(busy), "Avg prompt throughput"),
	row("", "", marks(busy), "Engine {any}: Avg prompt throughput"),
	row("", "", marks(busy), "Received request "),
	row("", "", marks(busy), "Added request "),
	row("", "", marks(busy), "\"GET /"),
	row("", "", marks(busy), "\"POST /"),
}, findingRows, counterRows)

const (
	startsToLoad     = "Starting to load model"
	loadsFromScratch = "Loading model from scratch"
)

// compared is the last release whose sources the table was compared with.
var compared = mustRelease("0.33")

// newestOf is the newest release of rows that were compared with one: that, or a later one
// that a row begins with. A log of a later minor release is read with a warning.
func newestOf(compared release, rows []message) release {
	for i := range rows {
		if from := rows[i].from.minor(); compared.less(from) {
			compared = from
		}
	}
	return compared
}

// lateLogging is the first release whose front end sets up its logging only when it
// makes its configuration: the log begins in the middle of the start-up.
var lateLogging = mustRelease("0.31")

func row(from, before string, m meaning, wording string) message {
	return located(message{
		from: mustRelease(from), before: mustRelease(before), meaning: m, format: newFormat(wording), span: spanTo(m),
	})
}

// located adds the place of a row's message in a start-up.
func located(m message) message {
	m.stage, m.group = stageOf(&m), groupOf(&m)
	return m
}

// candidates are the rows that a message can fit, by leadKey. For most messages that fit
// none, there are none.
var candidates = candidatesOf(messages)

func candidatesOf(messages []message) (rows [256][]int) {
	for i := range messages {
		key := leadKey([]byte(messages[i].lead))
		rows[key] = append(rows[key], i)
	}
	return rows
}

// shortestLead is the least length of a lead, in bytes.
const shortestLead = 4

// leadKey is a hash of the first shortestLead bytes of text.
func leadKey(text []byte) uint8 {
	return uint8(binary.LittleEndian.Uint32(text) * 0x9e3779b1 >> 24)
}

// span is a phase that lasts from one moment to another.
type span struct {
	phase    Phase
	from, to moment
	repeated bool // every spawned process goes through it again
	handed   bool // it begins in one process and ends in another
}

var spans = []span{
	{phase: DetectPlatform, from: platformSought, to: platformDetected, repeated: true},
	{phase: LLMImports, from: platformDetected, to: pluginsListed, repeated: true},
	{phase: GetModelInfo, from: pluginsListed, to: schedulerConfigured},
	{phase: TokenizerInit, from: tokenizerSought, to: tokenizerLoaded},
	{phase: WorkerInit, from: engineReady, to: modelStarted, handed: true},
}

// spanTo finds the span that a message ends by its moment; nil if there is none.
func spanTo(m meaning) *span {
	i := slices.IndexFunc(spans, func(s span) bool { return s.to == m.at })
	if m.tells != aMoment || i < 0 {
		return nil
	}
	return &spans[i]
}
