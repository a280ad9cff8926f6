package chart

import (
	"fmt"
	"strings"

	"coldstart/reports/figure"
)

func init() { layouts[figure.Prediction] = layout{checkPrediction, newPrediction} }

func checkPrediction(d *figure.Data) error {
	for _, rmse := range []*float64{d.RMSE, d.RMSECrossValidated} {
		if !finiteOrAbsent(rmse) {
			return fmt.Errorf("the root mean square error is not finite: %v", *rmse)
		}
	}
	return checkPoints(d)
}

// newPrediction makes predicted and measured bars per model, with the errors above them.
func newPrediction(d *figure.Data) body {
	g := grouped(d)
	var errors []string
	if d.RMSE != nil {
		errors = append(errors, fmt.Sprintf("RMSE = %s s", number(*d.RMSE)))
	}
	if d.RMSECrossValidated != nil {
		errors = append(errors, fmt.Sprintf("cross-validated %s s", number(*d.RMSECrossValidated)))
	}
	g.legend.remark = strings.Join(errors, ", ")
	return g.settled()
}
