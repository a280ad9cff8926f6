package figure

import (
	"fmt"

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

func (d *Data) predictionWords() string {
	published, better := d.Off(Predicted), d.Off(CrossValidated)
	switch {
	case published == "" && better == "":
		return ""
	case better == "":
		return "published method off by " + published
	case published == "":
		return "cross-validated off by " + better
	}
	return fmt.Sprintf("published method off by %s; cross-validated off by %s", published, better)
}
