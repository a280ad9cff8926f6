package predict

import (
	"coldstart/reports/phase"
	"coldstart/reports/stat"
)

// Method is a way to predict: which fact of a model drives each part of its
// start-up, and how the line through the measured models is fitted.
type Method struct {
	name   string
	phases []driver
	rest   *driver // of the time in no phase; nil if the method leaves that out
	fit    func(x, y []float64) (stat.Line, bool)
}

// A driver is a part of the start-up and the fact that drives it. Without a fact
// the part is predicted by its mean.
type driver struct {
	phase phase.Phase
	fact  *fact
}

// Published is the predictor of section 6 of the paper: one least-squares line per
// phase, and means for the phases that no fact drives. It leaves out the time in no
// phase, and a line may fall below zero.
var Published = &Method{
	name: "the published method",
	phases: []driver{
		{phase.FrameworkBootstrap, nil},
		{phase.TokenizerInit, &tokenizer},
		{phase.ModelInit, nil},
		{phase.LoadWeights, &size},
		{phase.DynamoTransform, &graphs},
		{phase.GraphCompileCached, &graphs},
		{phase.KVCacheProfiling, &size},
		{phase.GraphCapturing, new(perBatchSize(size))},
	},
	fit: stat.Fit,
}

// ByGraphs predicts from the GiB of weights, the tokenizer and torch.compile's cached
// graphs. Of all lines over one fact each, these have the smallest cross-validated error
// over the paper's models. Layers as a second fact gain nothing if the choice of facts,
// too, is made without the left-out model.
var ByGraphs = byWeights("weights, tokenizer and compiled graphs", &graphs)

// ByLayers uses the number of layers in place of the compiled graphs, which exist only
// after a first start.
var ByLayers = byWeights("weights, tokenizer and layers", &layers)

// byWeights is a method whose parts are never below zero. The time in no phase grows
// with the tokenizer, which the front end loads a second time.
func byWeights(name string, compiled *fact) *Method {
	return &Method{
		name: name,
		phases: []driver{
			{phase.FrameworkBootstrap, nil},
			{phase.TokenizerInit, &tokenizer},
			{phase.ModelInit, nil},
			{phase.LoadWeights, &weights},
			{phase.DynamoTransform, compiled},
			{phase.GraphCompileCached, compiled},
			{phase.KVCacheProfiling, &weights},
			{phase.GraphCapturing, new(perBatchSize(weights))},
		},
		rest: &driver{phase.ActualTotalTime, &tokenizer},
		fit:  func(x, y []float64) (stat.Line, bool) { return stat.FitNonNegative(x, y), true },
	}
}

// For is the method with the smallest error whose facts a model has, or else ByGraphs.
func For(model Model) *Method {
	if len(ByGraphs.Lacks(model)) > 0 && layers.knownIn(model) {
		return ByLayers
	}
	return ByGraphs
}

// String names the facts that the method predicts from.
func (m *Method) String() string { return m.name }

// drivers are those of all parts.
func (m *Method) drivers() []driver {
	if m.rest == nil {
		return m.phases
	}
	return append(m.phases[:len(m.phases):len(m.phases)], *m.rest)
}

// Rest is the time of the start-up in none of the method's phases, in seconds. It is
// false if the method leaves that out, or the whole or a phase is not known.
func (m *Method) Rest(t *phase.Times) (seconds float64, ok bool) {
	if m.rest == nil {
		return 0, false
	}
	whole, known := t.Get(phase.ActualTotalTime)
	for _, d := range m.phases {
		part, has := t.Get(d.phase)
		whole -= part
		known = known && has
	}
	return max(0, whole), known
}

// part is the time that a driver learns from, in seconds.
func (m *Method) part(d driver, t *phase.Times) (seconds float64, ok bool) {
	if d.phase == phase.ActualTotalTime {
		return m.Rest(t)
	}
	return t.Get(d.phase)
}
