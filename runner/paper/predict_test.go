package paper_test

import (
	"slices"
	"testing"

	"coldstart/reports/figure"
	"coldstart/reports/phase"
	"coldstart/reports/predict"
	"coldstart/reports/result"
)

// figure17 are the recorded runs of the prediction's figure.
func figure17(t *testing.T) (*result.Results, *result.Figure) {
	t.Helper()
	results := recordedResults(t)
	i := slices.IndexFunc(results.Plan.Figures, func(f result.Figure) bool { return f.Number == "17" })
	return results, &results.Plan.Figures[i]
}

// samples are the recorded models that a method learns from: all but the two that
// loaded their weights from memory.
func samples(t *testing.T, method *predict.Method) []predict.Sample {
	t.Helper()
	results, spec := figure17(t)
	fit, aside, err := figure.TrainingSamples(results, spec, method)
	if err != nil {
		t.Fatal(err)
	}
	if len(fit) != 20 || len(aside) != 2 {
		t.Fatalf("%d models, and set aside %q; want 20 and 2", len(fit), aside)
	}
	return fit
}

// With weights, the tokenizer, and graphs or layers, each recorded
// model is predicted from the others to 1.5 s and 2.6 % of its start-up.
func TestCrossValidatedError(t *testing.T) {
	for _, method := range []*predict.Method{predict.ByGraphs, predict.ByLayers} {
		v, err := predict.CrossValidate(method, samples(t, method))
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%v: %.2f s, %.1f %%", method, v.RMSE(), v.Percent())
		if v.RMSE() > 1.5 || v.Percent() > 2.6 {
			t.Errorf("%v: off by %.2f s, %.1f %%; want 1.5 s and 2.6 %% at most", method, v.RMSE(), v.Percent())
		}
	}
}

// On the models of figure 17 the error is within the same bounds, where the published
// method's is 5.19 s.
func TestFigure17Errors(t *testing.T) {
	results, spec := figure17(t)
	data, err := figure.Build(results, spec)
	if err != nil {
		t.Fatal(err)
	}
	if got := data.Off(figure.Predicted); got != "5.19 s (8.5 %)" {
		t.Errorf("the published method is off by %s", got)
	}
	if data.RMSECrossValidated == nil || *data.RMSECrossValidated > 1.5 {
		t.Errorf("cross-validated off by %s, want 1.5 s at most", data.Off(figure.CrossValidated))
	}
	for _, series := range data.Series {
		if len(series.Points) != len(spec.Models) {
			t.Errorf("%s has %d of %d models", series.Name, len(series.Points), len(spec.Models))
		}
	}
}

// Of the intervals that the other models give, at least 9 in 10 hold the model left out.
func TestIntervalsCover(t *testing.T) {
	for _, method := range []*predict.Method{predict.ByGraphs, predict.ByLayers} {
		samples := samples(t, method)
		covered := 0
		for i := range samples {
			if covers(t, method, slices.Delete(slices.Clone(samples), i, i+1), &samples[i]) {
				covered++
			}
		}
		t.Logf("%v: %d of %d", method, covered, len(samples))
		if 10*covered < 9*len(samples) {
			t.Errorf("%v: %d of %d intervals hold the start-up", method, covered, len(samples))
		}
	}
}

// covers tells whether the interval learnt from others holds a sample's start-up.
func covers(t *testing.T, method *predict.Method, others []predict.Sample, s *predict.Sample) bool {
	t.Helper()
	predictor, err := predict.Train(method, others)
	if err != nil {
		t.Fatal(err)
	}
	validation, err := predict.CrossValidate(method, others)
	if err != nil {
		t.Fatal(err)
	}
	predicted, measured := predictor.Predict(s.Model), s.Times
	guess, _ := predicted.Get(phase.ActualTotalTime)
	fact, _ := measured.Get(phase.ActualTotalTime)
	low, high := validation.Interval(s.Model, guess)
	return low <= fact && fact <= high
}
