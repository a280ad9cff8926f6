package phase

import "slices"

// moment is an event of which only the time matters.
type moment uint8

const (
	noMoment moment = iota
	platformSought
	platformDetected
	pluginsListed
	schedulerConfigured
	engineReady
	modelStarted
	moments
)

// A message is one row of the table: a wording and what it tells.
type message struct {
	format
	tells quantity
	phase Phase
	at    moment
}

type quantity uint8

const (
	aPhase       quantity = iota // {seconds} is the row's phase
	aMoment                      // the record's stamp is the row's moment
	aRelease                     // {release} is the engine's
	memoryProfil                 // {seconds} is the memory profiling's whole time
	compileTotal                 // {seconds} is all of torch.compile, loading cached graphs included
)

// messages is vLLM 0.10.1.1's wording, with the profiling lines of the paper's
// artifact (Init Tokenizer, Initializing Model), and where a later release
// words the same quantity otherwise, that too. A later wording that covers
// another span is a row of its own and never fills the phase.
var messages = []message{
	says(LoadWeights, "Loading weights took {seconds} seconds"),
	says(ModelLoading, "Model loading took {gib} GiB and {seconds} seconds"),
	says(ModelLoading, "Model loading took {gib} GiB memory and {seconds} seconds"),
	says(GraphCapturing, "Graph capturing finished in {seconds} secs"),
	says(InitEngine, "init engine (profile, create kv cache, warmup model) took {seconds} s"),
	says(DynamoTransform, "Dynamo bytecode transform time: {seconds} s"),
	says(GraphCompileGeneral, "Compiling a graph for {any} takes {seconds} s"),
	says(GraphCompileCached, "Directly load the compiled graph(s) {any} took {seconds} s"),
	says(TorchCompile, "torch.compile takes {seconds} s in total"),
	says(TokenizerInit, "Init Tokenizer took {seconds} seconds"),
	says(ModelInit, "Initializing Model took {seconds} seconds"),
	says(ModelInit, "Initializing model took {seconds} seconds"),
	says(InitializeEngine, "initialize_engine took {seconds} seconds"),
	{format: newFormat("Memory profiling takes {seconds} seconds"), tells: memoryProfil},
	{format: newFormat("torch.compile took {seconds} s in total"), tells: compileTotal},
	{format: newFormat("Initializing a V1 LLM engine (v{release})"), tells: aRelease},
	{format: newFormat("Initializing an LLM engine (v{release})"), tells: aRelease},
	marks(platformSought, "No plugins for group"),
	marks(platformDetected, "Automatically detected platform"),
	marks(pluginsListed, "Available plugins for group"),
	marks(schedulerConfigured, "Chunked prefill is"),
	marks(engineReady, "Waiting for init message"),
	marks(modelStarted, "Starting to load model"),
}

func says(p Phase, wording string) message {
	return message{format: newFormat(wording), tells: aPhase, phase: p}
}

func marks(at moment, wording string) message {
	return message{format: newFormat(wording), tells: aMoment, at: at}
}

// messagesByLetter finds the few rows that a message can fit by its first byte.
var messagesByLetter = func() (rows [256][]*message) {
	for i := range messages {
		letter := messages[i].parts[0].literal[0]
		rows[letter] = append(rows[letter], &messages[i])
	}
	return rows
}()

// span is a phase that is the time between two moments.
type span struct {
	phase    Phase
	from, to moment
}

var spans = []span{
	{DetectPlatform, platformSought, platformDetected},
	{LLMImports, platformDetected, pluginsListed},
	{GetModelInfo, pluginsListed, schedulerConfigured},
	{WorkerInit, engineReady, modelStarted},
}

// bootstrap are the phases that FrameworkBootstrap is the sum of.
var bootstrap = func() (phases []Phase) {
	for _, s := range spans {
		phases = append(phases, s.phase)
	}
	return slices.Clip(phases)
}()
