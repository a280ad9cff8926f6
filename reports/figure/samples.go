package figure

import (
	"cmp"
	"slices"

	"coldstart/reports/predict"
	"coldstart/reports/result"
	"coldstart/reports/stat"
)

// PredictionOf is the results' figure of kind prediction. Without one, it is made of the runs
// of a set that another figure needed; nil if there are none.
func PredictionOf(results *result.Results, set string) *result.Figure {
	plan := &results.Plan
	for i := range plan.Figures {
		if spec := &plan.Figures[i]; spec.Kind == string(Prediction) {
			return spec
		}
	}
	for _, of := range plan.Figures {
		cell := of.Cells[""]
		if slices.Equal(of.Roles, []string{""}) && plan.Cell(cell).Set == set && hasRuns(results.Cell(cell)) {
			return &result.Figure{Kind: string(Prediction), Roles: of.Roles, Nodes: of.Nodes, Cells: of.Cells}
		}
	}
	return nil
}

// hasRuns tells whether a job has a run that counts.
func hasRuns(cell *result.CellResult) bool {
	return cell != nil && slices.ContainsFunc(cell.Runs, func(r result.Run) bool { return r.Counts() })
}

// TrainingSamples are the models of a prediction that a method is trained on: those that
// fit it, or for the published method those that the figure does not leave out. aside
// says why each of the others does not fit.
func TrainingSamples(
	results *result.Results, spec *result.Figure, method *predict.Method,
) (fit []predict.Sample, aside []string, err error) {
	s, err := newSource(results, spec)
	if err != nil {
		return nil, nil, err
	}
	if method == predict.Published {
		return taughtPublished(s.samples(), spec), nil, nil
	}
	fit, aside = method.Select(s.samples())
	return fit, aside, nil
}

// taughtPublished are the samples that the published method is trained on.
func taughtPublished(samples []predict.Sample, spec *result.Figure) (seen []predict.Sample) {
	for _, sample := range samples {
		if !slices.Contains(spec.LeftOut, sample.Key) {
			sample.Model.BatchSizes = predict.PublishedBatchSizes
			seen = append(seen, sample)
		}
	}
	return seen
}

// samples are the averages of the measured models of the set.
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

// loadedGiB is the size of the weights that a configuration's counted runs loaded; 0 if
// no log has it.
func (s *source) loadedGiB(c result.Configuration) (loaded float64) {
	cell := s.cell("")
	for i := range cell.Runs {
		if run := &cell.Runs[i]; run.Configuration == c.ID && run.Counts() {
			loaded = max(loaded, run.WeightsGiB)
		}
	}
	return loaded
}
