package predict

import (
	"encoding/json"
	"fmt"
	"strconv"

	"coldstart/reports/phase"
	"coldstart/reports/stat"
	"coldstart/reports/table"
)

// Prediction is a predicted start-up and its error.
type Prediction struct {
	times      phase.Times // seconds
	rest       float64     // seconds in no phase
	hasRest    bool
	validation *Validation // nil if there are too few models
	unknown    error       // why validation is nil
	low, high  float64     // of the whole, seconds; with validation only
}

// Foresee predicts the start-up of a model from samples, and the error.
func Foresee(method *Method, samples []Sample, facts Model) (*Prediction, error) {
	predictor, err := Train(method, samples)
	if err != nil {
		return nil, err
	}
	p := &Prediction{times: predictor.Predict(facts)}
	p.rest, p.hasRest = method.Rest(&p.times)
	p.validation, p.unknown = CrossValidate(method, samples)
	if p.unknown == nil {
		p.low, p.high = p.validation.Interval(facts, whole(p.times))
	}
	return p, nil
}

// Accuracy is the cross-validated error in words.
func (p *Prediction) Accuracy() string {
	if p.unknown != nil {
		return fmt.Sprintf("The error is not known: %v.", p.unknown)
	}
	return fmt.Sprintf("Cross-validation predicts each of the %d models from the others: "+
		"it is off by %.2f s (root mean square), %.1f %% on average.",
		p.validation.Models(), p.validation.RMSE(), p.validation.Percent())
}

// Negative are the phases with a prediction below 0 s, which only the published method
// makes.
func (p *Prediction) Negative() (phases []string) {
	for part := range phase.All() {
		if seconds, ok := p.times.Get(part); ok && seconds < 0 {
			phases = append(phases, part.String())
		}
	}
	return phases
}

// Table is the prediction in rows.
func (p *Prediction) Table() table.Table {
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
	add(phase.ActualTotalTime.String(), whole(p.times), interval)
	return t
}

// MarshalJSON writes an object of the phases in seconds, the interval of the whole and
// the cross-validated error. Unknown values are absent.
func (p *Prediction) MarshalJSON() ([]byte, error) {
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
	return json.Marshal(object)
}
