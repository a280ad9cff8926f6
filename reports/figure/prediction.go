package figure

import (
	"slices"

	"coldstart/reports/phase"
	"coldstart/reports/predict"
	"coldstart/reports/result"
	"coldstart/reports/stat"
)

// The series of a figure of kind prediction.
const (
	Predicted = "Predicted" // by the published method, from the models that it learns from
	Truth     = "Truth"     // measured
)

// publishedBatchSizes is what the paper evaluates graph_capturing at, although
// it fits the line over 67 batch sizes. Its numbers are only had that way.
const publishedBatchSizes = 1

// buildPrediction sets predicted beside measured start-ups of the models that
// the predictor has not seen.
func buildPrediction(s *source) error {
	predicted, truth := Series{Name: Predicted}, Series{Name: Truth}
	defer func() { s.data.Series = []Series{predicted, truth} }()
	if s.cell("") == nil {
		return nil
	}
	predictor, err := predict.Train(s.trainingSamples())
	if err != nil {
		s.missing("there is no prediction: %v", err)
		return nil
	}
	var guesses, facts []float64
	for _, key := range s.spec.Models {
		c, ok := ofModel(s.set(""), key)
		if !ok {
			continue
		}
		runs := s.runs("", c)
		average := stat.Average(runs)
		fact, ok := average.Get(phase.ActualTotalTime)
		if !ok {
			if len(runs) > 0 {
				s.missing("%s: no run of %s has %v", s.spec.Cells[""], c.ID, phase.ActualTotalTime)
			}
			continue
		}
		m := s.model(key)
		times := predictor.Predict(predict.Of(m, publishedBatchSizes))
		guess, _ := times.Get(phase.ActualTotalTime)
		predicted.Points = append(predicted.Points, Point{Key: key, Label: m.Label, Mean: guess, N: 1})
		truth.Points = append(truth.Points, Point{Key: key, Label: m.Label, Mean: fact, N: len(runs)})
		guesses, facts = append(guesses, guess), append(facts, fact)
	}
	if len(facts) > 0 {
		rmse := stat.RMSE(guesses, facts)
		s.data.RMSE = &rmse
	}
	return nil
}

// TrainingSamples are what a figure of kind prediction learns from: the averages
// of the models that it does not leave out.
func TrainingSamples(results *result.Results, spec *result.Figure) ([]predict.Sample, error) {
	s, err := newSource(results, spec)
	if err != nil {
		return nil, err
	}
	return s.trainingSamples(), nil
}

// trainingSamples are the averages of the models not left out of training.
func (s *source) trainingSamples() (samples []predict.Sample) {
	for _, c := range s.set("").Configurations {
		m := s.results.Plan.Model(c.Model)
		if m == nil || slices.Contains(s.spec.LeftOut, c.Model) {
			continue
		}
		if runs := s.runs("", c); len(runs) > 0 {
			samples = append(samples, predict.Sample{
				Model: predict.Of(m, predict.DefaultBatchSizes), Times: stat.Average(runs),
			})
		}
	}
	return samples
}

func ofModel(set *result.Set, model string) (c result.Configuration, ok bool) {
	i := slices.IndexFunc(set.Configurations, func(c result.Configuration) bool { return c.Model == model })
	if i < 0 {
		return result.Configuration{}, false
	}
	return set.Configurations[i], true
}
