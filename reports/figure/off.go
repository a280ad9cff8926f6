package figure

import (
	"fmt"
	"slices"

	"coldstart/reports/stat"
)

// A Guess is a model's predicted and measured start-up, in seconds.
type Guess struct {
	Model            string // key
	Predicted, Truth float64
}

// Guesses are the predictions of a series, of the models that were measured.
func (d *Data) Guesses(series string) (guesses []Guess) {
	for _, s := range d.Series {
		if s.Name != series {
			continue
		}
		for _, p := range s.Points {
			if truth, ok := d.Point(Truth, p.Key); ok {
				guesses = append(guesses, Guess{Model: p.Key, Predicted: p.Mean, Truth: truth.Mean})
			}
		}
	}
	return guesses
}

// apart separates the predicted start-ups from the measured ones.
func apart(guesses []Guess) (predicted, truths []float64) {
	for _, g := range guesses {
		predicted, truths = append(predicted, g.Predicted), append(truths, g.Truth)
	}
	return predicted, truths
}

// rmse is a series' root mean square error in seconds, or nil without guesses.
func (d *Data) rmse(series string) *float64 {
	guesses := d.Guesses(series)
	if len(guesses) == 0 {
		return nil
	}
	rmse := stat.RMSE(apart(guesses))
	return &rmse
}

// Off is a series' root mean square error in seconds and its mean absolute error in
// percent, "0.88 s (1.5 %)"; empty without guesses.
func (d *Data) Off(series string) string {
	guesses := d.Guesses(series)
	if len(guesses) == 0 {
		return ""
	}
	predicted, truths := apart(guesses)
	return fmt.Sprintf("%.2f s (%.1f %%)", stat.RMSE(predicted, truths), stat.PercentageError(predicted, truths))
}

// commonErrors compares the errors over the models that both figures predict.
func commonErrors(d, other *Data) (Common, bool) {
	here, there := d.Guesses(Predicted), other.Guesses(Predicted)
	here, there = ofModelsOf(here, there), ofModelsOf(there, here)
	c := Common{
		Quantity: "RMSE", Unit: "s", Points: len(here),
		Here: stat.RMSE(apart(here)), There: stat.RMSE(apart(there)),
		Blind: "errors over the same models, of which no run repeats",
	}
	return c, len(here) > 0 && c.There > 0
}

// ofModelsOf are the guesses whose models are also in others.
func ofModelsOf(guesses, others []Guess) (common []Guess) {
	for _, g := range guesses {
		if slices.ContainsFunc(others, func(o Guess) bool { return o.Model == g.Model }) {
			common = append(common, g)
		}
	}
	return common
}
