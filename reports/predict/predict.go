// Package predict predicts the start-up time of a model that was not measured from
// models that were.
//
// A Method says which fact of a model drives which phase. Train fits its lines to
// samples. CrossValidate predicts every sample from the others: that gives the error of
// the method, and the interval of a new prediction.
package predict

import (
	"fmt"

	"coldstart/reports/phase"
	"coldstart/reports/stat"
)

// Sample is a model that was measured, and its averages.
type Sample struct {
	Key   string // of the model, unique among samples
	Label string // the same for people
	Model Model
	Times phase.Times
	Runs  int // number of runs in the averages
}

// Predictor predicts start-ups. Train makes one.
type Predictor struct {
	method *Method
	lines  []stat.Line // one per driver
}

// Train fits a method to samples. It fails if a phase was measured on too few different
// models for a line.
func Train(method *Method, samples []Sample) (*Predictor, error) {
	p := &Predictor{method: method}
	for _, d := range method.drivers() {
		line, err := method.learn(d, samples)
		if err != nil {
			return nil, err
		}
		p.lines = append(p.lines, line)
	}
	return p, nil
}

// learn fits the line of one part to the samples that have the part.
func (m *Method) learn(d driver, samples []Sample) (stat.Line, error) {
	var x, y []float64
	for i := range samples {
		if seconds, ok := m.part(d, &samples[i].Times); ok {
			y = append(y, seconds)
			if d.fact != nil {
				x = append(x, d.fact.of(samples[i].Model))
			}
		}
	}
	if len(y) == 0 {
		return stat.Line{}, fmt.Errorf("no model to learn from has %v", d.phase)
	}
	if d.fact == nil {
		return stat.Line{Intercept: stat.Summarize(y).Mean}, nil
	}
	line, ok := m.fit(x, y)
	if !ok {
		const complaint = "%v needs two models to learn from that differ in what drives it; among %d there are none"
		return stat.Line{}, fmt.Errorf(complaint, d.phase, len(y))
	}
	return line, nil
}

// Predict gives the phases of a start-up in seconds. Their sum, with the time in no
// phase, is actual_total_time.
func (p *Predictor) Predict(m Model) phase.Times {
	var times phase.Times
	total := 0.0
	for i, d := range p.method.drivers() {
		x := 0.0
		if d.fact != nil {
			x = d.fact.of(m)
		}
		seconds := p.lines[i].At(x)
		times.Set(d.phase, seconds)
		total += seconds
	}
	times.Set(phase.ActualTotalTime, total)
	return times
}

// whole is a predicted start-up in seconds.
func whole(predicted phase.Times) float64 {
	seconds, _ := predicted.Get(phase.ActualTotalTime)
	return seconds
}
