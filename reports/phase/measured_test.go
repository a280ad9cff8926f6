package phase_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"coldstart/reports/phase"
	"coldstart/reports/testkit"
)

// times are what was measured beside a log: the process's exec (Unix time), and the
// seconds from there to the first 200 and from there to the first token.
type times struct {
	Exec   float64 `json:"exec"`
	Health float64 `json:"health_s"`
	First  float64 `json:"first_s"`
}

func (m times) measured() phase.Measured {
	at := func(seconds float64) time.Time {
		return time.UnixMilli(int64(math.Round((m.Exec + seconds) * 1000))).UTC()
	}
	return phase.Measured{Exec: at(0), Ready: at(m.Health), FirstToken: at(m.Health + m.First)}
}

// The segments of servers that were measured add up to what was measured.
func TestMeasured(t *testing.T) {
	for _, path := range besideCheckout(t, "*.times.json") {
		var m times
		text, err := os.ReadFile(path)
		if err == nil {
			err = json.Unmarshal(text, &m)
		}
		if err != nil {
			t.Fatal(err)
		}
		log, err := phase.ReadFile(strings.TrimSuffix(path, ".times.json") + ".log")
		if err != nil {
			t.Fatal(err)
		}
		log.Measure(m.measured())
		if math.Abs(log.TimeToReady-m.Health) > 0.0011 {
			t.Errorf("%s: ready after %v s, measured %v", path, log.TimeToReady, m.Health)
		}
		sum := 0.0
		for i := range log.Segments {
			sum += log.Segments[i].Seconds()
		}
		if want := m.Health + m.First; math.Abs(sum-want) > 0.0011 || len(log.Segments) != 8 {
			t.Errorf("%s: %d segments of %v s, measured %v", path, len(log.Segments), sum, want)
		}
	}
}

// Measured moments cut the segments where they are known and fit the log's stamps.
func TestMeasure(t *testing.T) {
	const log = "INFO 11-28 12:00:10.000 [a.py:1] Initializing a V1 LLM engine (v0.20.2) with config: x\n" +
		"INFO 11-28 12:00:12.000 [a.py:1] Starting to load model x\n" +
		"INFO 11-28 12:00:20.000 [a.py:1] init engine (profile, create kv cache, warmup model) took 7 s\n"
	const own = `"worker_setup":2,"model_loading+profile_compile+capture_warmup":8`
	at := func(second float64) time.Time {
		return time.Date(2026, 11, 28, 12, 0, 0, int(second*1e9), time.FixedZone("", 3600))
	}
	tests := map[string]struct {
		measured phase.Measured
		want     string
		warning  bool
	}{
		"nothing":        {phase.Measured{}, own, false},
		"the exec":       {phase.Measured{Exec: at(4)}, `"process_start":6,` + own, false},
		"no first token": {phase.Measured{Exec: at(4), Ready: at(23.5)}, `"process_start":6,` + own + `,"serving_setup":3.5`, false},
		"all": {
			phase.Measured{Exec: at(4), Ready: at(23.5), FirstToken: at(23.75)},
			`"process_start":6,` + own + `,"serving_setup":3.5,"first_token":0.25`, false,
		},
		"no exec":                     {phase.Measured{Ready: at(23.5)}, own + `,"serving_setup":3.5`, false},
		"an exec behind whole stamps": {phase.Measured{Exec: at(10.5)}, own, false},
		"stamps of a zone in the west": {
			phase.Measured{Exec: at(3604), Ready: at(3623)}, own, true,
		},
		"stamps of a zone in the east": {phase.Measured{Exec: at(4 - 1800)}, own, true},
		"ready before the engine is":   {phase.Measured{Exec: at(4), Ready: at(15)}, own, true},
	}
	for name, test := range tests {
		read, err := phase.Read(strings.NewReader(log), "x.log")
		if err != nil {
			t.Fatal(err)
		}
		read.Measure(test.measured)
		got, err := json.Marshal(read.Segments)
		if want := "{" + test.want + "}"; string(got) != want || err != nil {
			t.Errorf("%s: %s, %v, want %s", name, got, err, want)
		}
		if read.TimeToReady != read.Segments.ToReady() {
			t.Errorf("%s: ready after %v s", name, read.TimeToReady)
		}
		const warning = "the stamps in logs do not fit the times that were measured, as if they were of another time zone; " +
			"process_start and first_token are left out"
		if told := slices.Contains(read.Warnings, warning); told != test.warning {
			t.Errorf("%s: warnings %q", name, read.Warnings)
		}
	}
}

