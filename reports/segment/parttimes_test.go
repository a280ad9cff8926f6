package segment

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// Results keep parts in the order of the start-up.
func TestPartTimes(t *testing.T) {
	all := Cut(moments(-1, 0, 3, 6, -1, 15, 21, 28, -1), []Known{
		{FrontEnd, Part{Name: "llm_imports", Seconds: 2}}, {FrontEnd, Part{Name: "engine_process", Seconds: 1}},
		{ModelLoading, Part{Name: "load_weights", Seconds: 2.5}},
	})
	const want = `{"front_end":{"llm_imports":2,"engine_process":1},"model_loading+profile_compile":{"load_weights":2.5,"rest":6.5}}`
	kept := all.PartTimes()
	text, err := json.Marshal(kept)
	if string(text) != want || err != nil {
		t.Errorf("%s, %v, want %s", text, err, want)
	}
	var read PartTimes
	if err := json.Unmarshal(text, &read); err != nil || !slices.Equal(read, kept) {
		t.Errorf("read %v, %v, want %v", read, err, kept)
	}
	if in := read.In("model_loading+profile_compile"); len(in) != 2 || in[1].Name != Rest {
		t.Errorf("in the segment: %v", in)
	}
}

func TestPartTimesRefuses(t *testing.T) {
	for text, want := range map[string]string{
		`{"coffee":{"x":1}}`:        `unknown segment "coffee" of parts`,
		`{"front_end":{"x":-1}}`:    "part x of front_end must have a time from 0 to 1e+06 s",
		`{"front_end":{"x":null}}`:  "part x of front_end must have a time from 0 to 1e+06 s",
		`{"front_end":7}`:           "parts must be an object, not 7",
		`[1]`:                       "parts must be an object, not [",
		`{"front_end":{"x":"one"}}`: "cannot unmarshal string",
	} {
		var read PartTimes
		if err := json.Unmarshal([]byte(text), &read); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	var none PartTimes
	if err := json.Unmarshal([]byte("null"), &none); err != nil || none != nil {
		t.Errorf("null: %v, %v", none, err)
	}
}

// A log begins with the first step that its parts tell of.
func TestBegin(t *testing.T) {
	for parts, want := range map[string]string{
		`{}`: "",
		`{"front_end":{"detect_platform":0.1,"llm_imports":6,"get_model_info":1}}`: "importing vLLM",
		`{"front_end":{"llm_imports+get_model_info":7}}`:                           "importing vLLM",
		`{"front_end":{"inspect_model":1,"engine_process":8}}`:                     "inspecting the model",
		`{"model_loading":{"load_weights":2}}`:                                     "the configuration",
	} {
		var all PartTimes
		if err := json.Unmarshal([]byte(parts), &all); err != nil {
			t.Fatal(err)
		}
		if got := all.Begin(); got != want {
			t.Errorf("%s begins with %q, want %q", parts, got, want)
		}
	}
}
