// Package paper holds what the paper published, as data: the models, measurement sets and
// figures of its experiments, its claims, and the runs that its authors recorded. CREDIT.md
// names the source.
package paper

import (
	"bytes"
	_ "embed" // the data files
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"coldstart/reports/phase"
	"coldstart/reports/result"
)

//go:embed measurements.csv
var measurementsCSV []byte

//go:embed versions.csv
var versionsCSV []byte

//go:embed cpu_usage.csv
var cpuUsageCSV []byte

// Iterations is how many counted iterations were recorded.
const Iterations = 5

// CPUUsageNode is the node whose cores were sampled for figure 12.
const CPUUsageNode = "n1"

// A Measurement is one recorded run.
type Measurement struct {
	Set, Node  string
	Iteration  int    // 0 is the warm-up
	Model      string // name of the model's directory
	Args       string // engine arguments as on a command line
	WeightsGiB float64
	Seconds    phase.Times
	Setup      phase.Setup
}

// A Release is a vLLM release of figure 1.
type Release struct {
	Version          string
	Released         string  // month, such as "Feb 24"
	Transformers     string  // release of transformers that it was run with
	InitializeEngine float64 // seconds, recorded on n1
}

// Measurements are all recorded runs.
var Measurements = sync.OnceValue(func() (all []Measurement) {
	recorded, kept := loadSetups(), map[string]phase.Setup{}
	for _, row := range table(measurementsCSV) {
		m := Measurement{
			Set: row.text("set"), Node: row.text("node"), Iteration: int(row.number("iteration")),
			Model: row.text("model"), Args: row.text("args"), WeightsGiB: row.number("model_gib"),
		}
		for p := range phase.All() {
			if row.text(p.String()) != "" {
				m.Seconds.Set(p, row.number(p.String()))
			}
		}
		what := strings.Join([]string{m.Set, m.Node, m.Model, m.Args}, "\n") // whose iterations are set up alike
		if _, ok := kept[what]; !ok {
			kept[what] = recorded.of(&m)
		}
		m.Setup = kept[what]
		all = append(all, m)
	}
	return all
})

// Releases are the vLLM releases of figure 1, oldest first.
var Releases = sync.OnceValue(func() (all []Release) {
	for _, row := range table(versionsCSV) {
		all = append(all, Release{
			Version: row.text("vllm"), Released: row.text("released"), Transformers: row.text("transformers"),
			InitializeEngine: row.number("initialize_engine_seconds"),
		})
	}
	return all
})

// CPUUsage are the samples of figure 12.
var CPUUsage = sync.OnceValue(func() *result.CPUUsage {
	usage, err := result.ReadCPUUsage(bytes.NewReader(cpuUsageCSV), "cpu_usage.csv")
	if err != nil {
		panic(err) // the file is part of the program
	}
	return usage
})

// row is a row of a table of the program's own: what does not fit is a bug.
type row map[string]string

func table(data []byte) (rows []row) {
	records, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		panic(fmt.Errorf("paper: %w", err))
	}
	header := records[0]
	for _, record := range records[1:] {
		r := make(row, len(header))
		for i, column := range header {
			r[column] = record[i]
		}
		rows = append(rows, r)
	}
	return rows
}

func (r row) text(column string) string { return r[column] }

// number is 0 where the cell is empty.
func (r row) number(column string) float64 {
	if r[column] == "" {
		return 0
	}
	value, err := strconv.ParseFloat(r[column], 64)
	if err != nil {
		panic(fmt.Errorf("paper: column %s: %w", column, err))
	}
	return value
}
