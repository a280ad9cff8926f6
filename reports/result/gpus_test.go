package result_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"coldstart/reports/result"
)

// One GPU is a number, as it always was, and several are a list.
func TestGPUs(t *testing.T) {
	tests := []struct {
		json    string
		indices []int
		text    string
		err     string
	}{
		{json: `0`, indices: []int{0}, text: "GPU 0"},
		{json: `[0,1]`, indices: []int{0, 1}, text: "GPUs 0,1"},
		{json: `[3,2,63]`, indices: []int{3, 2, 63}, text: "GPUs 3,2,63"},
		{json: `null`},
		{json: `-1`, err: "must be from 0 to 63, not -1"},
		{json: `64`, err: "must be from 0 to 63, not 64"},
		{json: `[1,1]`, err: "GPU 1 is listed twice"},
		{json: `"0,1"`, err: `GPUs must be an index or a list of indices, not "0,1"`},
	}
	for _, test := range tests {
		var gpus result.GPUs
		err := json.Unmarshal([]byte(test.json), &gpus)
		if test.err != "" {
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("%s: %v, want %s", test.json, err, test.err)
			}
			continue
		}
		back, err2 := json.Marshal(gpus)
		if err != nil || err2 != nil || string(back) != test.json || !slices.Equal(gpus.Indices(), test.indices) || gpus.String() != test.text {
			t.Errorf("%s: %v %v, written as %s, indices %v, text %q", test.json, err, err2, back, gpus.Indices(), gpus)
		}
	}
	if all := result.GPUs(""); !all.Has(7) || result.GPUsOf(0, 1).Has(2) || !result.GPUsOf(0, 1).Has(1) {
		t.Error("all GPUs are not all, or two are not two")
	}
}
