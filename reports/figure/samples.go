package figure

import (
	"cmp"
	"slices"

	"coldstart/reports/predict"
	"coldstart/reports/result"
	"coldstart/reports/stat"
)

// AllSamples are the averages of all models that a figure of kind prediction measures.
func AllSamples(results *result.Results, spec *result.Figure) ([]predict.Sample, error) {
	s, err := newSource(results, spec)
	if err != nil {
		return nil, err
	}
	return s.samples(), nil
}

// TrainingSamples are those of them that the published predictor learns from: the
// models that the figure does not leave out.
func TrainingSamples(results *result.Results, spec *result.Figure) ([]predict.Sample, error) {
	samples, err := AllSamples(results, spec)
	return taughtPublished(samples, spec), err
}

func taughtPublished(samples []predict.Sample, spec *result.Figure) (seen []predict.Sample) {
	for _, sample := range samples {
		if !slices.Contains(spec.LeftOut, sample.Key) {
			sample.Model.BatchSizes = predict.PublishedBatchSizes
			seen = append(seen, sample)
		}
	}
	return seen
}

// samples are the averages of the set's models that were measured.
func (s *source) samples() (samples []predict.Sample) {
	for _, c := range s.set("").Configurations {
		runs := s.runs("", c)
		if len(runs) == 0 {
			continue
		}
		m := *s.model(c.Model)
		m.WeightsGiB = cmp.Or(s.loadedGiB(c), m.WeightsGiB)
		batchSizes := cmp.Or(c.BatchSizes, predict.DefaultBatchSizes)
		samples = append(samples, predict.Sample{
			Key: c.Model, Label: m.Label, Model: predict.Of(&m, batchSizes),
			Times: stat.Average(runs), Runs: len(runs),
		})
	}
	return samples
}

// loadedGiB are the weights that a configuration's counted runs loaded, in GiB; 0
// where no log states them.
func (s *source) loadedGiB(c result.Configuration) (loaded float64) {
	cell := s.cell("")
	for i := range cell.Runs {
		if run := &cell.Runs[i]; run.Configuration == c.ID && run.Counts() {
			loaded = max(loaded, run.WeightsGiB)
		}
	}
	return loaded
}
