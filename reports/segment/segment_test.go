package segment

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"
)

// moments are those of a start-up, in seconds; a negative one is not known.
func moments(seconds ...float64) (m Moments) {
	for i, s := range seconds {
		m[i] = Moment{At: time.Duration(s * float64(time.Second)), Known: s >= 0}
	}
	return m
}

func TestCut(t *testing.T) {
	const no = -1
	tests := map[string]struct {
		moments Moments
		known   []Known
		want    string // segments and their parts, as JSON
	}{
		"all": {
			moments: moments(0, 1, 3, 6, 10, 15, 21, 28, 29),
			want: `{"process_start":1,"front_end":2,"worker_setup":3,"model_loading":4,"profile_compile":5,` +
				`"capture_warmup":6,"serving_setup":7,"first_token":1} {}`,
		},
		"of a log alone": {
			moments: moments(no, 0, 3, 6, 10, 15, 21, 28, no),
			want: `{"front_end":3,"worker_setup":3,"model_loading":4,"profile_compile":5,"capture_warmup":6,` +
				`"serving_setup":7} {}`,
		},
		"a moment is not known": {
			moments: moments(no, 0, 3, 6, no, 15, 21, 28, no),
			want: `{"front_end":3,"worker_setup":3,"model_loading+profile_compile":9,"capture_warmup":6,` +
				`"serving_setup":7} {}`,
		},
		"moments out of order": {
			moments: moments(no, 0, 3, 2, 10, 35, 21, 28, no),
			want:    `{"front_end":3,"worker_setup+model_loading":7,"profile_compile+capture_warmup":11,"serving_setup":7} {}`,
		},
		"only the ends": {
			moments: moments(no, 0, no, no, no, no, no, 28, no),
			want:    `{"front_end+worker_setup+model_loading+profile_compile+capture_warmup+serving_setup":28} {}`,
		},
		"nothing before the engine, nothing behind it": {
			moments: moments(no, 0, 0, 6, 10, 15, 21, 21, no),
			want:    `{"worker_setup":6,"model_loading":4,"profile_compile":5,"capture_warmup":6} {}`,
		},
		"parts with a rest": {
			moments: moments(no, 0, 3, 6, 10, 15, 21, 28, no),
			known:   []Known{{ModelLoading, Part{Name: "load_weights", Seconds: 2.5}}, {ModelLoading, Part{Name: "after_weights", Seconds: 0.25}}},
			want: `{"front_end":3,"worker_setup":3,"model_loading":4,"profile_compile":5,"capture_warmup":6,` +
				`"serving_setup":7} {"model_loading":{"load_weights":2.5,"after_weights":0.25,"rest":1.25}}`,
		},
		"parts are not longer than their segment": {
			moments: moments(no, 0, 3, 6, 10, 15, 21, 28, no),
			known:   []Known{{CaptureWarmup, Part{Name: "autotune", Seconds: 2}}, {CaptureWarmup, Part{Name: "graph_capturing", Seconds: 5}}},
			want: `{"front_end":3,"worker_setup":3,"model_loading":4,"profile_compile":5,"capture_warmup":6,` +
				`"serving_setup":7} {"capture_warmup":{"autotune":2,"graph_capturing":4}}`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			all := Cut(test.moments, test.known)
			segments, err1 := json.Marshal(all)
			parts, err2 := json.Marshal(Parts(all))
			if got := string(segments) + " " + string(parts); got != test.want || err1 != nil || err2 != nil {
				t.Errorf("got  %s, %v, %v\nwant %s", got, err1, err2, test.want)
			}
			begin := FrontEnd
			if test.moments[ProcessStart].Known {
				begin = ProcessStart
			}
			want := (test.moments[FirstToken].At - test.moments[begin].At).Seconds()
			if all.ToReady() != want {
				t.Errorf("ready after %v s, want %v", all.ToReady(), want)
			}
		})
	}
}

// The time without a name is the rest of segments with parts, and all of those without.
func TestUnnamed(t *testing.T) {
	all := Cut(moments(-1, 0, 3, 6, 10, 15, 21, 28, -1), []Known{
		{FrontEnd, Part{Name: "llm_imports", Seconds: 3}}, {ModelLoading, Part{Name: "load_weights", Seconds: 2.5}},
	})
	if got, want := all.Unnamed(), 28-3-2.5; got != want {
		t.Errorf("%v s, want %v", got, want)
	}
	measured := Cut(moments(-5, 0, 3, 6, 10, 15, 21, 28, 29), nil)
	if got, want := measured.Unnamed(), 28.0; got != want {
		t.Errorf("with process_start and first_token: %v s, want %v", got, want)
	}
	if (Parts(all)).IsZero() || !(Parts(nil)).IsZero() {
		t.Error("IsZero does not tell whether there are parts")
	}
}

// Spans that are computed from rounded quantities do not overlap; one that contradicts the
// others is not known.
func TestSpans(t *testing.T) {
	span := func(from, to float64) Span {
		return Span{time.Duration(from * float64(time.Second)), time.Duration(to * float64(time.Second))}
	}
	all := Cut(moments(-1, 0, 3, 6, 10, 15, 21, 28, -1), []Known{
		{ModelLoading, Part{"load_weights", 2.5, span(5.75, 8.25)}},
		{ModelLoading, Part{"unknown", 0.5, Span{}}},
		{ModelLoading, Part{"after_weights", 0.25, span(8.2, 8.45)}},
		{ProfileCompile, Part{"of another rank", 3, span(7, 10.5)}},
		{ProfileCompile, Part{"compile", 1, span(13, 14)}},
		{ProfileCompile, Part{"in between", 0.5, span(13.25, 13.75)}},
	})
	want := map[string]Span{
		"load_weights": span(6, 8.25), "unknown": {}, "after_weights": span(8.25, 8.45), "rest": {},
		"of another rank": {}, "compile": span(13, 14), "in between": {},
	}
	got := map[string]Span{}
	for i := range all {
		for _, p := range all[i].Parts {
			got[p.Name] = p.At
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// A worker's segments are as long as is known of them.
func TestAround(t *testing.T) {
	var wholes [Count]Span
	wholes[ProfileCompile] = Span{10 * time.Second, 20 * time.Second}
	all := Around(wholes, []Known{
		{ModelLoading, Part{"load_weights", 2, Span{5 * time.Second, 7 * time.Second}}},
		{ModelLoading, Part{"after_weights", 1, Span{8 * time.Second, 9 * time.Second}}},
		{ProfileCompile, Part{"compile_other", 4, Span{}}},
		{CaptureWarmup, Part{"graph_capturing", 3, Span{19 * time.Second, 22 * time.Second}}},
	})
	var got []string
	for i := range all {
		got = append(got, fmt.Sprint(all[i].Name, " ", all[i].At(), " ", len(all[i].Parts)))
	}
	want := []string{"model_loading {5s 9s} 2", "profile_compile {10s 20s} 0", "capture_warmup {20s 22s} 1"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
