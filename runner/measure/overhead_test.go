package measure_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"coldstart/reports/result"
	"coldstart/runner/engine"
	"coldstart/runner/engine/local"
	"coldstart/runner/engine/replay"
	"coldstart/runner/measure"
	"coldstart/runner/privacy"
)

// slow makes an engine that prints a recorded log, line by line over some time, as
// a real one does.
type slow struct {
	path  string
	pause string // between two lines, seconds
}

func (s *slow) Check(*result.Set, string) error { return nil }

func (s *slow) Origin(engine.Run) (*engine.Origin, error) { return &engine.Origin{}, nil }

func (s *slow) Command(engine.Run) (local.Command, error) {
	script := fmt.Sprintf(`while IFS= read -r line; do printf '%%s\n' "$line"; sleep %s; done <%s`, s.pause, s.path)
	return local.Command{Args: []string{"sh", "-c", script}, Env: os.Environ(), Grouped: true}, nil
}

// BenchmarkOverhead is what measuring costs while a run is in progress: the log
// taken, filtered, followed and kept, the cores sampled ten times a second. It
// reports the share of one core that this process itself used:
//
//	go test ./runner/measure -run - -bench Overhead -benchtime 3x
func BenchmarkOverhead(b *testing.B) {
	plan := longPlan()
	plan.Iterations = 1
	plan.Sets[0].Configurations = plan.Sets[0].Configurations[:1]
	plan.Sets[0].SampleCPU = true
	dir := b.TempDir()
	e := &local.Engine{Maker: &slow{path: recordedLog(b, dir), pause: "0.03"}, Limit: time.Hour, Grace: time.Second, Filter: privacy.Secrets(os.Environ()).Identities(privacy.ThisMachine())}
	var used, took time.Duration
	for i := 0; b.Loop(); i++ {
		plan.Session = fmt.Sprint("s", i)
		directory, err := result.Create(filepath.Join(dir, plan.Session), plan)
		if err != nil {
			b.Fatal(err)
		}
		session := measure.Session{
			Plan: plan, Engine: e, Directory: directory, Observer: &diary{}, Machine: machine(filepath.Join(dir, "state")),
		}
		before, begun := ownTime(b), time.Now()
		if incomplete, err := session.All(context.Background()); incomplete || err != nil {
			b.Fatal(incomplete, err)
		}
		used, took = used+ownTime(b)-before, took+time.Since(begun)
	}
	b.ReportMetric(100*used.Seconds()/took.Seconds(), "%core")
}

// recordedLog is a start-up log of a thousand lines, half as many again as vLLM 0.20
// prints at DEBUG on a GPU in that time: a recorded one between lines of the kind that
// says nothing. As there, one in eight has something in it that could be a secret, a
// home or an address.
func recordedLog(b *testing.B, dir string) string {
	b.Helper()
	run := engine.Run{
		Set: &result.Set{Name: "breakdown"}, Configuration: &result.Configuration{ID: "llama3-3b", Model: "llama3-3b"},
		Node: "n1", Iteration: 1,
	}
	var recorded bytes.Buffer
	if _, err := (&replay.Engine{}).Start(b.Context(), run, &recorded); err != nil {
		b.Fatal(err)
	}
	const (
		idle    = "(EngineCore_0 pid=1) DEBUG 02-09 16:00:00.000 [core.py:700] Waited for 1 message, of 12 that came, with path=/opt/cache/vllm/torch_compile_cache/0f1e2d3c4b/rank_0_0\n"
		telling = "(EngineCore_0 pid=1) DEBUG 02-09 16:00:00.000 [core.py:700] Waited for 1 message at tcp://127.0.0.1:4711, HF_TOKEN=hf_0123456789, path=/home/somebody/.cache/vllm/rank_0_0\n"
	)
	lines := strings.SplitAfter(recorded.String(), "\n")
	var text strings.Builder
	for i := range 1000 {
		switch each := 1000 / len(lines); {
		case i%each == 0 && i/each < len(lines):
			text.WriteString(lines[i/each])
		case i%8 == 1:
			text.WriteString(telling)
		default:
			text.WriteString(idle)
		}
	}
	path := filepath.Join(dir, "recorded.log")
	if err := os.WriteFile(path, []byte(text.String()), 0o644); err != nil {
		b.Fatal(err)
	}
	return path
}

// ownTime is what this process used of the cores so far.
func ownTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
