package result

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
)

// CPUUsage is how busy every core was while an engine started.
type CPUUsage struct {
	Interval float64     // seconds from one sample to the next
	Samples  [][]float64 // percent, 0 … 100: Samples[sample][core]
}

// DefaultInterval is the protocol's sampling interval in seconds.
const DefaultInterval = 0.1

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
func parseFloats(row []string) (numbers []float64) {
	for _, text := range row {
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || !(n >= 0 && n <= largestNumber) {
			break
		}
		numbers = append(numbers, n)
	}
	return numbers
}
