package predict_test

import (
	"math"
	"slices"
	"testing"

	"coldstart/reports/phase"
	"coldstart/reports/predict"
)

// off is a lawful sample that took some seconds longer outside its phases.
func off(seconds float64, s predict.Sample) predict.Sample {
	whole, _ := s.Times.Get(phase.ActualTotalTime)
	s.Times.Set(phase.ActualTotalTime, whole+seconds)
	return s
}

// level are models that differ only in the time in no phase, which is predicted by the
// mean of the others': 3, 2 and 1 s more than the 1 s that all have.
var level = []predict.Sample{
	off(0, lawful("a", 1, 2, 700)), off(2, lawful("b", 1, 2, 700)), off(4, lawful("c", 1, 2, 700)),
}

func TestCrossValidate(t *testing.T) {
	v, err := predict.CrossValidate(predict.ByGraphs, level)
	if err != nil {
		t.Fatal(err)
	}
	least, _ := level[0].Times.Get(phase.ActualTotalTime)
	for key, beyond := range map[string]float64{"a": 3, "b": 2, "c": 1} {
		if got, ok := v.Unseen(key); !ok || math.Abs(got-least-beyond) > 1e-9 {
			t.Errorf("%s: %v s beyond the least (%t), want %v", key, got-least, ok, beyond)
		}
	}
	if _, ok := v.Unseen("d"); ok {
		t.Error("a model that is not among the samples has a prediction")
	}
	if want := math.Sqrt(6); math.Abs(v.RMSE()-want) > 1e-9 { // errors 3, 0 and -3
		t.Errorf("off by %v s, want %v", v.RMSE(), want)
	}
	// The predictions spread by 1, 0 and -1: their jackknife variance is 2/3 · 2.
	low, high := v.Interval(level[0].Model, least+2)
	if reach := 4.302653 * math.Sqrt(6+4.0/3); math.Abs(high-least-2-reach) > 1e-5 || math.Abs(low-max(0, least+2-reach)) > 1e-5 {
		t.Errorf("%v to %v s, want %v ± %v", low, high, least+2, reach)
	}
}

// A model that is unlike the samples has a wider interval than one of them.
func TestIntervalWidensBeyondTheSamples(t *testing.T) {
	samples := slices.Clone(lawfuls)
	for i := range samples {
		samples[i] = off(float64(i%2), samples[i])
	}
	v, err := predict.CrossValidate(predict.ByGraphs, samples)
	if err != nil {
		t.Fatal(err)
	}
	width := func(tokenizerMB float64) float64 {
		low, high := v.Interval(lawful("", 10, tokenizerMB, 900).Model, 1000)
		return high - low
	}
	if near, far := width(5), width(500); far < 2*near {
		t.Errorf("%v s wide far from the samples, and %v s near", far, near)
	}
}

func TestCrossValidateRefuses(t *testing.T) {
	unfinished := lawful("d", 1, 2, 700)
	unfinished.Times.Unset(phase.ActualTotalTime)
	sized := slices.Clone(lawfuls[:3])
	for i := range sized {
		sized[i].Model.SizeB = sized[i].Model.WeightsGiB / 2
	}
	for _, test := range []struct {
		name    string
		method  *predict.Method
		samples []predict.Sample
		want    string
	}{
		{"two models", predict.ByGraphs, lawfuls[:2], "cross-validation takes 3 models, not 2"},
		{"a model without its whole", predict.ByGraphs, append(slices.Clone(lawfuls), unfinished), "d has no actual_total_time"},
		{"no line without one", predict.Published, sized,
			"without b: tokenizer_init needs two models to learn from that differ in what drives it; among 2 there are none"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := predict.CrossValidate(test.method, test.samples); err == nil || err.Error() != test.want {
				t.Errorf("error %v\nwant  %s", err, test.want)
			}
		})
	}
}

// For any model and any sample, no prediction is below zero and the interval holds the
// prediction.
func FuzzNeverBelowZero(f *testing.F) {
	f.Add(1e-9, 1e-9, 1e-9, 1e-9, 1, 2.0, 7.0, 900.0, 30.0, 1.0)
	f.Add(9e8, 9e8, 9e8, 9e8, 1_000_000, 2.0, 7.0, 900.0, 0.0, 0.0)
	f.Add(1e-9, 9e8, 1e-9, 9e8, 67, 20.0, 1e-6, 9e8, 1e6, 1e6)
	f.Add(400.0, 10.0, 3000.0, 80.0, 67, 1e-6, 500.0, 1e-6, 1e9, 0.0)
	f.Fuzz(func(t *testing.T, gib, tokenizerMB, graphKB, layers float64, sizes int, gib2, tokenizer2, graph2, part, rest float64) {
		m := predict.Model{WeightsGiB: gib, TokenizerMB: tokenizerMB, CompiledGraphKB: graphKB, Layers: layers, BatchSizes: sizes}
		odd := lawful("odd", gib2, tokenizer2, graph2)
		odd.Times.Set(phase.DynamoTransform, part)
		odd.Times.Set(phase.ActualTotalTime, rest)
		samples := append(slices.Clone(lawfuls), odd)
		for i := range samples {
			samples[i].Model.Layers = float64(20 + 4*i)
		}
		learnable := part >= 0 && part <= 1e9 && rest >= 0 && rest <= 1e9
		for _, method := range []*predict.Method{predict.ByGraphs, predict.ByLayers} {
			if len(method.Lacks(m)) > 0 || len(method.Lacks(samples[len(lawfuls)].Model)) > 0 || !learnable {
				continue // is refused before it is learnt from
			}
			checkAboveZero(t, method, samples, m)
		}
	})
}

func checkAboveZero(t *testing.T, method *predict.Method, samples []predict.Sample, m predict.Model) {
	t.Helper()
	predictor, err := predict.Train(method, samples)
	if err != nil {
		t.Fatal(err)
	}
	times := predictor.Predict(m)
	for p := range phase.All() {
		if seconds, ok := times.Get(p); ok && !(seconds >= 0 && seconds < math.Inf(1)) {
			t.Errorf("%v: %v of %v s for %+v", method, p, seconds, m)
		}
	}
	v, err := predict.CrossValidate(method, samples)
	if err != nil {
		t.Fatal(err)
	}
	whole, _ := times.Get(phase.ActualTotalTime)
	if low, high := v.Interval(m, whole); !(0 <= low && low <= whole && whole <= high) {
		t.Errorf("%v: %v s is not within %v to %v", method, whole, low, high)
	}
}
