package chart

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"coldstart/reports/phase"
	"coldstart/reports/timeline"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// readTimeline lays out a start-up of the package that reads logs, after changes to its log.
func readTimeline(t testing.TB, name string, change ...func(*phase.Log)) *timeline.Timeline {
	t.Helper()
	log, err := phase.ReadFile("../phase/testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	log.Name = name
	for _, change := range change {
		change(&log)
	}
	made, ok := timeline.Of(&log)
	if !ok {
		t.Fatalf("%s has no timeline", name)
	}
	return made
}

// measure adds what is measured of a server: its exec, and its first token after a time.
func measure(first time.Duration) func(*phase.Log) {
	return func(log *phase.Log) {
		ready := time.Date(2026, 11, 23, 9, 0, 59, 500e6, time.UTC)
		log.Measure(phase.Measured{
			Exec: time.Date(2026, 11, 23, 8, 59, 51, 0, time.UTC), Ready: ready, FirstToken: ready.Add(first),
		})
	}
}

// timelines are start-ups that charts trip over.
func timelines(t testing.TB) map[string]*timeline.Timeline {
	const serve, cpu = "releases/0.20.2-serve.log", "releases/0.32.0-cpu-serve.log"
	return map[string]*timeline.Timeline{
		"ranks":               readTimeline(t, serve),
		"one process":         readTimeline(t, "releases/0.8.0.log"),
		"two engines":         readTimeline(t, "posted/data-parallel.log"),
		"measured":            readTimeline(t, cpu, measure(600*time.Millisecond)),
		"a slow first token":  readTimeline(t, cpu, measure(time.Hour)),
		"a sudden first one":  readTimeline(t, cpu, measure(time.Millisecond)),
		"no release":          readTimeline(t, serve, func(log *phase.Log) { log.Release = "" }),
		"an unending release": readTimeline(t, serve, func(log *phase.Log) { log.Release = strings.Repeat("0.1.dev", 30) }),
		"long names": readTimeline(t, serve, func(log *phase.Log) {
			log.Name = strings.Repeat("/a/long/path", 40)
			log.Processes.FrontEnd = strings.Repeat("APIServer ", 40)
		}),
		"many ranks": readTimeline(t, serve, func(log *phase.Log) {
			for i := range 64 {
				worker := log.Processes.Workers[0]
				worker.Name = fmt.Sprintf("Worker_TP%d", i)
				log.Processes.Workers = append(log.Processes.Workers, worker)
			}
		}),
	}
}

func drawnTimeline(made *timeline.Timeline) *sketch {
	c := NewTimeline(made)
	w, h := c.Size()
	s := newSketch(w, h)
	c.Draw(draw.New(s))
	return s
}

func TestWhatATimelineSays(t *testing.T) {
	for name, want := range map[string][]string{
		"ranks": {
			"vLLM 0.20.2, ready after 126.1 s", "releases/0.20.2-serve.log", "Time since the log's first stamp (s)", "ready 126.1 s",
			"APIServer pid=5", "EngineCore pid=6", "Worker_TP0 pid=7", "Worker_TP1 pid=8", "model_loading", "50.5 s", "50.1 s",
			"worker_setup 15.5 s, 12 %: worker_process 12.0", "serving_setup 3.0 s, 2 %",
		},
		"measured": {
			"vLLM 0.32.0, ready after 68.5 s", "ready 68.5 s", "first token 69.1 s", "Time since the process began (s)",
			"releases/0.32.0-cpu-serve.log · stamps in whole seconds", "process_start 9.0 s, 13 %", "first_token 0.6 s, 1 %",
			"model_loading + profile_compile 12.0 s, 17 %: warmup_run", "profile_compile of a worker",
		},
		"two engines": {"2 engines", "7.0 s", "worker_setup + model_loading + profile_compile +", "capture_warmup 35.0 s, 80 %"},
		"one process": {"vLLM", "front_end"},
	} {
		words := drawnTimeline(timelines(t)[name]).words()
		for _, w := range want {
			if !slices.Contains(words, w) {
				t.Errorf("%s: %q is nowhere; there is %q", name, w, words)
			}
		}
	}
}

// A timeline needs no scaling in a paper's column of 3.3 inches.
func TestTimelinesAreReadable(t *testing.T) {
	for name, made := range timelines(t) {
		t.Run(name, func(t *testing.T) {
			s := drawnTimeline(made)
			if s.w != 3.3*72 {
				t.Errorf("%v wide", s.w)
			}
			for i, a := range s.texts {
				if !s.onPage(a.box) {
					t.Errorf("%q leaves the page", a.text)
				}
				if got := contrast(a.color, a.ground); got < 4.5 || a.size < 7 {
					t.Errorf("%q has a contrast of %.2f and %v pt, want 4.5 and 7", a.text, got, a.size)
				}
				for _, b := range s.texts[:i] {
					if a.box.overlaps(b.box) {
						t.Errorf("%q and %q overlap", a.text, b.text)
					}
				}
			}
		})
	}
}

// Bars have the colours of their segments, and stand where those are in time.
func TestBarsStandWhereTheirSegmentsAre(t *testing.T) {
	made := readTimeline(t, "releases/0.20.2-serve.log")
	s := drawnTimeline(made)
	var bars []area
	for _, a := range s.areas {
		if a.Size().Y == laneBar {
			bars = append(bars, a)
		}
	}
	last := slices.MaxFunc(bars, func(a, b area) int { return cmp.Compare(a.Max.X, b.Max.X) })
	second := (last.Max.X - Margin) / vg.Length(made.Ready.Seconds())
	for _, l := range made.Lanes {
		for i := range l.Segments {
			if len(bars) == 0 {
				t.Fatal("there are fewer bars than segments")
			}
			at, bar := l.Segments[i].At(), bars[0]
			bars = bars[1:]
			if bar.color != segmentColors[l.Segments[i].Name] {
				t.Errorf("%s of %s is drawn in %v", l.Segments[i].Name, l.Name, bar.color)
			}
			from, to := Margin+second*vg.Length(at.From.Seconds()), Margin+second*vg.Length(at.To.Seconds())
			if off := max(from-bar.Min.X, bar.Min.X-from, to-bar.Max.X, bar.Max.X-to); off > 1e-6 {
				t.Errorf("%s of %s stands at %v, want %v to %v", l.Segments[i].Name, l.Name, bar.Rectangle, from, to)
			}
		}
	}
	if len(bars) > 0 {
		t.Errorf("%d bars too many", len(bars))
	}
}
