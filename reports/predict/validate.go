package predict

import (
	"fmt"
	"math"

	"coldstart/reports/phase"
	"coldstart/reports/stat"
)

// leastSamples is the smallest number of samples for cross-validation: with fewer, a
// line would be fitted to one sample.
const leastSamples = 3

// Validation is the error of a method on models that it has not seen: each sample is
// predicted from all the others (leave one model out).
type Validation struct {
	samples  []Sample
	without  []*Predictor // without[i] is trained on all samples but samples[i]
	unseen   []float64    // unseen[i] is the start-up of samples[i] predicted by without[i], seconds
	measured []float64    // the measured start-ups, seconds
}

// CrossValidate predicts each of the samples from the others.
func CrossValidate(method *Method, samples []Sample) (*Validation, error) {
	if len(samples) < leastSamples {
		return nil, fmt.Errorf("cross-validation takes %d models, not %d", leastSamples, len(samples))
	}
	v := &Validation{samples: samples}
	for i := range samples {
		measured, ok := samples[i].Times.Get(phase.ActualTotalTime)
		if !ok {
			return nil, fmt.Errorf("%s has no %v", samples[i].Label, phase.ActualTotalTime)
		}
		others := append(samples[:i:i], samples[i+1:]...)
		predictor, err := Train(method, others)
		if err != nil {
			return nil, fmt.Errorf("without %s: %w", samples[i].Label, err)
		}
		v.without = append(v.without, predictor)
		v.unseen = append(v.unseen, whole(predictor.Predict(samples[i].Model)))
		v.measured = append(v.measured, measured)
	}
	return v, nil
}

// Models is the number of models that were left out, one at a time.
func (v *Validation) Models() int { return len(v.samples) }

// RMSE is the root of the mean squared error over all models, in seconds.
func (v *Validation) RMSE() float64 { return stat.RMSE(v.unseen, v.measured) }

// Percent is the mean absolute error over all models, in percent of the start-up.
func (v *Validation) Percent() float64 { return stat.PercentageError(v.unseen, v.measured) }

// Unseen is a sample's start-up in seconds, predicted from the other samples. It is
// false for a model that is not among the samples.
func (v *Validation) Unseen(key string) (seconds float64, ok bool) {
	for i := range v.samples {
		if v.samples[i].Key == key {
			return v.unseen[i], true
		}
	}
	return 0, false
}

// Interval is the 95 % prediction interval around a model's predicted start-up, in
// seconds and never below zero.
//
// It reaches t·√(s² + v) to either side, with Student's t of n − 1 degrees of freedom.
// s² is the mean of the squared errors of the left-out samples (PRESS/n: Allen, The
// Relationship Between Variable Selection and Data Augmentation and a Method for
// Prediction, Technometrics 16, 1974). v is the jackknife variance of the prediction
// itself (Tukey; Efron and Stein, The Jackknife Estimate of Variance, Annals of
// Statistics 9, 1981), which grows for a model that is unlike the samples. A quantile
// of the errors would need at least 19 samples, and a lab may have five.
func (v *Validation) Interval(m Model, predicted float64) (low, high float64) {
	n := float64(len(v.without))
	guesses := make([]float64, len(v.without))
	for i, p := range v.without {
		guesses[i] = whole(p.Predict(m))
	}
	mean, spread := stat.Summarize(guesses).Mean, 0.0
	for _, guess := range guesses {
		spread += (guess - mean) * (guess - mean)
	}
	reach := stat.Reach(n-1) * math.Sqrt(v.RMSE()*v.RMSE()+(n-1)/n*spread)
	return max(0, predicted-reach), predicted + reach
}
