package segment

import (
	"encoding/json"
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
			known:   []Known{{ModelLoading, Part{"load_weights", 2.5}}, {ModelLoading, Part{"after_weights", 0.25}}},
			want: `{"front_end":3,"worker_setup":3,"model_loading":4,"profile_compile":5,"capture_warmup":6,` +
				`"serving_setup":7} {"model_loading":{"load_weights":2.5,"after_weights":0.25,"rest":1.25}}`,
		},
		"parts are not longer than their segment": {
			moments: moments(no, 0, 3, 6, 10, 15, 21, 28, no),
			known:   []Known{{CaptureWarmup, Part{"autotune", 2}}, {CaptureWarmup, Part{"graph_capturing", 5}}},
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
		{FrontEnd, Part{"llm_imports", 3}}, {ModelLoading, Part{"load_weights", 2.5}},
	})
	if got, want := all.Unnamed(), 28-3-2.5; got != want {
		t.Errorf("%v s, want %v", got, want)
	}
	if (Parts(all)).IsZero() || !(Parts(nil)).IsZero() {
		t.Error("IsZero does not tell whether there are parts")
	}
}
