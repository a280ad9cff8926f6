package predict_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"coldstart/reports/phase"
	"coldstart/reports/predict"
	"coldstart/reports/result"
)

// sample is a start-up on the predictor's lines: every phase takes a round number of
// seconds per unit of the fact that drives it.
func sample(m predict.Model) predict.Sample {
	s := predict.Sample{Model: m}
	s.Times.Set(phase.FrameworkBootstrap, 8)
	s.Times.Set(phase.ModelInit, 0.5)
	s.Times.Set(phase.TokenizerInit, 0.1*m.TokenizerMB)
	s.Times.Set(phase.LoadWeights, 1+0.25*m.SizeB)
	s.Times.Set(phase.KVCacheProfiling, 0.5+0.125*m.SizeB)
	s.Times.Set(phase.DynamoTransform, 0.002*m.CompiledGraphKB)
	s.Times.Set(phase.GraphCompileCached, 1+0.001*m.CompiledGraphKB)
	s.Times.Set(phase.GraphCapturing, 0.25+0.001*m.SizeB*float64(m.BatchSizes))
	return s
}

var training = []predict.Sample{
	sample(predict.Model{SizeB: 1, TokenizerMB: 2, CompiledGraphKB: 700, BatchSizes: 67}),
	sample(predict.Model{SizeB: 4, TokenizerMB: 7, CompiledGraphKB: 1300, BatchSizes: 67}),
	sample(predict.Model{SizeB: 13, TokenizerMB: 5, CompiledGraphKB: 1000, BatchSizes: 67}),
}

// Models on the lines are predicted exactly, between the models learnt from and beyond
// them.
func TestPredict(t *testing.T) {
	predictor, err := predict.Train(predict.Published, training)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []predict.Model{
		{SizeB: 7, TokenizerMB: 3, CompiledGraphKB: 900, BatchSizes: 67},
		{SizeB: 32, TokenizerMB: 20, CompiledGraphKB: 2000, BatchSizes: 1},
	} {
		want := sample(m).Times
		total, _ := want.Sum(phase.FrameworkBootstrap, phase.ModelInit, phase.TokenizerInit, phase.LoadWeights,
			phase.KVCacheProfiling, phase.DynamoTransform, phase.GraphCompileCached, phase.GraphCapturing)
		want.Set(phase.ActualTotalTime, total)
		if diff := cmp.Diff(secondsOf(want), secondsOf(predictor.Predict(m)), cmpopts.EquateApprox(0, 1e-9)); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", m, diff)
		}
	}
}

func secondsOf(t phase.Times) map[string]float64 {
	s := map[string]float64{}
	for p := range phase.All() {
		if v, ok := t.Get(p); ok {
			s[p.String()] = v
		}
	}
	return s
}

// A phase that no fact drives is predicted by its mean, over the models that have it.
func TestMeans(t *testing.T) {
	samples := []predict.Sample{training[0], training[1], training[2], {}}
	samples[0].Times.Set(phase.ModelInit, 1.5)
	samples[3].Times.Set(phase.ModelInit, 1.5)
	predictor, err := predict.Train(predict.Published, samples)
	if err != nil {
		t.Fatal(err)
	}
	times := predictor.Predict(predict.Model{SizeB: 7})
	if got, _ := times.Get(phase.ModelInit); math.Abs(got-1) > 1e-12 {
		t.Errorf("model_init %v s, want 1: the mean of 1.5, 0.5, 0.5 and 1.5", got)
	}
	if got, _ := times.Get(phase.FrameworkBootstrap); math.Abs(got-8) > 1e-12 {
		t.Errorf("framework_bootstrap %v s, want 8", got)
	}
}

// Train fails if there are too few models for a line, and says which phase.
func TestTrainRefuses(t *testing.T) {
	tests := []struct {
		name    string
		samples []predict.Sample
		want    string
	}{
		{"nothing measured", nil, "no model to learn from has framework_bootstrap"},
		{"one model", training[:1], "tokenizer_init needs two models to learn from that differ in what drives it; among 1 there are none"},
		{
			"models that do not differ in what drives the phase",
			[]predict.Sample{sample(predict.Model{SizeB: 1, TokenizerMB: 2}), sample(predict.Model{SizeB: 4, TokenizerMB: 2})},
			"tokenizer_init needs two models to learn from that differ in what drives it; among 2 there are none",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := predict.Train(predict.Published, test.samples)
			if err == nil || err.Error() != test.want {
				t.Errorf("error %v\nwant  %s", err, test.want)
			}
		})
	}
}

// The facts are from the catalogue, and the number of batch sizes from the caller.
func TestOf(t *testing.T) {
	m := result.Model{Key: "m", SizeB: 7, WeightsGiB: 13, TokenizerMB: 3, CompiledGraphKB: 900, Layers: 32}
	want := predict.Model{SizeB: 7, WeightsGiB: 13, TokenizerMB: 3, CompiledGraphKB: 900, Layers: 32, BatchSizes: predict.DefaultBatchSizes}
	if got := predict.Of(&m, predict.DefaultBatchSizes); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
