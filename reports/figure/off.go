package figure

import (
	"fmt"
	"slices"

	"coldstart/reports/stat"
)

// rmse is a series' root mean square error against the truth, or nil without one.
func (d *Data) rmse(series string) *float64 {
	guesses, truths := d.besideTruth(series)
	if len(guesses) == 0 {
		return nil
	}
	rmse := stat.RMSE(guesses, truths)
	return &rmse
}

// besideTruth are the values of a series, and the truths of the same models.
func (d *Data) besideTruth(series string) (guesses, truths []float64) {
	measured := map[string]float64{}
	for _, p := range d.pointsOf(Truth) {
		measured[p.Key] = p.Mean
	}
	for _, p := range d.pointsOf(series) {
		if truth, ok := measured[p.Key]; ok {
			guesses, truths = append(guesses, p.Mean), append(truths, truth)
		}
	}
	return guesses, truths
}

func (d *Data) pointsOf(series string) []Point {
	for _, s := range d.Series {
		if s.Name == series {
			return s.Points
		}
	}
	return nil
}

// Off says how far a series is off the truth: the root mean square error in seconds,
// and the mean absolute error in percent. It is empty for a series without points.
func (d *Data) Off(series string) string {
	guesses, truths := d.besideTruth(series)
	if len(guesses) == 0 {
		return ""
	}
	return fmt.Sprintf("%.2f s (%.1f %%)", stat.RMSE(guesses, truths), stat.PercentageError(guesses, truths))
}

// A Guess is a model's start-up, predicted and measured, in seconds.
type Guess struct {
	Model            string // key
	Predicted, Truth float64
}

// Guesses are those of a figure of kind prediction, by the published method.
func (d *Data) Guesses() (guesses []Guess) {
	for _, s := range d.Series {
		if s.Name != Truth {
			continue
		}
		for _, truth := range s.Points {
			if guess, ok := d.Point(Predicted, truth.Key); ok {
				guesses = append(guesses, Guess{Model: truth.Key, Predicted: guess.Mean, Truth: truth.Mean})
			}
		}
	}
	return guesses
}

// commonErrors compares how far predictions are off, of the models that both predict.
func commonErrors(d, other *Data) (Common, bool) {
	here, there := d.Guesses(), other.Guesses()
	here, there = ofModelsOf(here, there), ofModelsOf(there, here)
	c := Common{
		Quantity: "RMSE", Unit: "s", Points: len(here),
		Here: rmse(here), There: rmse(there),
		Blind: "errors over the same models, of which no run repeats",
	}
	return c, len(here) > 0 && c.There > 0
}

// ofModelsOf are those of the guesses whose models others are of as well.
func ofModelsOf(guesses, others []Guess) (common []Guess) {
	for _, g := range guesses {
		if slices.ContainsFunc(others, func(o Guess) bool { return o.Model == g.Model }) {
			common = append(common, g)
		}
	}
	return common
}

func rmse(guesses []Guess) float64 {
	var predicted, truth []float64
	for _, g := range guesses {
		predicted, truth = append(predicted, g.Predicted), append(truth, g.Truth)
	}
	return stat.RMSE(predicted, truth)
}
