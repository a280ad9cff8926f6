package main

import (
	"fmt"
	"strconv"
	"strings"

	"coldstart/reports/phase"
	"coldstart/reports/predict"
	"coldstart/reports/stat"
	"coldstart/reports/table"
	"coldstart/runner/console"
)

// prediction is a predicted start-up and how far to trust it.
type prediction struct {
	times      phase.Times // seconds
	rest       float64     // seconds in none of the phases
	hasRest    bool
	validation *predict.Validation // nil where that takes more models
	unknown    error               // why validation is nil
	low, high  float64             // of the whole, seconds; with validation only
}

func newPrediction(method *predict.Method, samples []predict.Sample, facts predict.Model) (*prediction, error) {
	predictor, err := predict.Train(method, samples)
	if err != nil {
		return nil, err
	}
	p := &prediction{times: predictor.Predict(facts)}
	p.rest, p.hasRest = method.Rest(&p.times)
	p.validation, p.unknown = predict.CrossValidate(method, samples)
	if p.unknown == nil {
		p.low, p.high = p.validation.Interval(facts, p.whole())
	}
	return p, nil
}

func (p *prediction) whole() float64 {
	seconds, _ := p.times.Get(phase.ActualTotalTime)
	return seconds
}

// accuracy is the cross-validated error in words.
func (p *prediction) accuracy() string {
	if p.unknown != nil {
		return fmt.Sprintf("The error is not known: %v.", p.unknown)
	}
	return fmt.Sprintf("Cross-validated, each of the %d models predicted from the others: "+
		"off by %.2f s (root mean square), %.1f %% on average.",
		p.validation.Models(), p.validation.RMSE(), p.validation.Percent())
}

// warn tells of a prediction that cannot be: only the published method makes such.
func (p *prediction) warn(out *console.Console) {
	var below []string
	for phase := range phase.All() {
		if seconds, ok := p.times.Get(phase); ok && seconds < 0 {
			below = append(below, phase.String())
		}
	}
	if len(below) > 0 {
		out.Notef("warning: the prediction is negative for %s: the models that it learnt from are too unlike this one",
			strings.Join(below, ", "))
	}
}

func (p *prediction) table() table.Table {
	t := table.Table{
		Header: []string{"Phase", "Predicted (s)", fmt.Sprintf("%.0f %% interval (s)", 100*stat.Confidence)},
		Align:  []table.Align{table.Left, table.Right, table.Right},
	}
	add := func(name string, seconds float64, interval string) {
		t.Add(name, strconv.FormatFloat(seconds, 'f', 2, 64), interval)
	}
	for part := range phase.All() {
		if seconds, ok := p.times.Get(part); ok && part != phase.ActualTotalTime {
			add(part.String(), seconds, "")
		}
	}
	if p.hasRest {
		add("in no phase", p.rest, "")
	}
	interval := ""
	if p.validation != nil {
		interval = fmt.Sprintf("%.2f to %.2f", p.low, p.high)
	}
	add(phase.ActualTotalTime.String(), p.whole(), interval)
	return t
}

// json is an object of the phases in seconds, the interval of the whole and the
// cross-validated error. What is not known is absent.
func (p *prediction) json() map[string]any {
	object := map[string]any{}
	for part := range phase.All() {
		if seconds, ok := p.times.Get(part); ok {
			object[part.String()] = seconds
		}
	}
	if p.hasRest {
		object["in_no_phase"] = p.rest
	}
	if p.validation != nil {
		object["interval"] = map[string]float64{"confidence": stat.Confidence, "low": p.low, "high": p.high}
		object["cross_validated"] = map[string]any{
			"models": p.validation.Models(), "rmse": p.validation.RMSE(), "percent": p.validation.Percent(),
		}
	}
	return object
}
