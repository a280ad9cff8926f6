package predict_test

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"coldstart/reports/phase"
	"coldstart/reports/predict"
)

// whole has all facts of a model.
var whole = predict.Model{SizeB: 7, WeightsGiB: 13, TokenizerMB: 3, CompiledGraphKB: 900, Layers: 32, BatchSizes: 67}

func TestLacks(t *testing.T) {
	without := func(change func(*predict.Model)) predict.Model {
		m := whole
		change(&m)
		return m
	}
	for _, test := range []struct {
		name   string
		method *predict.Method
		model  predict.Model
		want   []string
	}{
		{"all facts", predict.ByGraphs, whole, nil},
		{"graphs in place of layers", predict.ByGraphs, without(func(m *predict.Model) { m.Layers, m.SizeB = 0, 0 }), nil},
		{"layers in place of graphs", predict.ByLayers, without(func(m *predict.Model) { m.CompiledGraphKB = 0 }), nil},
		{"parameters are the published method's", predict.Published, without(func(m *predict.Model) { m.SizeB = 0 }), []string{"size_b"}},
		{"no fact", predict.ByGraphs, predict.Model{BatchSizes: 67}, []string{"tokenizer_mb", "weights_gib", "compiled_graph_kb"}},
		{"NaN", predict.ByGraphs, without(func(m *predict.Model) { m.WeightsGiB = math.NaN() }), []string{"weights_gib"}},
		{"below zero", predict.ByLayers, without(func(m *predict.Model) { m.Layers = -1 }), []string{"layers"}},
		{"infinite", predict.ByGraphs, without(func(m *predict.Model) { m.TokenizerMB = math.Inf(1) }), []string{"tokenizer_mb"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, test.method.Lacks(test.model)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// The method uses the compiled graphs, or the layers if there are no graphs.
func TestFor(t *testing.T) {
	for _, test := range []struct {
		name  string
		model predict.Model
		want  *predict.Method
	}{
		{"both", whole, predict.ByGraphs},
		{"graphs", predict.Model{WeightsGiB: 1, TokenizerMB: 1, CompiledGraphKB: 1, BatchSizes: 1}, predict.ByGraphs},
		{"layers", predict.Model{WeightsGiB: 1, TokenizerMB: 1, Layers: 1, BatchSizes: 1}, predict.ByLayers},
		{"neither", predict.Model{}, predict.ByGraphs},
	} {
		if got := predict.For(test.model); got != test.want {
			t.Errorf("%s: by %v, want %v", test.name, got, test.want)
		}
	}
}

// lawful is a start-up that follows the lines of ByGraphs, with a second in no phase.
func lawful(key string, gib, tokenizerMB, graphKB float64) predict.Sample {
	m := predict.Model{WeightsGiB: gib, TokenizerMB: tokenizerMB, CompiledGraphKB: graphKB, BatchSizes: 67}
	s := predict.Sample{Key: key, Label: key, Model: m}
	parts := map[phase.Phase]float64{
		phase.FrameworkBootstrap: 8, phase.ModelInit: 0.5, phase.TokenizerInit: 0.125 * tokenizerMB,
		phase.LoadWeights: 2 * gib, phase.DynamoTransform: 1 + 0.004*graphKB, phase.GraphCompileCached: 0.004 * graphKB,
		phase.KVCacheProfiling: 1.5, phase.GraphCapturing: 0.5 + 67*0.0005*gib,
	}
	total := 1 + 0.03125*tokenizerMB
	for p, seconds := range parts {
		s.Times.Set(p, seconds)
		total += seconds
	}
	s.Times.Set(phase.ActualTotalTime, total)
	return s
}

var lawfuls = []predict.Sample{
	lawful("a", 1, 2, 700), lawful("b", 6, 8, 980), lawful("c", 13, 2, 1000), lawful("d", 15, 17, 700), lawful("e", 27, 7, 1260),
}

// Samples on the lines are predicted exactly from the others, with the time in no phase,
// and the interval has no width.
func TestByGraphs(t *testing.T) {
	predictor, err := predict.Train(predict.ByGraphs, lawfuls)
	if err != nil {
		t.Fatal(err)
	}
	unseen := lawful("unseen", 40, 30, 2000)
	got := predictor.Predict(unseen.Model)
	if diff := cmp.Diff(secondsOf(unseen.Times), secondsOf(got), cmpopts.EquateApprox(0, 1e-9)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if rest, ok := predict.ByGraphs.Rest(&got); !ok || math.Abs(rest-1.9375) > 1e-9 {
		t.Errorf("%v s in no phase (%t), want 1.9375", rest, ok)
	}
	v, err := predict.CrossValidate(predict.ByGraphs, lawfuls)
	if err != nil {
		t.Fatal(err)
	}
	seconds, _ := got.Get(phase.ActualTotalTime)
	low, high := v.Interval(unseen.Model, seconds)
	if v.Models() != 5 || v.RMSE() > 1e-9 || v.Percent() > 1e-9 || high-low > 1e-6 {
		t.Errorf("%d models, off by %v s (%v %%), interval %v to %v", v.Models(), v.RMSE(), v.Percent(), low, high)
	}
}

// Samples that lack a fact or phase, or whose weights came from another source, are set
// aside with the reason.
func TestSelect(t *testing.T) {
	cached := lawful("cached", 60, 7, 865)
	cached.Times.Set(phase.LoadWeights, 8)
	slow := lawful("slow", 2, 7, 865)
	slow.Times.Set(phase.LoadWeights, 17)
	factless := lawful("factless", 5, 0, 0)
	short := lawful("short", 5, 5, 500)
	short.Times.Unset(phase.LoadWeights)
	short.Times.Unset(phase.ActualTotalTime)
	fit, aside := predict.ByGraphs.Select(append(slices.Clone(lawfuls), cached, slow, factless, short))
	if diff := cmp.Diff(keysOf(lawfuls), keysOf(fit)); diff != "" {
		t.Errorf("learnt from (-want +got):\n%s", diff)
	}
	want := []string{
		"factless lacks tokenizer_mb, compiled_graph_kb",
		"short lacks load_weights, actual_total_time",
		"cached loaded a GiB in 0.13 s and most models in 2.00 s, from another source",
		"slow loaded a GiB in 8.50 s and most models in 2.00 s, from another source",
	}
	if diff := cmp.Diff(want, aside); diff != "" {
		t.Errorf("set aside (-want +got):\n%s", diff)
	}
	if fit, _ := predict.ByGraphs.Select(nil); len(fit) > 0 {
		t.Errorf("of no samples: %v", fit)
	}
}

func keysOf(samples []predict.Sample) (keys []string) {
	for _, s := range samples {
		keys = append(keys, s.Key)
	}
	return keys
}
