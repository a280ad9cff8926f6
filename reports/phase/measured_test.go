package phase_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
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
