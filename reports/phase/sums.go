package phase

import "slices"

// A sum is a phase that is the sum of others. A start-up may lack the optional parts,
// such as compiling if the graphs are cached.
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

// sums are in the order of computing: each after the sums that are its parts.
var sums = []sum{bootstrap, loading, compilation, engine, total}

// of adds up the known parts. It is false if a required part is not known.
func (s sum) of(t *Times) (seconds float64, ok bool) {
	required, all := t.Sum(s.required...)
	optional, _ := t.Sum(s.optional...)
	return required + optional, all
}

// derive sets the sum if its required parts are known.
func (s sum) derive(t *Times) {
	if seconds, ok := s.of(t); ok {
		t.Set(s.whole, seconds)
	}
}

// RenewSums computes each known sum again from its parts. A sum that lacks a required
// part stays as it is.
func (t *Times) RenewSums() {
	for _, s := range sums {
		if t.Has(s.whole) {
			s.derive(t)
		}
	}
}

// Parts are the phases that a phase is the sum of; none unless it is a sum.
func (p Phase) Parts() []Phase {
	for _, s := range sums {
		if s.whole == p {
			return slices.Concat(s.required, s.optional)
		}
	}
	return nil
}

// wholes are the phases that are a whole start-up, the best one first: the time that a
// person waits; the sum of the phases, for logs without time stamps; and the only phase
// of the oldest releases.
var wholes = []Phase{ActualTotalTime, TotalTime, InitializeEngine}

// Whole is the best phase that is a whole start-up and for which has is true, or None.
func Whole(has func(Phase) bool) Phase {
	if i := slices.IndexFunc(wholes, has); i >= 0 {
		return wholes[i]
	}
	return None
}

// IsWhole tells whether a phase is a whole start-up, not a step of one.
func (p Phase) IsWhole() bool { return slices.Contains(wholes, p) }
