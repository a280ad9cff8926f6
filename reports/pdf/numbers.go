package pdf

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"coldstart/reports/figure"
	"coldstart/reports/table"
)

// significant writes v with four significant digits and no exponent.
func significant(v float64) string {
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	digits := 3 - int(math.Floor(math.Log10(math.Abs(v))))
	return strconv.FormatFloat(v, 'f', min(max(digits, 0), 8), 64)
}

func orDash(v *float64) string {
	if v == nil {
		return "–"
	}
	return significant(*v)
}

// exact writes x as it was given, for it is no measurement.
func exact(x *float64) string {
	if x == nil {
		return "–"
	}
	return strconv.FormatFloat(*x, 'g', 6, 64)
}

// numbers is what a figure's picture shows, as a table.
func numbers(d *figure.Data) table.Table {
	if d.Kind == figure.Heatmap {
		return samples(d.Heatmap)
	}
	columns := columnsOf(d)
	var t table.Table
	for _, c := range columns {
		t.Header = append(t.Header, c.head)
	}
	for _, s := range d.Series {
		for _, p := range s.Points {
			row := make([]string, len(columns))
			for i, c := range columns {
				row[i] = c.cell(s, p)
			}
			t.Add(row...)
		}
	}
	return t
}

// A column is one kind of entry of a figure's table.
type column struct {
	head string
	cell func(figure.Series, figure.Point) string
}

// columnsOf are the columns that hold anything for this figure.
func columnsOf(d *figure.Data) []column {
	columns := []column{{first(d.Kind), func(_ figure.Series, p figure.Point) string {
		return strings.ReplaceAll(orElse(p.Label, p.Key), "\n", ", ")
	}}}
	if len(d.Series) > 1 {
		columns = append(columns, column{"Series", func(s figure.Series, _ figure.Point) string { return s.Name }})
	}
	if has(d, func(p figure.Point) bool { return p.Resource != "" }) {
		columns = append(columns, column{"Dominated by", func(_ figure.Series, p figure.Point) string { return p.Resource }})
	}
	if has(d, func(p figure.Point) bool { return p.X != nil }) {
		columns = append(columns, column{orElse(d.XLabel, "x"), func(_ figure.Series, p figure.Point) string { return exact(p.X) }})
	}
	columns = append(columns, column{orElse(d.YLabel, "Mean"), func(_ figure.Series, p figure.Point) string { return significant(p.Mean) }})
	if has(d, func(p figure.Point) bool { return p.StdErr != nil }) {
		columns = append(columns, column{"± standard error", func(_ figure.Series, p figure.Point) string { return orDash(p.StdErr) }})
	}
	return append(columns, column{"n", func(_ figure.Series, p figure.Point) string { return strconv.Itoa(p.N) }})
}

func first(k figure.Kind) string {
	switch k {
	case figure.Ratio, figure.Stack:
		return "Step"
	case figure.Bars:
		return "Release"
	default:
		return "Model"
	}
}

func has(d *figure.Data, what func(figure.Point) bool) bool {
	return slices.ContainsFunc(d.Series, func(s figure.Series) bool { return slices.ContainsFunc(s.Points, what) })
}

// samples sums up a heatmap.
func samples(h *figure.Samples) table.Table {
	const busy = 90 // percent
	var sum, count float64
	var peaks []float64
	for _, core := range h.Cores {
		for i, v := range core {
			sum += v
			count++
			if i == len(peaks) {
				peaks = append(peaks, v)
			}
			peaks[i] = max(peaks[i], v)
		}
	}
	above := 0
	for _, p := range peaks {
		if p > busy {
			above++
		}
	}
	share := 100 * float64(above) / max(float64(len(peaks)), 1)
	t := table.Table{Header: []string{"What", "Value"}}
	t.Add("Cores", strconv.Itoa(len(h.Cores)))
	t.Add("Samples of each core", strconv.Itoa(len(peaks)))
	t.Add("Interval between samples", significant(h.Interval)+" s")
	t.Add("Time covered", significant(float64(len(peaks))*h.Interval)+" s")
	t.Add("Mean utilisation over all cores", significant(sum/max(count, 1))+" %")
	t.Add("Share of time with the busiest core above 90 %", significant(share)+" %")
	return t
}
