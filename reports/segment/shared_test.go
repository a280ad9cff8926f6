package segment

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestShared(t *testing.T) {
	const inner = `"worker_setup":3,"model_loading":4,"profile_compile":5,"capture_warmup":6`
	for name, test := range map[string]struct {
		a, b         string // segments
		wantA, wantB string
		lacking      string
		unlike       []int
	}{
		"the same": {
			a: `{"front_end":2,` + inner + `}`, b: `{"front_end":1,` + inner + `}`,
			wantA: `{"front_end":2,` + inner + `}`, wantB: `{"front_end":1,` + inner + `}`,
		},
		"one was measured": {
			a: `{"process_start":1,"front_end":2,` + inner + `,"first_token":1}`, b: `{"front_end":1,` + inner + `}`,
			wantA: `{"front_end":2,` + inner + `}`, wantB: `{"front_end":1,` + inner + `}`,
			lacking: "process_start, first_token",
		},
		"two are one in A": {
			a: `{"front_end":2,"worker_setup+model_loading":7,"profile_compile":5,"capture_warmup":6}`, b: `{"front_end":1,` + inner + `}`,
			wantA: `{"front_end":2,"worker_setup+model_loading":7,"profile_compile":5,"capture_warmup":6}`,
			wantB: `{"front_end":1,"worker_setup+model_loading":7,"profile_compile":5,"capture_warmup":6}`,
		},
		"others are one in B": {
			a:     `{"front_end":2,"worker_setup+model_loading":7,"profile_compile":5,"capture_warmup":6}`,
			b:     `{"front_end":1,"worker_setup":3,"model_loading+profile_compile":9,"capture_warmup+serving_setup":8}`,
			wantA: `{"front_end":2,"worker_setup+model_loading+profile_compile":12,"capture_warmup+serving_setup":6}`,
			wantB: `{"front_end":1,"worker_setup+model_loading+profile_compile":12,"capture_warmup+serving_setup":8}`,
		},
		"B begins with the engine": {
			a: `{"process_start":1,"front_end":2,` + inner + `}`, b: `{` + inner + `}`,
			wantA: `{` + inner + `}`, wantB: `{` + inner + `}`, lacking: "process_start, front_end",
		},
		"B begins within a segment of A": {
			a: `{"front_end+worker_setup":2,"model_loading":4}`, b: `{"worker_setup":1,"model_loading":4}`,
			wantA: `{"model_loading":4}`, wantB: `{"model_loading":4}`, lacking: "front_end, worker_setup",
		},
		"a front end of no length": {
			a: `{"process_start+front_end":3,"worker_setup":3}`, b: `{"process_start":1,"worker_setup":3}`,
			wantA: `{"process_start+front_end":3,"worker_setup":3}`, wantB: `{"process_start+front_end":1,"worker_setup":3}`,
		},
		"not the same first line": {
			a: `{"front_end":2,` + inner + `}`, b: `{"front_end":9,` + inner + `}`, unlike: []int{FrontEnd},
			wantA: `{` + inner + `}`, wantB: `{` + inner + `}`, lacking: "front_end",
		},
		"not the same first line, but that of both processes is known": {
			a: `{"process_start":8,"front_end":2,` + inner + `}`, b: `{"process_start":1,"front_end":9,` + inner + `}`,
			wantA: `{"process_start+front_end":10,` + inner + `}`, wantB: `{"process_start+front_end":10,` + inner + `}`,
			unlike: []int{FrontEnd},
		},
		"not the same last line": {
			a: `{` + inner + `}`, b: `{` + inner + `,"serving_setup":2}`, unlike: []int{FirstToken},
			wantA: `{` + inner + `}`, wantB: `{` + inner + `}`, lacking: "serving_setup",
		},
		"A was ready with the engine": {
			a: `{` + inner + `}`, b: `{` + inner + `,"serving_setup":2}`,
			wantA: `{` + inner + `}`, wantB: `{` + inner + `,"serving_setup":2}`,
		},
	} {
		var a, b Times
		if err := json.Unmarshal([]byte(test.a), &a); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(test.b), &b); err != nil {
			t.Fatal(err)
		}
		shared, lacking := Shared([]Times{a, b}, test.unlike...)
		gotA, _ := json.Marshal(shared[0])
		gotB, _ := json.Marshal(shared[1])
		if string(gotA) != test.wantA || string(gotB) != test.wantB || strings.Join(lacking, ", ") != test.lacking {
			t.Errorf("%s: %s and %s without %q, want %s and %s without %q", name, gotA, gotB, lacking, test.wantA, test.wantB, test.lacking)
		}
	}
}
