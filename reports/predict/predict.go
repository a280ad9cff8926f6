// Package predict predicts how long an engine takes to start with a model that
// was not measured, from models that were.
//
// It is the predictor of section 6 of the paper: one least-squares line a phase
// over the one fact of the model that drives it, and means for the phases that
// no model drives.
package predict

import (
	"fmt"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/stat"
)

// DefaultBatchSizes is how many batch sizes vLLM captures CUDA graphs for
// unless told otherwise.
const DefaultBatchSizes = 67

// Model is what the prediction rests on.
type Model struct {
	SizeB           float64 // parameters, billions
	TokenizerMB     float64 // tokenizer file, MB
	CompiledGraphKB float64 // cached graphs of torch.compile, KB
	BatchSizes      int     // how many sizes CUDA graphs are captured for
}

// Of takes the facts of a catalogue's model.
func Of(m *result.Model, batchSizes int) Model {
	return Model{SizeB: m.SizeB, TokenizerMB: m.TokenizerMB, CompiledGraphKB: m.CompiledGraphKB, BatchSizes: batchSizes}
}

func size(m Model) float64      { return m.SizeB }
func graphs(m Model) float64    { return m.CompiledGraphKB }
func tokenizer(m Model) float64 { return m.TokenizerMB }
func captures(m Model) float64  { return m.SizeB * float64(m.BatchSizes) }

// drivers are the phases that are predicted. A phase without a driver is
// predicted by its mean.
var drivers = []struct {
	phase  phase.Phase
	driver func(Model) float64
}{
	{phase.FrameworkBootstrap, nil},
	{phase.TokenizerInit, tokenizer},
	{phase.ModelInit, nil},
	{phase.LoadWeights, size},
	{phase.DynamoTransform, graphs},
	{phase.GraphCompileCached, graphs},
	{phase.KVCacheProfiling, size},
	{phase.GraphCapturing, captures},
}

// Sample is a model that was measured, and its averages.
type Sample struct {
	Model Model
	Times phase.Times
}

// Predictor predicts start-ups. Train makes one.
type Predictor struct {
	lines []stat.Line // one a driver
}

// Train fits the predictor to samples. It fails where a phase was measured on
// too few different models for a line.
func Train(samples []Sample) (*Predictor, error) {
	p := &Predictor{lines: make([]stat.Line, len(drivers))}
	for i, d := range drivers {
		var x, y []float64
		for _, s := range samples {
			if seconds, ok := s.Times.Get(d.phase); ok {
				y = append(y, seconds)
				if d.driver != nil {
					x = append(x, d.driver(s.Model))
				}
			}
		}
		if len(y) == 0 {
			return nil, fmt.Errorf("no model to learn from has %v", d.phase)
		}
		if d.driver == nil {
			p.lines[i] = stat.Line{Intercept: stat.Summarize(y).Mean}
			continue
		}
		line, ok := stat.Fit(x, y)
		if !ok {
			return nil, fmt.Errorf("%v needs two models to learn from that differ in what drives it; among %d there are none", d.phase, len(y))
		}
		p.lines[i] = line
	}
	return p, nil
}

// Predict gives the phases of a start-up in seconds, and their sum as
// actual_total_time.
func (p *Predictor) Predict(m Model) phase.Times {
	var times phase.Times
	total := 0.0
	for i, d := range drivers {
		x := 0.0
		if d.driver != nil {
			x = d.driver(m)
		}
		seconds := p.lines[i].At(x)
		times.Set(d.phase, seconds)
		total += seconds
	}
	times.Set(phase.ActualTotalTime, total)
	return times
}
