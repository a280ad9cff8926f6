package figure

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"coldstart/reports/table"
)

// rowPerPoint makes a table with one row per point; of heads the column of labels.
func rowPerPoint(of string) func(*Data) table.Table {
	return func(d *Data) (t table.Table) {
		columns := d.columns(of)
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
}

// A column is a column of a figure's table.
type column struct {
	head string
	cell func(Series, Point) string
}

// columns are those that this figure fills.
func (d *Data) columns(of string) []column {
	columns := []column{{of, func(_ Series, p Point) string { return oneLine(p.Label) }}}
	if len(d.Series) > 1 {
		columns = append(columns, column{"Series", func(s Series, _ Point) string { return s.Name }})
	}
	if d.has(func(p Point) bool { return p.Resource != "" }) {
		columns = append(columns, column{"Dominated by", func(_ Series, p Point) string { return p.Resource }})
	}
	if d.has(func(p Point) bool { return p.X != nil }) {
		columns = append(columns, column{cmp.Or(d.XLabel, "x"), func(_ Series, p Point) string { return exact(p.X) }})
	}
	mean := func(_ Series, p Point) string { return significant(p.Mean) }
	columns = append(columns, column{cmp.Or(d.YLabel, "Mean"), mean})
	if d.has(func(p Point) bool { return p.StdErr != nil }) {
		columns = append(columns, column{"± standard error", func(_ Series, p Point) string { return orDash(p.StdErr) }})
	}
	return append(columns, column{"n", func(_ Series, p Point) string { return strconv.Itoa(p.N) }})
}

func (d *Data) has(what func(Point) bool) bool {
	return slices.ContainsFunc(d.Points(), what)
}

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

// exact writes x as it was given: it is not a measurement.
func exact(x *float64) string {
	if x == nil {
		return "–"
	}
	return strconv.FormatFloat(*x, 'g', 6, 64)
}
