package lab

import (
	"testing"

	"coldstart/reports/result"
)

// Each rule that stops measuring has a limit of its own.
func TestStop(t *testing.T) {
	for _, test := range []struct {
		name    string
		request Request
		want    result.Stop
		err     string
	}{
		{"no rule", Request{Iterations: 5, MaxIterations: 3}, result.Stop{}, ""},
		{"confidence", Request{Iterations: 5, Confidence: 0.05}, result.Stop{Within: 0.05, Most: 20}, ""},
		{"settle", Request{Iterations: 3, Settle: 0.05}, result.Stop{Slower: 0.05, Most: 30}, ""},
		{"confidence, limited", Request{Iterations: 5, Confidence: 0.05, MaxIterations: 7}, result.Stop{Within: 0.05, Most: 7}, ""},
		{"settle, limited", Request{Iterations: 3, Settle: 0.05, MaxIterations: 50}, result.Stop{Slower: 0.05, Most: 50}, ""},
		{"more iterations than confidence's limit", Request{Iterations: 21, Confidence: 0.05}, result.Stop{}, "max-iterations"},
		{"more iterations than settle's limit", Request{Iterations: 31, Settle: 0.05}, result.Stop{}, "max-iterations"},
		{"below none", Request{Iterations: 3, Settle: 0.05, MaxIterations: -1}, result.Stop{}, "max-iterations"},
		{"too great a share", Request{Iterations: 3, Settle: 1.5}, result.Stop{}, "settle"},
		{"two rules", Request{Iterations: 3, Settle: 0.05, Confidence: 0.05}, result.Stop{}, "settle"},
	} {
		stop, err := test.request.stop()
		wrong, _ := err.(RequestError)
		if wrong.Part != test.err || (err == nil) != (test.err == "") {
			t.Errorf("%s: %v is of %q, want %q", test.name, err, wrong.Part, test.err)
		}
		if stop == nil {
			stop = &result.Stop{}
		}
		if *stop != test.want {
			t.Errorf("%s: %+v, want %+v", test.name, *stop, test.want)
		}
	}
}
