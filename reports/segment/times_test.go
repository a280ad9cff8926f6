package segment

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The segments of a start-up, kept as JSON and read again, are the same.
func TestTimesAreKept(t *testing.T) {
	const no = -1
	for name, moments := range map[string]Moments{
		"all":               moments(0, 1, 3, 6, 10, 15, 21, 28, 29),
		"two are one":       moments(no, 0, 3, 6, no, 15, 21, 28.123, no),
		"nothing behind it": moments(no, 0, 3, 6, 10, 15, 21, 21, no),
	} {
		segments := Cut(moments, nil)
		want, err := json.Marshal(segments)
		if err != nil {
			t.Fatal(err)
		}
		times := segments.Times()
		var read Times
		if err := json.Unmarshal(want, &read); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(times, read); diff != "" {
			t.Errorf("%s (-kept +read):\n%s", name, diff)
		}
		if got, err := json.Marshal(times); string(got) != string(want) || err != nil {
			t.Errorf("%s: kept as %s, %v, want %s", name, got, err, want)
		}
		if times.ToReady() != segments.ToReady() {
			t.Errorf("%s: ready after %v s, want %v", name, times.ToReady(), segments.ToReady())
		}
	}
}

func TestTimesAreChecked(t *testing.T) {
	const known = "process_start, front_end, worker_setup, model_loading, profile_compile, capture_warmup, " +
		"serving_setup, first_token"
	for text, want := range map[string]string{
		`{"load_weights":1}`:                            `unknown segment "load_weights"; the segments are ` + known,
		`{"front_end+model_loading":1}`:                 `unknown segment "front_end+model_loading"; the segments are ` + known,
		`{"serving_setup+first_token":1}`:               `unknown segment "serving_setup+first_token"; the segments are ` + known,
		`{"front_end+":1}`:                              `unknown segment "front_end+"; the segments are ` + known,
		`{"front_end":-1}`:                              `segment front_end must have a time from 0 to 1e+06 s`,
		`{"front_end":1e9}`:                             `segment front_end must have a time from 0 to 1e+06 s`,
		`{"front_end":null}`:                            `segment front_end must have a time from 0 to 1e+06 s`,
		`{"front_end+worker_setup":1,"worker_setup":1}`: `segments front_end+worker_setup and worker_setup overlap`,
	} {
		var read Times
		if err := json.Unmarshal([]byte(text), &read); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}
