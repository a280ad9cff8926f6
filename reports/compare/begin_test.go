package compare

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"coldstart/reports/phase"
	"coldstart/reports/result"
)

// Logs that begin with other lines, as with and without debug lines, are compared from the first
// line on that all have.
func TestBegins(t *testing.T) {
	const (
		segments = `{"front_end":9,"worker_setup":2,"model_loading":4,"profile_compile":5,"capture_warmup":6,"serving_setup":1}`
		made     = `{"front_end":9,"worker_setup":2,"model_loading":4,"profile_compile":5,"capture_warmup":6}`
		measured = `{"process_start":1,"front_end":9,"worker_setup":2,"model_loading":4}`

		imports   = `{"front_end":{"llm_imports":6,"get_model_info":1}}`
		joined    = `{"front_end":{"llm_imports+get_model_info":7}}`
		inspected = `{"front_end":{"inspect_model":1}}`
		later     = `{"front_end":{"configuration+tokenizer_init":1}}`
		others    = "some logs begin with importing vLLM, others with the configuration, as with and without debug lines or in other releases"
	)
	for _, test := range []struct {
		name     string
		segments [2]string
		parts    [2]string
		config   phase.Config
		compared string
		warning  string
	}{
		{name: "both with debug lines", segments: [2]string{segments, segments}, parts: [2]string{imports, imports},
			compared: "front_end, worker_setup, model_loading, profile_compile, capture_warmup, serving_setup"},
		{name: "0.10 with and without", segments: [2]string{segments, segments}, parts: [2]string{imports, joined},
			compared: "front_end, worker_setup, model_loading, profile_compile, capture_warmup, serving_setup"},
		{name: "0.20 with and without", segments: [2]string{segments, segments}, parts: [2]string{imports, later},
			compared: "worker_setup, model_loading, profile_compile, capture_warmup, serving_setup", warning: others + ": front_end is not compared"},
		{name: "several ranks", segments: [2]string{segments, segments}, parts: [2]string{imports, later}, config: "tensor_parallel_size=2",
			compared: "worker_setup, model_loading+profile_compile, capture_warmup, serving_setup", warning: others + ": front_end is not compared"},
		{name: "an engine alone", segments: [2]string{segments, made}, parts: [2]string{imports, later},
			compared: "worker_setup, model_loading, profile_compile, capture_warmup",
			warning:  others + ": front_end, serving_setup are not compared"},
		{name: "the begin of the process is known", segments: [2]string{measured, measured}, parts: [2]string{imports, later},
			compared: "process_start+front_end, worker_setup, model_loading", warning: others},
		{name: "0.30 and 0.32", segments: [2]string{segments, segments}, parts: [2]string{imports, inspected},
			compared: "worker_setup, model_loading, profile_compile, capture_warmup, serving_setup",
			warning: "some logs begin with importing vLLM, others with inspecting the model, " +
				"as with and without debug lines or in other releases: front_end is not compared"},
		{name: "a result without parts", segments: [2]string{segments, segments}, parts: [2]string{imports, `{}`},
			compared: "front_end, worker_setup, model_loading, profile_compile, capture_warmup, serving_setup"},
	} {
		a, b := session("a", 20), session("b", 21)
		for i, side := range []*result.Results{a, b} {
			segmented(t, side, test.segments[i])
			cell := cellOf(side)
			for at := range cell.Runs {
				run := &cell.Runs[at]
				run.Setup = cell.KeepSetup(&phase.Setup{Config: test.config})
				if err := json.Unmarshal([]byte(test.parts[i]), &run.Parts); err != nil {
					t.Fatal(err)
				}
			}
		}
		c, err := Results(a, b, Options{})
		if err != nil {
			t.Fatal(err)
		}
		var compared []string
		for _, p := range c.Configurations[0].Phases {
			compared = append(compared, p.Phase)
		}
		compared = slices.DeleteFunc(compared, func(name string) bool { return name == "time_to_ready" })
		if got := strings.Join(compared, ", "); got != test.compared {
			t.Errorf("%s: %s, want %s", test.name, got, test.compared)
		}
		if got := strings.Join(c.Configurations[0].Warnings, "\n"); got != test.warning {
			t.Errorf("%s: warnings %q, want %q", test.name, got, test.warning)
		}
	}
}
