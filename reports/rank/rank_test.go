package rank_test

import (
	"slices"
	"testing"

	"coldstart/reports/phase"
	"coldstart/reports/rank"
)

// The spread of the ranks is said, and a straggler is named: the slowest rank of every
// start-up, each time by more than noise.
func TestWords(t *testing.T) {
	start := func(rank0, rank1 float64) phase.Log {
		return phase.Log{RankParts: []phase.RankPart{
			{Part: phase.RanksLoad, Seconds: map[string]float64{"Worker_TP0": rank0, "Worker_TP1": rank1}},
		}}
	}
	config := func(line string) phase.Log { return phase.Log{Setup: phase.Setup{Config: phase.Config(line)}} }
	const both = "2 ranks; the slowest decides"
	tests := []struct {
		name string
		logs []phase.Log
		want []string
	}{
		{"one rank", []phase.Log{{}, config("tensor_parallel_size=1, pipeline_parallel_size=1")}, nil},
		{"alike", []phase.Log{start(9.95, 10), start(9.95, 10), start(9.95, 10)},
			[]string{both, "loading: slowest Worker_TP1, 0.05 s after the fastest, of 10.00 s on average"}},
		{"a straggler", []phase.Log{start(8, 10), start(7, 10), start(6, 10)},
			[]string{both, "loading: slowest Worker_TP1, 3.00 s after the fastest, of 10.00 s on average",
				"loading: Worker_TP1 is a straggler, the slowest rank in all 3 start-ups"}},
		{"once almost alike", []phase.Log{start(6, 10), start(6, 10), start(9.6, 10)},
			[]string{both, "loading: slowest Worker_TP1, 2.80 s after the fastest, of 10.00 s on average"}},
		{"now one, now the other", []phase.Log{start(8, 10), start(10, 7), start(6, 10)},
			[]string{both, "loading: slowest now one, now another, 3.00 s after the fastest, of 10.00 s on average"}},
		{"too few", []phase.Log{start(8, 10)},
			[]string{both, "loading: slowest Worker_TP1, 2.00 s after the fastest, of 10.00 s"}},
		{"at vLLM's default level", []phase.Log{config("model='m', tensor_parallel_size=2, pipeline_parallel_size=2")},
			[]string{"4 ranks; the slowest decides",
				"loading: the log has the time of one rank at most, so a straggler cannot be seen; " +
					"with VLLM_LOGGING_LEVEL=DEBUG vLLM prints lines of every rank"}},
	}
	for _, test := range tests {
		starts := rank.OfLogs(test.logs...)
		for range 2 {
			if got := starts.Words(); !slices.Equal(got, test.want) {
				t.Errorf("%s: %q, want %q", test.name, got, test.want)
			}
		}
	}
}
