package stat_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"coldstart/reports/phase"
	"coldstart/reports/stat"
)

// approximately ignores rounding errors, and takes NaN as equal to NaN.
var approximately = cmp.Options{cmpopts.EquateApprox(0, 1e-12), cmpopts.EquateNaNs()}

// A sample's error is its standard deviation over √n; one value has none.
func TestSummarize(t *testing.T) {
	tests := []struct {
		name   string
		values []float64
		want   stat.Summary
	}{
		{"one value", []float64{3}, stat.Summary{Mean: 3, StdErr: math.NaN(), N: 1}},
		{"two values", []float64{1, 3}, stat.Summary{Mean: 2, StdErr: 1, N: 2}},
		{"all alike", []float64{7, 7, 7}, stat.Summary{Mean: 7, StdErr: 0, N: 3}},
		{"five values", []float64{2, 4, 4, 4, 6}, stat.Summary{Mean: 4, StdErr: math.Sqrt(2) / math.Sqrt(5), N: 5}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, stat.Summarize(test.values), approximately); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// There is a line only if one line is the best.
func TestFit(t *testing.T) {
	tests := []struct {
		name string
		x, y []float64
		want stat.Line
		ok   bool
	}{
		{name: "no point"},
		{name: "one point", x: []float64{1}, y: []float64{2}},
		{name: "one x", x: []float64{2, 2, 2}, y: []float64{1, 2, 3}},
		{name: "one x, of which the mean is rounded", x: []float64{0.1, 0.1, 0.1}, y: []float64{1, 2, 3}},
		{name: "one x of many", x: []float64{6.8, 6.8, 6.8, 6.8, 6.8, 6.8, 6.8}, y: []float64{1, 2, 3, 4, 5, 6, 7}},
		{name: "two points", x: []float64{1, 3}, y: []float64{5, 1}, want: stat.Line{Slope: -2, Intercept: 7, Pearson: -1}, ok: true},
		{name: "all y alike", x: []float64{1, 2}, y: []float64{4, 4}, want: stat.Line{Intercept: 4, Pearson: math.NaN()}, ok: true},
		{name: "a cloud", x: []float64{0, 1, 2}, y: []float64{0, 3, 3}, want: stat.Line{Slope: 1.5, Intercept: 0.5, Pearson: math.Sqrt(3) / 2}, ok: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, ok := stat.Fit(test.x, test.y)
			if ok != test.ok {
				t.Errorf("a line is laid: %t, want %t", ok, test.ok)
			}
			if diff := cmp.Diff(test.want, got, approximately); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// The difference of two samples is the root of the mean of the squares.
func TestRMSE(t *testing.T) {
	tests := []struct {
		a, b []float64
		want float64
	}{
		{[]float64{1, 2}, []float64{1, 2}, 0},
		{[]float64{5}, []float64{2}, 3},
		{[]float64{0, 0}, []float64{1, 7}, 5},
	}
	for _, test := range tests {
		if got := stat.RMSE(test.a, test.b); math.Abs(got-test.want) > 1e-12 {
			t.Errorf("RMSE(%v, %v) = %v, want %v", test.a, test.b, got, test.want)
		}
	}
}

// seconds is a readable phase.Times.
type seconds map[phase.Phase]float64

func (s seconds) times() (t phase.Times) {
	for p, v := range s {
		t.Set(p, v)
	}
	return t
}

func secondsOf(t phase.Times) seconds {
	s := seconds{}
	for p := range phase.All() {
		if v, ok := t.Get(p); ok {
			s[p] = v
		}
	}
	return s
}

// The phases are averaged one by one, then the sums are computed again.
func TestAverage(t *testing.T) {
	tests := []struct {
		name string
		runs []seconds
		want seconds
	}{
		{name: "no runs", want: seconds{}},
		{
			name: "an absent value is left out, and is not zero",
			runs: []seconds{{phase.TokenizerInit: 2}, {}, {phase.TokenizerInit: 4}},
			want: seconds{phase.TokenizerInit: 3},
		},
		{
			name: "a sum is that of its parts' means, whatever the logs stated",
			runs: []seconds{
				{phase.ModelInit: 1, phase.LoadWeights: 2, phase.ModelLoading: 9},
				{phase.ModelInit: 3, phase.LoadWeights: 4, phase.ModelLoading: 9},
			},
			want: seconds{phase.ModelInit: 2, phase.LoadWeights: 3, phase.ModelLoading: 5},
		},
		{
			name: "a sum that lacks a part it must have stays the mean",
			runs: []seconds{{phase.ModelInit: 1, phase.ModelLoading: 8}, {phase.ModelInit: 1, phase.ModelLoading: 10}},
			want: seconds{phase.ModelInit: 1, phase.ModelLoading: 9},
		},
		{
			name: "a sum that nobody states is not made up",
			runs: []seconds{{phase.ModelInit: 1, phase.LoadWeights: 2}},
			want: seconds{phase.ModelInit: 1, phase.LoadWeights: 2},
		},
		{
			name: "a start-up from the cache compiles nothing",
			runs: []seconds{{phase.KVCacheProfiling: 1, phase.GraphCapturing: 2, phase.InitEngine: 50}},
			want: seconds{phase.KVCacheProfiling: 1, phase.GraphCapturing: 2, phase.InitEngine: 3},
		},
		{
			name: "compiling is part of init_engine, by way of torch.compile",
			runs: []seconds{{
				phase.DynamoTransform: 1, phase.GraphCompileGeneral: 2, phase.TorchCompile: 50,
				phase.KVCacheProfiling: 4, phase.GraphCompileCached: 8, phase.GraphCapturing: 16, phase.InitEngine: 50,
			}},
			want: seconds{
				phase.DynamoTransform: 1, phase.GraphCompileGeneral: 2, phase.TorchCompile: 3,
				phase.KVCacheProfiling: 4, phase.GraphCompileCached: 8, phase.GraphCapturing: 16, phase.InitEngine: 31,
			},
		},
		{
			name: "the total is of renewed sums, and what passes outside the phases is added",
			runs: []seconds{
				{
					phase.DetectPlatform: 1, phase.LLMImports: 1, phase.GetModelInfo: 1, phase.WorkerInit: 1, phase.FrameworkBootstrap: 50,
					phase.ModelInit: 1, phase.LoadWeights: 1, phase.ModelLoading: 50,
					phase.KVCacheProfiling: 1, phase.InitEngine: 50, phase.TokenizerInit: 1,
					phase.TotalTime: 100, phase.ActualTotalTime: 101,
				},
				{phase.TotalTime: 200, phase.ActualTotalTime: 203},
				{phase.ActualTotalTime: 1000},
			},
			want: seconds{
				phase.DetectPlatform: 1, phase.LLMImports: 1, phase.GetModelInfo: 1, phase.WorkerInit: 1, phase.FrameworkBootstrap: 4,
				phase.ModelInit: 1, phase.LoadWeights: 1, phase.ModelLoading: 2,
				phase.KVCacheProfiling: 1, phase.InitEngine: 1, phase.TokenizerInit: 1,
				phase.TotalTime: 8, phase.ActualTotalTime: 10,
			},
		},
		{
			name: "without any total, the actual one stays the mean",
			runs: []seconds{{phase.ActualTotalTime: 20}, {phase.ActualTotalTime: 22}},
			want: seconds{phase.ActualTotalTime: 21},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var runs []phase.Times
			for _, run := range test.runs {
				runs = append(runs, run.times())
			}
			if diff := cmp.Diff(test.want, secondsOf(stat.Average(runs)), approximately); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
