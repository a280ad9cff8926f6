package phase

import "slices"

// A sum is a phase that is made of others. The optional parts are those that a start-up
// may do without, such as compiling where the graphs are cached.
type sum struct {
	whole              Phase
	required, optional []Phase
}

var (
	bootstrap = sum{
		whole:    FrameworkBootstrap,
		required: []Phase{DetectPlatform, LLMImports, GetModelInfo, WorkerInit},
	}
	loading = sum{
		whole:    ModelLoading,
		required: []Phase{LoadWeights, ModelInit},
	}
	compilation = sum{
		whole:    TorchCompile,
		required: []Phase{DynamoTransform},
		optional: []Phase{GraphCompileGeneral},
	}
	engine = sum{
		whole:    InitEngine,
		required: []Phase{KVCacheProfiling},
		optional: []Phase{TorchCompile, GraphCompileCached, GraphCapturing},
	}
	total = sum{
		whole:    TotalTime,
		required: []Phase{FrameworkBootstrap, ModelLoading, InitEngine, TokenizerInit},
	}
)

// sums are all of them, each behind those that it is made of.
var sums = []sum{bootstrap, loading, compilation, engine, total}

// of adds up the parts that are known. It is false where a required one is not.
func (s sum) of(t *Times) (seconds float64, ok bool) {
	required, all := t.Sum(s.required...)
	optional, _ := t.Sum(s.optional...)
	return required + optional, all
}

// derive makes the sum known if its parts are.
func (s sum) derive(t *Times) {
	if seconds, ok := s.of(t); ok {
		t.Set(s.whole, seconds)
	}
}

// RenewSums makes each sum that is known anew from its parts. A sum that lacks a
// required part stays as it is.
func (t *Times) RenewSums() {
	for _, s := range sums {
		if t.Has(s.whole) {
			s.derive(t)
		}
	}
}

// wholes are the phases that are a whole start-up, the best one first: the time that a
// person waits; the sum of the phases, should no line have a time; and the only one that
// the oldest releases have.
var wholes = []Phase{ActualTotalTime, TotalTime, InitializeEngine}

// Whole finds the best phase that is a whole start-up, of those that has is true for. It
// is None where there is none.
func Whole(has func(Phase) bool) Phase {
	if i := slices.IndexFunc(wholes, has); i >= 0 {
		return wholes[i]
	}
	return None
}

// IsWhole tells whether a phase is a whole start-up, and no step of one.
func (p Phase) IsWhole() bool { return slices.Contains(wholes, p) }
