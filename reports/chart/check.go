package chart

import (
	"errors"
	"fmt"
	"math"

	"coldstart/reports/figure"
)

// check finds what would make a picture impossible or a lie.
func check(d *figure.Data) error {
	if d.Kind == figure.Heatmap {
		return checkSamples(d.Heatmap)
	}
	if err := checkPoints(d.Series); err != nil {
		return err
	}
	if f := d.Fit; f != nil && !finite(f.Slope, f.Intercept, f.Pearson) {
		return fmt.Errorf("the fitted line is not finite: slope %v, intercept %v, r %v", f.Slope, f.Intercept, f.Pearson)
	}
	for _, rmse := range []*float64{d.RMSE, d.RMSECrossValidated} {
		if !finiteOrAbsent(rmse) {
			return fmt.Errorf("the root mean square error is not finite: %v", *rmse)
		}
	}
	return nil
}

func checkPoints(series []figure.Series) error {
	points := 0
	for _, s := range series {
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

func checkSamples(h *figure.Samples) error {
	if h == nil || len(h.Cores) == 0 {
		return errors.New("there are no cores to draw")
	}
	if !finite(h.Interval) || h.Interval <= 0 {
		return fmt.Errorf("the sampling interval is %v s, which is no interval", h.Interval)
	}
	for core, samples := range h.Cores {
		for i, s := range samples {
			if !finite(s) {
				return fmt.Errorf("core %d, sample %d: utilisation is not finite: %v", core, i, s)
			}
		}
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
