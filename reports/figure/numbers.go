package figure

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"coldstart/reports/table"
)

// rowPerPoint makes a table with one row per point; of heads the column of labels.
// Numbers are aligned at their decimal points.
func rowPerPoint(of string) func(*Data) table.Table {
	return func(d *Data) (t table.Table) {
		columns := d.columns(of)
		for _, c := range columns {
			t.Header, t.Align = append(t.Header, c.head), append(t.Align, c.align)
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
}

// A column is a column of a figure's table.
type column struct {
	head  string
	align table.Align
	cell  func(Series, Point) string
}

// columns are those that this figure fills.
func (d *Data) columns(of string) []column {
	columns := []column{words(of, func(_ Series, p Point) string { return oneLine(p.Label) })}
	if len(d.Series) > 1 {
		columns = append(columns, words("Series", func(s Series, _ Point) string { return s.Name }))
	}
	if d.has(func(p Point) bool { return p.Resource != "" }) {
		columns = append(columns, words("Dominated by", func(_ Series, p Point) string { return p.Resource }))
	}
	if d.has(func(p Point) bool { return p.X != nil }) {
		columns = append(columns, d.numbers(cmp.Or(d.XTitle(), "x"), given, func(p Point) *float64 { return p.X }))
	}
	columns = append(columns, d.numbers(cmp.Or(d.YLabel, "Mean"), measured, func(p Point) *float64 { return &p.Mean }))
	if d.has(func(p Point) bool { return p.StdErr != nil }) {
		columns = append(columns, d.numbers("Standard error", uncertain, func(p Point) *float64 { return p.StdErr }))
	}
	n := func(p Point) *float64 { count := float64(p.N); return &count }
	return append(columns, d.numbers("n", given, n))
}

func words(head string, cell func(Series, Point) string) column {
	return column{head, table.Left, cell}
}

// numbers is a column of numbers with as many decimals as the precision wants; a nil value
// is absent.
func (d *Data) numbers(head string, wanted precision, value func(Point) *float64) column {
	var values []float64
	for _, p := range d.Points() {
		if v := value(p); v != nil {
			values = append(values, *v)
		}
	}
	decimals := wanted(values)
	return column{head, table.Right, func(_ Series, p Point) string {
		v := value(p)
		if v == nil {
			return "–"
		}
		return strconv.FormatFloat(*v, 'f', decimals, 64)
	}}
}

// A precision is the number of decimals of a column with these values.
type precision func(values []float64) int

const mostDecimals = 6

// given shows the values as they are, because they were not measured.
func given(values []float64) (decimals int) {
	for _, v := range values {
		_, fraction, _ := strings.Cut(strconv.FormatFloat(v, 'f', -1, 64), ".")
		decimals = max(decimals, len(fraction))
	}
	return min(decimals, mostDecimals)
}

// measured shows four significant digits of the largest value.
func measured(values []float64) int { return significantDigits(4, values) }

// uncertain shows three significant digits of the largest value.
func uncertain(values []float64) int { return significantDigits(3, values) }

// significantDigits shows that many digits of the largest value, and at least one of the
// smallest that is not 0.
func significantDigits(digits int, values []float64) int {
	largest, smallest := 0.0, math.Inf(1)
	for _, v := range values {
		if v = math.Abs(v); v > 0 && !math.IsInf(v, 0) {
			largest, smallest = max(largest, v), min(smallest, v)
		}
	}
	if largest == 0 {
		return 0
	}
	decimals := max(digits-1-magnitude(largest), -magnitude(smallest), 0)
	return min(decimals, mostDecimals)
}

// magnitude is the power of ten of a positive number's first digit.
func magnitude(v float64) int { return int(math.Floor(math.Log10(v))) }

func (d *Data) has(what func(Point) bool) bool {
	return slices.ContainsFunc(d.Points(), what)
}

// significant writes v with four significant digits and no exponent.
func significant(v float64) string {
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'f', min(max(3-magnitude(math.Abs(v)), 0), 8), 64)
}
