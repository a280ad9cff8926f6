package reports_test

import (
	"slices"
	"testing"

	"coldstart/reports"
	"coldstart/reports/phase"
)

// The spread of the ranks is said, and a straggler is named: the slowest rank of every
// start-up, by more than noise.
func TestRanks(t *testing.T) {
	start := func(slowest string, apart float64) phase.Log {
		log := phase.Log{Ranks: make([]phase.Rank, 2), Slowest: phase.Slowest{Loading: slowest}}
		log.Times.Set(phase.ModelLoading, 10)
		log.Apart.Set(phase.ModelLoading, apart)
		return log
	}
	const both = "2 ranks; each time is that of the slowest"
	tests := []struct {
		name string
		logs []phase.Log
		want []string
	}{
		{name: "one rank", logs: []phase.Log{{}, {}, {}}},
		{"alike", []phase.Log{start("TP0", 0.05), start("TP0", 0.05), start("TP0", 0.05)},
			[]string{both, "loading: the ranks were 0.05 s apart on average, of 10.00 s"}},
		{"a straggler", []phase.Log{start("TP1", 2), start("TP1", 3), start("TP1", 4)},
			[]string{both, "loading: the ranks were 3.00 s apart on average, of 10.00 s",
				"loading: TP1 is a straggler, the slowest rank in all 3 start-ups"}},
		{"now one, now the other", []phase.Log{start("TP1", 2), start("TP0", 3), start("TP1", 4)},
			[]string{both, "loading: the ranks were 3.00 s apart on average, of 10.00 s"}},
		{"too few", []phase.Log{start("TP1", 2), start("TP1", 4)},
			[]string{both, "loading: the ranks were 3.00 s apart on average, of 10.00 s"}},
	}
	for _, test := range tests {
		if got := reports.Ranks(test.logs); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}
