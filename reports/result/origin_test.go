package result_test

import (
	"testing"

	"coldstart/reports/result"
)

func TestOrigin(t *testing.T) {
	tests := map[string]struct {
		origin                    result.Origin
		measured, replayed, found bool
		says, session             string
	}{
		"vLLM":        {result.Origin{Engine: "vllm", Session: "s1"}, true, false, false, "measured with vllm", "session s1"},
		"a lab's own": {result.Origin{Engine: "container", Session: "s1"}, true, false, false, "measured with container", "session s1"},
		"served":      {result.Origin{Engine: "vllm", Session: "s1", Served: true}, true, false, false, "measured with vllm, served", "session s1"},
		"no session":  {result.Origin{Engine: "vllm"}, true, false, false, "measured with vllm", ""},
		"the paper's": {result.Origin{Engine: "replay", Session: "paper"}, false, true, false, "replayed from the paper's recorded measurements", "session paper"},
		"found logs":  {result.Origin{Engine: "logs", Session: "their/logs"}, false, false, true, "from logs in their/logs, not measured by coldstart", ""},
	}
	for name, test := range tests {
		o := test.origin
		if o.Measured() != test.measured || o.Replayed() != test.replayed || o.Found() != test.found {
			t.Errorf("%s: measured %t, replayed %t, found %t", name, o.Measured(), o.Replayed(), o.Found())
		}
		if o.String() != test.says || o.InSession() != test.session {
			t.Errorf("%s: %q, %q; want %q, %q", name, o.String(), o.InSession(), test.says, test.session)
		}
	}
}
