package figure

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// extremes are the points with the smallest and the largest mean.
func (d *Data) extremes() (least, most Point) {
	byMean := func(a, b Point) int { return cmp.Compare(a.Mean, b.Mean) }
	all := d.Points()
	return slices.MinFunc(all, byMean), slices.MaxFunc(all, byMean)
}

// rangeWords name the smallest and the largest point, in seconds.
func (d *Data) rangeWords() string {
	least, most := d.extremes()
	switch {
	case len(d.Points()) == 1:
		return fmt.Sprintf("%.2f s (%s)", most.Mean, oneLine(most.Label))
	case least.Mean == most.Mean:
		return fmt.Sprintf("%.2f s, all alike", most.Mean)
	}
	return fmt.Sprintf("%.2f s (%s) to %.2f s (%s)", least.Mean, oneLine(least.Label), most.Mean, oneLine(most.Label))
}

// XTitle is the label of x, and says of which size.
func (d *Data) XTitle() string {
	if d.XLabel == "Size (KB)" { // of the compiled graphs, in the paper's figures
		return "Compiled Graph Size (KB)"
	}
	return d.XLabel
}

func oneLine(label string) string { return strings.ReplaceAll(label, "\n", ", ") }

// meanOver describes a bar and its error bar; of names what the mean runs over.
func (d *Data) meanOver(of string) string {
	low, high := d.counts()
	switch {
	case high < 2:
		return "value of a single measurement"
	case low == high:
		return fmt.Sprintf("mean ± standard error over %d %s", low, of)
	default:
		return fmt.Sprintf("mean ± standard error over %d to %d %s", low, high, of)
	}
}

// counts are the smallest and the largest number of values behind a point.
func (d *Data) counts() (low, high int) {
	for i, p := range d.Points() {
		if i == 0 || p.N < low {
			low = p.N
		}
		high = max(high, p.N)
	}
	return low, high
}
