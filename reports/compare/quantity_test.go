package compare

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"coldstart/reports/phase"
	"coldstart/reports/result"
)

// segmented gives the counted runs of a side segments: a JSON object of which %g is the
// number of the iteration in hundredths of a second.
func segmented(t *testing.T, r *result.Results, form string) {
	t.Helper()
	cell := cellOf(r)
	for i := range cell.Runs {
		run := &cell.Runs[i]
		text := strings.ReplaceAll(form, "%", fmt.Sprintf("%02d", run.Iteration))
		if err := json.Unmarshal([]byte(text), &run.Segments); err != nil {
			t.Fatal(err)
		}
	}
}

// Runs with segments are compared by them, and their time to ready decides; other runs, and
// those of which the caller chose phases, by the paper's phases.
func TestSegments(t *testing.T) {
	const (
		measured = `{"process_start":3.%,"front_end":6,"worker_setup":2,"model_loading":4,"profile_compile+capture_warmup":5,"serving_setup":1,"first_token":0.5}`
		log      = `{"front_end":6.%,"worker_setup":2,"model_loading+profile_compile+capture_warmup":12,"serving_setup":1}`
		paper    = "load_weights 1.52 1.52, init_engine 16.48 17.48, actual_total_time* 20.20 21.20"
	)
	for name, test := range map[string]struct {
		a, b    string // segments
		options Options
		want    string // means of A and B
		warning string
	}{
		"both measured": {
			a: measured, b: strings.Replace(measured, `"model_loading":4`, `"model_loading":5`, 1),
			want: "process_start 3.02 3.02, front_end 6.00 6.00, worker_setup 2.00 2.00, model_loading 4.00 5.00, " +
				"profile_compile+capture_warmup 5.00 5.00, serving_setup 1.00 1.00, time_to_ready* 21.02 22.02, first_token 0.50 0.50",
		},
		"B is from logs": {
			a: measured, b: log,
			want: "front_end 6.00 6.02, worker_setup 2.00 2.00, model_loading+profile_compile+capture_warmup 9.00 12.00, serving_setup 1.00 1.00, " +
				"time_to_ready* 18.00 21.02",
			warning: "process_start, first_token are not compared: not all runs have them",
		},
		"no serving setup in B": {
			a: log, b: strings.Replace(log, `,"serving_setup":1`, "", 1),
			want:    "front_end 6.02 6.02, worker_setup 2.00 2.00, model_loading+profile_compile+capture_warmup 12.00 12.00, time_to_ready* 21.02 20.02",
			warning: "only A logs serving_setup",
		},
		"B has none":    {a: measured, b: `{}`, want: paper},
		"phases chosen": {a: measured, b: measured, options: Options{Phases: []result.Quantity{result.OfPhase(phase.LoadWeights)}}, want: "load_weights* 1.52 1.52, init_engine 16.48 17.48, actual_total_time 20.20 21.20"},
		"a segment chosen": {
			a: measured, b: measured, options: Options{Phases: []result.Quantity{"segment.model_loading"}},
			want: "process_start 3.02 3.02, front_end 6.00 6.00, worker_setup 2.00 2.00, model_loading* 4.00 4.00, " +
				"profile_compile+capture_warmup 5.00 5.00, serving_setup 1.00 1.00, time_to_ready 21.02 21.02, first_token 0.50 0.50",
		},
		"every phase": {a: measured, b: measured, options: Options{Every: true}, want: "load_weights* 1.52 1.52, init_engine* 16.48 17.48, actual_total_time* 20.20 21.20"},
	} {
		a, b := session("a", 20), session("b", 21)
		segmented(t, a, test.a)
		segmented(t, b, test.b)
		c, err := Results(a, b, test.options)
		if err != nil {
			t.Fatal(err)
		}
		configuration := &c.Configurations[0]
		var got []string
		for _, p := range configuration.Phases {
			name := p.Phase
			if p.Decides {
				name += "*"
			}
			got = append(got, fmt.Sprintf("%s %.2f %.2f", name, p.A.Mean, p.B.Mean))
		}
		if strings.Join(got, ", ") != test.want || configuration.Segments == strings.Contains(test.want, "load_weights") {
			t.Errorf("%s: compared by segments: %t: %s, want %s", name, configuration.Segments, strings.Join(got, ", "), test.want)
		}
		if warnings := strings.Join(configuration.Warnings, "\n"); warnings != test.warning {
			t.Errorf("%s: warnings %q, want %q", name, warnings, test.warning)
		}
	}
}
