package phase

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
)

// A Phase is one named part of an engine's start-up.
//
// The constants are in table order: the order of the start-up, each sum after its
// parts. The zero Phase is None.
type Phase uint8

// The phases of vLLM 0.10.1.1, as the paper defines them, and InitializeEngine,
// which the launcher prints and which is the only phase of the oldest releases.
const (
	None                Phase = iota // no phase
	DetectPlatform                   // platform plugins tried until one fits
	LLMImports                       // importing vllm.LLM and what it needs
	GetModelInfo                     // reading the model's configuration
	WorkerInit                       // the engine process until it begins to load
	FrameworkBootstrap               // sum of the four above
	TokenizerInit                    // loading the tokenizer
	ModelInit                        // building the model's modules, no weights
	LoadWeights                      // reading weights into GPU memory
	ModelLoading                     // ModelInit + LoadWeights, as vLLM times it
	DynamoTransform                  // bytecode to graph
	GraphCompileGeneral              // compiling a graph for any shape
	GraphCompileCached               // loading compiled graphs from the cache
	TorchCompile                     // DynamoTransform + GraphCompileGeneral
	KVCacheProfiling                 // memory profiling without compilation
	GraphCapturing                   // capturing CUDA graphs
	InitEngine                       // from TorchCompile to GraphCapturing, as vLLM times it
	TotalTime                        // sum of the phases
	ActualTotalTime                  // first stamped line to the last
	InitializeEngine                 // building the LLMEngine, timed by the launcher
	count
)

// names are the keys of the paper's result files.
var names = [count]string{
	"none", "detect_platform", "llm_imports", "get_model_info", "worker_init", "framework_bootstrap",
	"tokenizer_init", "model_init", "load_weights", "model_loading",
	"dynamo_transform_time", "graph_compile_general_shape", "graph_compile_cached", "torch.compile",
	"kv_cache_profiling", "graph_capturing", "init_engine",
	"total_time", "actual_total_time", "initialize_engine",
}

// All yields every phase in table order.
func All() iter.Seq[Phase] {
	return func(yield func(Phase) bool) {
		for p := None + 1; p < count; p++ {
			if !yield(p) {
				return
			}
		}
	}
}

// String is the phase's name in logs, tables and files, such as "load_weights".
func (p Phase) String() string {
	if p < count {
		return names[p]
	}
	return fmt.Sprintf("phase(%d)", uint8(p))
}

// Parse finds a phase by its name.
func Parse(name string) (Phase, error) {
	if p := slices.Index(names[:], name); p > int(None) {
		return Phase(p), nil
	}
	return None, &UnknownError{Name: name}
}

// UnknownError says that no phase is named Name.
type UnknownError struct{ Name string }

func (e *UnknownError) Error() string {
	return fmt.Sprintf("unknown phase %q; the phases are %s", e.Name, strings.Join(names[None+1:], ", "))
}

// MarshalText writes the phase's name.
func (p Phase) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads the phase's name.
func (p *Phase) UnmarshalText(text []byte) (err error) {
	*p, err = Parse(string(text))
	return err
}

// Times holds a start-up's phases in seconds. A phase that was not measured is
// absent, which is not zero. The zero Times has none.
type Times struct {
	seconds [count]float64
	known   uint32
}

// Get returns a phase in seconds and whether it is known.
func (t *Times) Get(p Phase) (seconds float64, known bool) {
	return t.seconds[p], t.Has(p)
}

// Has tells whether a phase is known.
func (t *Times) Has(p Phase) bool { return t.known&(1<<p) != 0 }

// CameUp tells whether the engine came up: the log has one of the two phases that
// end then.
func (t *Times) CameUp() bool { return t.Has(InitEngine) || t.Has(InitializeEngine) }

// Set makes a phase known.
func (t *Times) Set(p Phase, seconds float64) {
	t.seconds[p] = seconds
	t.known |= 1 << p
}

// Unset makes a phase absent.
func (t *Times) Unset(p Phase) {
	t.seconds[p] = 0
	t.known &^= 1 << p
}

// Sum adds the phases that are known; all tells whether every one was.
func (t *Times) Sum(phases ...Phase) (seconds float64, all bool) {
	all = true
	for _, p := range phases {
		if s, ok := t.Get(p); ok {
			seconds += s
		} else {
			all = false
		}
	}
	return seconds, all
}

// MarshalJSON writes an object of the known phases, name to seconds, in table order.
func (t Times) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for p := range All() {
		seconds, ok := t.Get(p)
		if !ok {
			continue
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		value, err := json.Marshal(seconds)
		if err != nil {
			return nil, fmt.Errorf("phase %v: %w", p, err)
		}
		fmt.Fprintf(&b, "%q:%s", p, value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// UnmarshalJSON reads what MarshalJSON writes; a phase that is null is absent.
func (t *Times) UnmarshalJSON(data []byte) error {
	var object map[Phase]*float64
	if err := json.Unmarshal(data, &object); err != nil {
		return err
	}
	*t = Times{}
	for p := range All() { // in one order, for one error
		seconds := object[p]
		if seconds == nil {
			continue
		}
		if *seconds < 0 || *seconds > largest {
			return fmt.Errorf("%v cannot take %g s", p, *seconds)
		}
		t.Set(p, *seconds)
	}
	return nil
}

// largest is far beyond any quantity of a start-up, in seconds or GiB. The limit keeps
// sums and means finite, whatever a file says.
const largest = 1e9