// The segments of every log beside the checkout, with the share that no part covers, for
// a person to check.
func TestSegmentsOfRecordedLogs(t *testing.T) {
	var table strings.Builder
	for _, path := range besideCheckout(t, "*.log") {
		log, err := phase.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&table, "%s: ready after %.3f s, without a name %.1f %%\n", strings.TrimSuffix(filepath.Base(path), ".log"),
			log.TimeToReady, 100*log.Segments.Unnamed()/max(log.TimeToReady, 0.001))
		sum := 0.0
		for _, s := range log.Segments {
			sum += s.Seconds()
			fmt.Fprintf(&table, "  %-29s %7.3f ", s.Name, s.Seconds())
			for _, p := range s.Parts {
				fmt.Fprintf(&table, " %s %.3f", p.Name, p.Seconds)
			}
			table.WriteByte('\n')
		}
		if (log.TimeToReady > 0) != log.Complete || math.Abs(sum-log.TimeToReady) > 1e-9 {
			t.Errorf("%s: the segments are %v s, ready is %v", path, sum, log.TimeToReady)
		}
	}
	testkit.Golden(t, "testdata/segments.txt", table.String())
}

// The time to ready of the paper's logs is their actual_total_time.
func TestTimeToReadyAgreesWithThePaper(t *testing.T) {
	checked := 0
	for _, reading := range testkit.Readings(t, "comparison_results.json") {
		log, err := phase.ReadFile(reading.Path)
		if err != nil {
			t.Fatal(err)
		}
		want := reading.Seconds[phase.ActualTotalTime]
		if want == nil {
			continue
		}
		checked++
		if math.Abs(log.TimeToReady-*want) > 0.0005 {
			t.Errorf("%s: ready after %v s, in the paper %v", log.Name, log.TimeToReady, *want)
		}
	}
	if checked < 700 {
		t.Errorf("only %d logs compared", checked)
	}
}

func besideCheckout(t *testing.T, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(testkit.Artifact(t), "..", "logs", pattern))
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) == 0 {
		t.Skip("no such logs beside the checkout")
	}
	return paths
}

// Of a log with whole seconds, a part has the time that a line states, and no second too many.
func TestStatedParts(t *testing.T) {
	const log = `INFO 11-23 09:00:00FINE [core.py:1] Initializing a V1 LLM engine (v0.32.0) with config: model='m'
INFO 11-23 09:00:02FINE [cpu_model_runner.py:68] Starting to load model m...
INFO 11-23 09:00:03FINE [base_loader.py:82] Initializing model took 0.310286 seconds
DEBUG 11-23 09:00:03FINE [base_loader.py:87] Loading weights on cpu ...
INFO 11-23 09:00:03FINE [default_loader.py:501] Loading weights took 0.01 seconds
INFO 11-23 09:00:04FINE [gpu_model_runner.py:1] Model loading took 1.00 GiB memory and 1.500000 seconds
INFO 11-23 09:00:09FINE [core.py:402] init engine (profile, create kv cache, warmup model) took 5.00 s
`
	for fraction, want := range map[string]float64{"": 0.310286, ".000": 1} {
		read, err := phase.Read(strings.NewReader(strings.ReplaceAll(log, "FINE", fraction)), "log")
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := read.Segments.Named("model_init"); got != want || read.TimeToReady != 9 {
			t.Errorf("stamps with %q: model_init takes %v s of %v, want %v of 9", fraction, got, read.TimeToReady, want)
		}
	}
}
