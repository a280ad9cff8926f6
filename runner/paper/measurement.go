package paper

import (
	"bytes"
	_ "embed" // the measurements
	"math"
	"strings"
	"sync"
	"time"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/segment"
)

//go:embed measurements.csv
var measurementsCSV []byte

//go:embed versions.csv
var versionsCSV []byte

//go:embed cpu_usage.csv
var cpuUsageCSV []byte

// A Measurement is one recorded run.
type Measurement struct {
	Set, Node  string
	Iteration  int    // 0 is the warm-up
	Model      string // name of the model's directory
	Args       string // engine arguments as on a command line
	Release    string // of vLLM
	WeightsGiB float64
	Seconds    phase.Times
	Moments    segment.Moments // since the log's first stamp; none of a release of figure 1
	Setup      phase.Setup
}

// A Release is a vLLM release of figure 1.
type Release struct {
	Version          string
	Released         string  // month, such as "Feb 24"
	Transformers     string  // release of transformers that it was run with
	InitializeEngine float64 // seconds, recorded on n1
}

// Measurements are the recorded runs of all sets but that of the releases.
var Measurements = sync.OnceValue(func() (all []Measurement) {
	var recorded setups
	mustDecode("setups.json", setupsJSON, &recorded)
	kept := map[string]phase.Setup{}
	for _, row := range table(measurementsCSV) {
		m := Measurement{
			Set: row["set"], Node: row["node"], Iteration: int(row.number("iteration")),
			Model: row["model"], Args: row["args"], Release: release, WeightsGiB: row.number("model_gib"),
		}
		for p := range phase.All() {
			if row[p.String()] != "" {
				m.Seconds.Set(p, row.number(p.String()))
			}
		}
		m.derive()
		m.Moments = momentsOf(row)
		what := strings.Join([]string{m.Set, m.Node, m.Model, m.Args}, "\n") // whose iterations are set up alike
		if _, ok := kept[what]; !ok {
			kept[what] = recorded.of(&m)
		}
		m.Setup = kept[what]
		all = append(all, m)
	}
	return all
})

// momentColumns are the columns of the moments at which the segments end, from the front
// end's on.
var momentColumns = []string{
	"engine_begun", "model_started", "model_loaded", "cache_sized", "engine_up", phase.ActualTotalTime.String(),
}

func momentsOf(r row) (m segment.Moments) {
	m[segment.FrontEnd].Known = true // the first stamp
	for i, column := range momentColumns {
		at := time.Duration(math.Round(r.number(column)*1e3)) * time.Millisecond
		m[segment.FrontEnd+1+i] = segment.Moment{At: at, Known: true}
	}
	return m
}

// segments are none of a release of figure 1.
func (m *Measurement) segments() segment.Times {
	if !m.Moments[segment.FirstToken].Known {
		return nil
	}
	return segment.Cut(m.Moments, nil).Times()
}

// derive makes the phases that no line of a log states of those that lines state, as
// reports/phase does, so that a recorded run equals its replay to the last bit.
func (m *Measurement) derive() {
	t := &m.Seconds
	load, _ := t.Get(phase.LoadWeights)
	loading, _ := t.Get(phase.ModelLoading)
	init, _ := t.Get(phase.ModelInit)
	if derived := loading - init; math.Abs(derived-load) < 1e-9 { // the tensorizer's loader does not state it
		t.Set(phase.LoadWeights, derived)
	}
	if profiling, ok := m.Profiling(); ok {
		compiled, _ := t.Get(phase.TorchCompile)
		cached, _ := t.Get(phase.GraphCompileCached)
		t.Set(phase.KVCacheProfiling, profiling-compiled-cached)
	}
	bootstrap, _ := t.Sum(phase.DetectPlatform, phase.LLMImports, phase.GetModelInfo, phase.WorkerInit)
	t.Set(phase.FrameworkBootstrap, bootstrap)
	total, _ := t.Sum(phase.FrameworkBootstrap, phase.ModelLoading, phase.InitEngine, phase.TokenizerInit)
	t.Set(phase.TotalTime, total)
}

// Profiling is how long vLLM's memory profiling took, in seconds: KVCacheProfiling with
// the compilation that happens in it, to the microseconds that the data have.
func (m *Measurement) Profiling() (seconds float64, known bool) {
	seconds, known = m.Seconds.Get(phase.KVCacheProfiling)
	compiled, _ := m.Seconds.Sum(phase.TorchCompile, phase.GraphCompileCached)
	return math.Round((seconds+compiled)*1e6) / 1e6, known
}

// Releases are the vLLM releases of figure 1, oldest first.
var Releases = sync.OnceValue(func() (all []Release) {
	for _, row := range table(versionsCSV) {
		all = append(all, Release{
			Version: row["vllm"], Released: row["released"], Transformers: row["transformers"],
			InitializeEngine: row.number("initialize_engine_seconds"),
		})
	}
	return all
})

// releaseMeasurements are the recorded runs of the releases. Neither the warm-up nor other
// phases were published.
func releaseMeasurements() (all []Measurement) {
	for i, c := range Sets()[versionsSet].Configurations {
		m := Measurement{Set: versionsSet, Node: MainNode, Iteration: 1, Model: c.Model, Release: c.Release}
		m.Seconds.Set(phase.InitializeEngine, Releases()[i].InitializeEngine)
		all = append(all, m)
	}
	return all
}

// CPUUsage are the samples of figure 12.
var CPUUsage = sync.OnceValue(func() *result.CPUUsage {
	usage, err := result.ReadCPUUsage(bytes.NewReader(cpuUsageCSV), "cpu_usage.csv")
	if err != nil {
		panic(err) // the file is part of the program
	}
	return usage
})
