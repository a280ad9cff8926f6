package pdf

import "coldstart/reports/figure"

// numbers is what a figure's picture shows, as a table.
func numbers(d *figure.Data) Table {
	n := d.Numbers()
	t := Table{Header: n.Header}
	for _, row := range n.Rows {
		t.Rows = append(t.Rows, Texts(row...))
	}
	return t
}
