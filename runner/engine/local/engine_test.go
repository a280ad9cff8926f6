package local_test

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"coldstart/reports/figure"
	"coldstart/reports/hardware"
	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/runner/engine"
	"coldstart/runner/engine/local"
	"coldstart/runner/engine/replay"
	"coldstart/runner/matrix"
	"coldstart/runner/measure"
	"coldstart/runner/paper"
	"coldstart/runner/plan"
	"coldstart/runner/privacy"
)

// printer makes commands that print the paper's recorded runs.
type printer struct {
	dir    string
	replay replay.Engine
}

func (p *printer) Check(set *result.Set, node string) error { return p.replay.Check(set, node) }

func (p *printer) Origin(run engine.Run) (*engine.Origin, error) { return p.replay.Origin(run) }

func (p *printer) Command(run engine.Run) (local.Command, error) {
	var log bytes.Buffer
	if _, err := p.replay.Start(context.Background(), run, &log); err != nil {
		return local.Command{}, err
	}
	path := filepath.Join(p.dir, "log")
	if err := os.WriteFile(path, log.Bytes(), 0o644); err != nil {
		return local.Command{}, err
	}
	return local.Command{Args: []string{"cat", path}, Env: os.Environ()}, nil
}

func newEngine(maker local.Maker) *local.Engine {
	return &local.Engine{Maker: maker, Limit: time.Minute, Grace: 200 * time.Millisecond, Filter: privacy.Secrets(nil)}
}

// measured is the figures of a plan measured with an engine.
func measured(t *testing.T, p *result.Plan, started engine.Engine) (figures []*figure.Data) {
	t.Helper()
	dir := t.TempDir()
	directory, err := result.Create(dir, p)
	if err != nil {
		t.Fatal(err)
	}
	session := measure.Session{Plan: p, Engine: started, Directory: directory, Observer: unobserved{}}
	if incomplete, err := session.All(context.Background()); incomplete || err != nil {
		t.Fatalf("incomplete %t, %v", incomplete, err)
	}
	results, err := result.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	for i := range results.Plan.Figures {
		data, err := figure.Build(results, &results.Plan.Figures[i])
		if err != nil {
			t.Fatal(err)
		}
		figures = append(figures, data)
	}
	return figures
}

type unobserved struct{}

func (unobserved) CellBegins(result.Cell, int)                 {}
func (unobserved) RunBegins(engine.Run, phase.Times)           {}
func (unobserved) PhaseEnds(string)                            {}
func (unobserved) RunEnds(result.Run)                          {}
func (unobserved) RunTaken(result.Run)                         {}
func (unobserved) CellEnds(result.Cell, error)                 {}
func (unobserved) CellProbed(result.Cell, []hardware.Mismatch) {}

// A program that prints the recorded runs gives the figures of their replay.
func TestEngineGivesTheFiguresOfWhatItsProgramPrints(t *testing.T) {
	lab, err := matrix.Load("../../lab/paper.yaml", paper.Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	session := plan.Session{Name: "s", Engine: "test", Iterations: 2}
	p, _, err := plan.Make(lab, plan.Selection{Figures: "2,7,9"}, session)
	if err != nil {
		t.Fatal(err)
	}
	printed := measured(t, p, newEngine(&printer{dir: t.TempDir()}))
	replayed := measured(t, p, &replay.Engine{})
	if diff := cmp.Diff(replayed, printed, cmpopts.EquateApprox(1e-12, 0)); diff != "" {
		t.Errorf("(-replayed +printed):\n%s", diff)
	}
}

// shell makes commands that run a script.
type shell struct {
	script    string
	verify    func() error
	variables map[string]string
}

func (s *shell) Check(*result.Set, string) error { return nil }

func (s *shell) Origin(engine.Run) (*engine.Origin, error) {
	return &engine.Origin{Environment: &result.InstalledEnvironment{Name: "shell"}, Variables: s.variables}, nil
}

func (s *shell) Command(engine.Run) (local.Command, error) {
	return local.Command{Args: []string{"sh", "-c", s.script}, Env: os.Environ(), Verify: s.verify, Grouped: true}, nil
}

var anyRun = engine.Run{Set: &result.Set{Name: "breakdown"}, Configuration: &result.Configuration{ID: "m", Model: "m"}, Node: "n1"}

// A failed start is no error: its log shows it.
func TestEngineFailedStart(t *testing.T) {
	var log bytes.Buffer
	e := newEngine(&shell{script: "echo 'ValueError: no such shard'; exit 1"})
	if _, err := e.Start(context.Background(), anyRun, &log); err != nil || log.String() != "ValueError: no such shard\n" {
		t.Errorf("%v, log %q", err, log.String())
	}
	log.Reset()
	e = newEngine(&shell{script: "echo begun; sleep 1000"})
	e.Limit = 300 * time.Millisecond
	if _, err := e.Start(context.Background(), anyRun, &log); err != nil || !strings.Contains(log.String(), "TimeoutError: coldstart: not finished after 300ms") {
		t.Errorf("%v, log %q", err, log.String())
	}
}

// A run is invalid if its environment changed meanwhile.
func TestEngineVerifiesBeforeAndAfter(t *testing.T) {
	changed := errors.New("numpy was upgraded")
	for fails := 1; fails <= 2; fails++ {
		calls := 0
		e := newEngine(&shell{script: "echo begun", verify: func() error {
			if calls++; calls == fails {
				return changed
			}
			return nil
		}})
		var log bytes.Buffer
		if _, err := e.Start(context.Background(), anyRun, &log); !errors.Is(err, changed) || (log.Len() == 0) != (fails == 1) {
			t.Errorf("verification %d fails: %v, log %q", fails, err, log.String())
		}
	}
}

// Results keep an environment's variables without secrets.
func TestEngineKeepsVariables(t *testing.T) {
	maker := &shell{variables: map[string]string{"VLLM_API_KEY": "s3cr3t", "OMP_NUM_THREADS": "8"}}
	origin, err := newEngine(maker).Origin(anyRun)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"VLLM_API_KEY": "***", "OMP_NUM_THREADS": "8"}
	if got := origin.Environment.Variables; !maps.Equal(got, want) {
		t.Errorf("kept %v, want %v", got, want)
	}
}

// Logs have no secrets, and the cores are sampled.
func TestEngineFiltersAndSamples(t *testing.T) {
	e := newEngine(&shell{script: "echo VLLM_API_KEY=s3cr3t; sleep 1"})
	run := anyRun
	run.Set = &result.Set{Name: "cpu-usage", SampleCPU: true}
	var log bytes.Buffer
	started, err := e.Start(context.Background(), run, &log)
	if err != nil || log.String() != "VLLM_API_KEY=***\n" {
		t.Errorf("%v, log %q", err, log.String())
	}
	if usage := started.CPUUsage; usage == nil || len(usage.Samples) == 0 || usage.Interval != 0.1 {
		t.Errorf("samples: %+v", usage)
	}
	if started, err := e.Start(context.Background(), anyRun, &log); err != nil || started.CPUUsage != nil {
		t.Errorf("%v; a set that does not sample has samples", err)
	}
}
