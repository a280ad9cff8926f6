package figure

import (
	"fmt"
	"slices"
	"strings"
)

func (d *Data) extremes() (least, most Point) {
	byMean := func(a, b Point) int {
		switch {
		case a.Mean < b.Mean:
			return -1
		case a.Mean > b.Mean:
			return 1
		}
		return 0
	}
	all := d.points()
	return slices.MinFunc(all, byMean), slices.MaxFunc(all, byMean)
}

func (d *Data) rangeWords() string {
	least, most := d.extremes()
	switch {
	case len(d.points()) == 1:
		return fmt.Sprintf("%.2f s (%s)", most.Mean, oneLine(most.Label))
	case least.Mean == most.Mean:
		return fmt.Sprintf("%.2f s, all alike", most.Mean)
	}
	return fmt.Sprintf("%.2f s (%s) to %.2f s (%s)", least.Mean, oneLine(least.Label), most.Mean, oneLine(most.Label))
}

func oneLine(label string) string { return strings.ReplaceAll(label, "\n", ", ") }

// meanOver says what a bar and its error bar are; of is what the mean runs over.
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

func (d *Data) counts() (low, high int) {
	for _, s := range d.Series {
		for _, p := range s.Points {
			if low == 0 || p.N < low {
				low = p.N
			}
			high = max(high, p.N)
		}
	}
	return low, high
}
