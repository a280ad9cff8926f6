package result

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
)

// CPUUsage is how busy every core was while an engine started.
type CPUUsage struct {
	Interval float64     // seconds from one sample to the next
	Samples  [][]float64 // percent, 0 … 100: Samples[sample][core]
}

// DefaultInterval is the protocol's sampling interval in seconds.
const DefaultInterval = 0.1

// Bounds of the samples that a chart can show: on paper, its columns are finer than a
// printer's dots.
const (
	mostSamples = 1200      // of each core
	mostValues  = 3_000_000 // of all cores; as CSV at most 60 MB
)

// Thin merges neighbouring samples into their mean, until there are no more than a chart can
// show. cut says how many of the input of a name, if any were.
func (u *CPUUsage) Thin(name string) (cut []string) {
	if len(u.Samples) == 0 {
		return nil
	}
	most := max(1, min(mostSamples, mostValues/max(1, len(u.Samples[0]))))
	merged := (len(u.Samples) + most - 1) / most
	if merged == 1 {
		return nil
	}
	cut = []string{fmt.Sprintf("%s: %d samples of each core are more than a chart can show; "+
		"each %d are shown as their mean", name, len(u.Samples), merged)}
	var thin [][]float64
	for group := range slices.Chunk(u.Samples, merged) {
		thin = append(thin, meanSample(group))
	}
	u.Samples, u.Interval = thin, u.Interval*float64(merged)
	return cut
}

// meanSample is the mean of samples, of the cores that all have.
func meanSample(samples [][]float64) []float64 {
	mean := slices.Clone(samples[0])
	for _, sample := range samples[1:] {
		mean = mean[:min(len(mean), len(sample))]
		for core := range mean {
			mean[core] += sample[core]
		}
	}
	for core := range mean {
		mean[core] /= float64(len(samples))
	}
	return mean
}

// WriteCSV writes one row per sample: its time in seconds, then one column per core.
func (u *CPUUsage) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	header := []string{"time_s"}
	if len(u.Samples) > 0 {
		for core := range u.Samples[0] {
			header = append(header, "core"+strconv.Itoa(core))
		}
	}
	out.Write(header)
	for i, sample := range u.Samples {
		row := []string{strconv.FormatFloat(math.Round(float64(i)*u.Interval*1e6)/1e6, 'f', -1, 64)}
		for _, percent := range sample {
			row = append(row, strconv.FormatFloat(percent, 'f', -1, 64))
		}
		out.Write(row)
	}
	out.Flush()
	return out.Error()
}

// ReadCPUUsage reads the format of WriteCSV. Errors have name, line and column.
func ReadCPUUsage(r io.Reader, name string) (*CPUUsage, error) {
	in := csv.NewReader(r)
	in.ReuseRecord = true
	header, err := in.Read()
	if err != nil || header[0] != "time_s" {
		return nil, fmt.Errorf("%s:1:1: the first line must be time_s,core0,core1,…", name)
	}
	u := &CPUUsage{Interval: DefaultInterval}
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return u, nil
		}
		if bad := new(csv.ParseError); errors.As(err, &bad) {
			return nil, fmt.Errorf("%s:%d:%d: %w", name, bad.Line, bad.Column, bad.Err)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		numbers := parseFloats(row)
		if field := len(numbers); field < len(row) {
			line, column := in.FieldPos(field)
			return nil, fmt.Errorf("%s:%d:%d: %q is not a number of seconds or percent", name, line, column, row[field])
		}
		u.Samples = append(u.Samples, numbers[1:])
		if len(u.Samples) == 2 && numbers[0] > 0 {
			u.Interval = numbers[0]
		}
	}
}

// largestNumber is far beyond any time or percentage.
const largestNumber = 1e6

// parseFloats reads the numbers of a row, up to the first field that is not a time or
// percentage.
func parseFloats(row []string) []float64 {
	numbers := make([]float64, 0, len(row))
	for _, text := range row {
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || !(n >= 0 && n <= largestNumber) {
			break
		}
		numbers = append(numbers, n)
	}
	return numbers
}
