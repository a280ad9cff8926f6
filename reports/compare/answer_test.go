package compare

import (
	"testing"

	"coldstart/reports/phase"
	"coldstart/reports/segment"
)

// around are three runs about a mean, a tenth of a second apart.
func around(seconds float64) []float64 { return []float64{seconds - 0.1, seconds, seconds + 0.1} }

// steady are three runs that take equally long.
func steady(seconds float64) []float64 { return []float64{seconds, seconds + 0.001, seconds - 0.001} }

// answered is the answer to a comparison of configurations, whose first phase decides.
func answered(configurations ...Configuration) Answer {
	c := &Comparison{Margin: Margin, Configurations: configurations}
	for i := range configurations {
		configurations[i].Phases[0].Decides = true
	}
	c.judge()
	return c.answer()
}

// The sentence that answers the question, whatever the answer is.
func TestSentences(t *testing.T) {
	whole := func(a, b []float64) Phase { return newPhase(phase.ActualTotalTime.String(), a, b) }
	step := func(p phase.Phase, b float64) Phase { return newPhase(p.String(), steady(2), steady(b)) }
	one := func(phases ...Phase) []Configuration { return []Configuration{{Label: "Qwen-4B", Phases: phases}} }
	slow := Configuration{Label: "Yi-6B", Phases: []Phase{whole(around(30), around(35))}}
	slower := Configuration{Label: "Qwen-4B", Phases: []Phase{whole(around(30), around(36))}}
	same := Configuration{Label: "Qwen-14B", Phases: []Phase{whole(around(30), around(30.1))}}
	open := Configuration{Label: "Falcon", Phases: []Phase{whole([]float64{27, 30, 33}, []float64{28, 31, 34})}}
	for _, test := range []struct {
		name           string
		configurations []Configuration
		want           string
	}{
		{"slower", one(whole(around(31.4), around(36.9))),
			"Start-up is slower: 31.4 → 36.9 s, +17.5 % ± 0.7 (p < 0.001)"},
		{"slower in one step", one(whole(around(31.4), around(36.9)), step(phase.LoadWeights, 7.2), step(phase.ModelInit, 2)),
			"Start-up is slower: 31.4 → 36.9 s, +17.5 % ± 0.7 (p < 0.001), nearly all of it in load_weights (+5.2 s)"},
		{"the sum of the step is not named too", one(whole(around(31.4), around(36.9)), step(phase.LoadWeights, 7.2), step(phase.ModelInit, 2), step(phase.ModelLoading, 7.3)),
			"Start-up is slower: 31.4 → 36.9 s, +17.5 % ± 0.7 (p < 0.001), nearly all of it in load_weights (+5.2 s)"},
		{"a sum that its parts do not explain", one(whole(around(31.4), around(36.9)), step(phase.GraphCapturing, 2.1), step(phase.InitEngine, 7.3)),
			"Start-up is slower: 31.4 → 36.9 s, +17.5 % ± 0.7 (p < 0.001), nearly all of it in init_engine (+5.3 s)"},
		{"a step that no test of many finds, but which explains the change", one(whole(around(31.4), around(36.9)),
			newPhase(phase.LoadWeights.String(), []float64{2, 3, 4}, []float64{6, 7.5, 9}), step(phase.ModelInit, 2), step(phase.TokenizerInit, 2), step(phase.GetModelInfo, 2)),
			"Start-up is slower: 31.4 → 36.9 s, +17.5 % ± 0.7 (p < 0.001), most of it in load_weights (+4.5 s)"},
		{"a step that spreads too far to be named", one(whole(around(31.4), around(36.9)),
			newPhase(phase.LoadWeights.String(), []float64{0, 3, 6}, []float64{3, 7.5, 12}), step(phase.ModelInit, 2)),
			"Start-up is slower: 31.4 → 36.9 s, +17.5 % ± 0.7 (p < 0.001)"},
		{"the step of a sum that no test of many finds", one(whole(around(31.4), around(36.9)), step(phase.ModelLoading, 7),
			newPhase(phase.LoadWeights.String(), []float64{2, 3, 4}, []float64{6, 7.5, 9}), step(phase.ModelInit, 2), step(phase.TokenizerInit, 2), step(phase.GetModelInfo, 2), step(phase.GraphCapturing, 2)),
			"Start-up is slower: 31.4 → 36.9 s, +17.5 % ± 0.7 (p < 0.001), most of it in load_weights (+4.5 s)"},
		{"mostly in one step", one(whole(around(31.4), around(36.9)), step(phase.LoadWeights, 5.5), step(phase.TokenizerInit, 3.5)),
			"Start-up is slower: 31.4 → 36.9 s, +17.5 % ± 0.7 (p < 0.001), most of it in load_weights (+3.5 s)"},
		{"in several steps", one(whole(around(31.4), around(36.9)), step(phase.LoadWeights, 4), step(phase.TokenizerInit, 3.5), step(phase.GetModelInfo, 3.5), step(phase.ModelInit, 2.5)),
			"Start-up is slower: 31.4 → 36.9 s, +17.5 % ± 0.7 (p < 0.001), in load_weights (+2.0 s), get_model_info (+1.5 s), tokenizer_init (+1.5 s) and 1 more"},
		{"more in one step, less in another", one(whole(around(31.4), around(34.4)), step(phase.LoadWeights, 6), step(phase.TokenizerInit, 1)),
			"Start-up is slower: 31.4 → 34.4 s, +9.6 % ± 0.7 (p < 0.001), in load_weights (+4.0 s) and tokenizer_init (−1.0 s)"},
		{"slower, by little", one(whole(around(30), around(31))),
			"Start-up is slower: 30.0 → 31.0 s, +3.3 % ± 0.8 (p < 0.001), within the limit of 5 %"},
		{"faster", one(whole(around(36.9), around(31.4)), step(phase.LoadWeights, 0.5)),
			"Start-up is faster: 36.9 → 31.4 s, −14.9 % ± 0.6 (p < 0.001), in load_weights (−1.5 s)"},
		{"no change", one(whole(around(30), around(30.1))),
			"No change found: ± 1.1 % at most, 3 starts a side"},
		{"no change but of a step", one(whole(around(30), around(30.1)), step(phase.ModelInit, 2.04)),
			"No change found: ± 1.1 % at most, 3 starts a side; but a change of model_init (+0.04 s)"},
		{"not settled", one(whole([]float64{27, 30, 33}, []float64{28, 31, 34})),
			"Not settled: 30.0 → 31.0 s, +3.3 % ± 22.7 after 3 starts a side, about 140 more needed"},
		{"not settled, and no difference of the means", one(whole([]float64{27, 30, 33}, []float64{28, 30, 32})),
			"Not settled: 30.0 → 30.0 s, 0.0 % ± 20.4 after 3 starts a side, about 44 more needed"},
		{"not settled, and at the limit", one(whole([]float64{27, 30, 33}, []float64{28.5, 31.5, 34.5})),
			"Not settled: 30.0 → 31.5 s, +5.0 % ± 22.7 after 3 starts a side, about 61 more needed"},
		{"one start", one(whole([]float64{30}, []float64{36})),
			"Not settled: 30.0 → 36.0 s, +20.0 % with 1 start a side, and a test needs 3"},
		{"one start, and two", one(whole([]float64{30, 30.2}, []float64{36})),
			"Not settled: 30.1 → 36.0 s, +19.6 % with 2 and 1 starts, and a test needs 3"},
		{"more starts of one side", one(whole([]float64{27, 30, 33}, []float64{28, 30, 31, 34, 32})),
			"Not settled: 30.0 → 31.0 s, +3.3 % ± 20.0 after 3 and 5 starts, about 108 more needed"},
		{"a step decides", one(step(phase.LoadWeights, 7.2), step(phase.ModelInit, 3)),
			"load_weights is slower: 2.0 → 7.2 s, +260.0 % ± 0.1 (p < 0.001)"},
		{"several, of which one is slower", []Configuration{same, slow, open},
			"Start-up is slower in 1 of 3 configurations, namely Yi-6B: 30.0 → 35.0 s, +16.7 % ± 0.8 (p < 0.001)"},
		{"several are slower", []Configuration{slow, same, slower},
			"Start-up is slower in 2 of 3 configurations, most in Qwen-4B: 30.0 → 36.0 s, +20.0 % ± 0.8 (p < 0.001)"},
		{"several, of which one is open", []Configuration{same, open},
			"Not settled in 1 of 2 configurations, namely Falcon: 30.0 → 31.0 s, +3.3 % ± 22.7 after 3 starts a side, about 170 more needed"},
		{"several, of which none changed", []Configuration{same, same},
			"No change found in 2 of 2 configurations: ± 1.1 % at most, 3 starts a side"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := answered(test.configurations...).Sentence; got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// If segments are compared, the paper's phase that explains a segment's change is named with
// it; or else the segment.
func TestSegmentSentences(t *testing.T) {
	of := func(name string, a, b []float64) Phase { return newPhase(name, a, b) }
	for _, test := range []struct {
		name   string
		within []Phase
		want   string
	}{
		{"a phase of the segment", []Phase{of("load_weights", steady(2), steady(7)), of("model_init", steady(1), steady(1.2))},
			"nearly all of it in model_loading: load_weights (+5.0 s)"},
		{"a sum whose part it is", []Phase{of("model_loading", steady(3), steady(8.2)), of("load_weights", steady(2), steady(7))},
			"nearly all of it in model_loading: load_weights (+5.0 s)"},
		{"no phase that explains it", []Phase{of("load_weights", steady(2), steady(4)), of("model_init", steady(1), steady(3))},
			"nearly all of it in model_loading (+5.2 s)"},
		{"a phase of another segment", []Phase{of("get_model_info", steady(2), steady(7.2))},
			"nearly all of it in model_loading (+5.2 s)"},
		{"no phases", nil, "nearly all of it in model_loading (+5.2 s)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			whole := of(segment.TimeToReady, around(31.4), around(36.9))
			whole.Decides = true
			c := &Comparison{Margin: Margin, Configurations: []Configuration{{
				Segments: true, within: test.within,
				Phases: []Phase{of("front_end", around(20), around(20)), of("model_loading", steady(4), steady(9.2)), whole, of("first_token", steady(1), steady(9))},
			}}}
			c.judge()
			if got, want := c.answer().Sentence, "Start-up is slower: 31.4 → 36.9 s, +17.5 % ± 0.7 (p < 0.001), "+test.want; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

// A start-up that never succeeds any more is the answer, before any slower one.
func TestLostAnswers(t *testing.T) {
	lose := func(which string) (*Comparison, error) {
		a, b := session("a", 20), session("b", 30)
		for i := range cellOf(b).Runs {
			if run := &cellOf(b).Runs[i]; which == "all" || run.Configuration == which {
				run.Failed = "CUDA out of memory"
			}
		}
		return Results(a, b, Options{NameA: "before", NameB: "after"})
	}
	c, err := lose("qwen-4b")
	if err != nil {
		t.Fatal(err)
	}
	const reason = ": baseline on n1: qwen-4b: B failed to start in all of 3 runs: CUDA out of memory"
	if want := "Start-up fails in 1 of 2 configurations" + reason; c.Answer.Sentence != want || c.Answer.Verdict != Lost {
		t.Errorf("got %q, %s; want %q", c.Answer.Sentence, c.Answer.Verdict, want)
	}
	_, err = lose("all")
	nothing, _ := err.(*NothingError)
	if nothing == nil {
		t.Fatal(err)
	}
	answer, ok := nothing.Answer()
	if want := "Start-up fails in 2 of 2 configurations" + reason; !ok || answer.Sentence != want {
		t.Errorf("got %q, %t; want %q", answer.Sentence, ok, want)
	}
	if answer, ok := (&NothingError{}).Answer(); ok {
		t.Errorf("nothing in common has the answer %q", answer.Sentence)
	}
}
