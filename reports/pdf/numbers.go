package pdf

import (
	"coldstart/reports/figure"
	"coldstart/reports/table"
)

// numbers is what a figure's picture shows, as a table.
func numbers(d *figure.Data) table.Table {
	n := d.Numbers()
	t := table.Table{Header: n.Header}
	for _, row := range n.Rows {
		t.Add(row...)
	}
	return t
}
