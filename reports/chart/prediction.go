package chart

import (
	"fmt"

	"coldstart/reports/figure"
)

// newPrediction is the predicted beside the measured, and how far off the
// prediction is.
func newPrediction(d *figure.Data) body {
	g := grouped(d)
	if d.RMSE != nil {
		g.legend.remark = fmt.Sprintf("RMSE = %s s", number(*d.RMSE))
	}
	return g
}
