package predict

import (
	"slices"

	"coldstart/reports/result"
)

// The number of batch sizes that vLLM captures CUDA graphs for by default is 35 in the
// recorded logs (1, 2, 4 and the multiples of 8 up to 256). The published predictor
// learns with 67 for every model.
const (
	DefaultBatchSizes   = 35
	PublishedBatchSizes = 67
)

// Model has the facts that a prediction uses. An unknown fact is zero.
type Model struct {
	SizeB           float64 // parameters, billions
	WeightsGiB      float64 // weights as loaded, 2^30 bytes
	TokenizerMB     float64 // tokenizer file, MB
	CompiledGraphKB float64 // cached graphs of torch.compile, KB
	Layers          float64 // of the transformer
	BatchSizes      int     // number of sizes that CUDA graphs are captured for
}

// Of has the facts of a model of the catalogue.
func Of(m *result.Model, batchSizes int) Model {
	return Model{
		SizeB: m.SizeB, WeightsGiB: m.WeightsGiB, TokenizerMB: m.TokenizerMB,
		CompiledGraphKB: m.CompiledGraphKB, Layers: float64(m.Layers), BatchSizes: batchSizes,
	}
}

// A fact is a property of a model that drives a phase.
type fact struct {
	name string // in the catalogue and, with dashes, of the flag, such as "weights_gib"
	of   func(Model) float64
}

var (
	size      = fact{"size_b", func(m Model) float64 { return m.SizeB }}
	weights   = fact{"weights_gib", func(m Model) float64 { return m.WeightsGiB }}
	tokenizer = fact{"tokenizer_mb", func(m Model) float64 { return m.TokenizerMB }}
	graphs    = fact{"compiled_graph_kb", func(m Model) float64 { return m.CompiledGraphKB }}
	layers    = fact{"layers", func(m Model) float64 { return m.Layers }}
)

// perBatchSize is a fact times the number of batch sizes.
func perBatchSize(f fact) fact {
	return fact{f.name, func(m Model) float64 { return f.of(m) * float64(m.BatchSizes) }}
}

// Most is far beyond every fact of a model.
const Most = 1e9

// knownIn tells whether a model has the fact. NaN is not above zero.
func (f fact) knownIn(m Model) bool {
	x := f.of(m)
	return x > 0 && x < Most
}

// Lacks are the names of the facts that the method needs and the model does not have.
func (m *Method) Lacks(model Model) (names []string) {
	for _, d := range m.drivers() {
		if d.fact != nil && !d.fact.knownIn(model) && !slices.Contains(names, d.fact.name) {
			names = append(names, d.fact.name)
		}
	}
	return names
}

// bytesPerWeight is the size of a 16-bit weight, in which most models are published.
const bytesPerWeight = 2

// WeightsGiB is the size of 16-bit weights, from the billions of parameters.
func WeightsGiB(sizeB float64) float64 { return sizeB * 1e9 * bytesPerWeight / (1 << 30) }
