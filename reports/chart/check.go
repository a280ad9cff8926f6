package chart

import (
	"errors"
	"fmt"
	"math"

	"coldstart/reports/figure"
)

// checkPoints refuses a figure without points, and numbers that are not finite.
func checkPoints(d *figure.Data) error {
	points := 0
	for _, s := range d.Series {
		for _, p := range s.Points {
			points++
			if !finite(p.Mean) || !finiteOrAbsent(p.StdErr) || !finiteOrAbsent(p.X) {
				return fmt.Errorf("point %q: a number is not finite: mean %v, stderr %v, x %v",
					p.Key, p.Mean, shown(p.StdErr), shown(p.X))
			}
		}
	}
	if points == 0 {
		return errors.New("there are no points to draw")
	}
	return nil
}

func finite(values ...float64) bool {
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

func finiteOrAbsent(v *float64) bool { return v == nil || finite(*v) }

func shown(v *float64) string {
	if v == nil {
		return "absent"
	}
	return fmt.Sprint(*v)
}
