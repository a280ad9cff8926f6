package figure

import (
	"fmt"
	"slices"
	"strings"

	"coldstart/reports/phase"
	"coldstart/reports/predict"
)

// Prediction has predicted and measured start-ups, one group per model.
const Prediction Kind = "prediction"

func init() {
	kinds[Prediction] = kind{
		build:     buildPrediction,
		headline:  predictionHeadline,
		caption:   predictionCaption,
		numbers:   rowPerPoint("Model"),
		common:    commonErrors,
		unit:      "s",
		allModels: true,
	}
}

// The series of a figure of kind prediction.
const (
	Predicted      = "Predicted"       // by the published method
	Truth          = "Truth"           // measured
	CrossValidated = "Cross-validated" // by a better method, each model from all the others
)

// evaluatedBatchSizes is the number of batch sizes at which the paper evaluates
// graph_capturing. The line is fitted over 67, but only 1 gives the published numbers.
const evaluatedBatchSizes = 1

// buildPrediction predicts start-ups of models that the predictors were not trained on,
// and adds the measured ones.
func buildPrediction(s *source) error {
	predicted, truth, unseen := Series{Name: Predicted}, Series{Name: Truth}, Series{Name: CrossValidated}
	if s.cell("") != nil {
		samples := s.samples()
		published, crossValidated := s.published(samples), s.crossValidated(samples)
		for _, key := range s.spec.Models {
			i := slices.IndexFunc(samples, func(m predict.Sample) bool { return m.Key == key })
			if i < 0 {
				continue
			}
			sample := &samples[i]
			fact, measured := sample.Times.Get(phase.ActualTotalTime)
			if !measured {
				s.missing("%s: no run of %s has %v", s.spec.Cells[""], key, phase.ActualTotalTime)
				continue
			}
			guessed := predicted.guess(published, sample)
			if unseen.guess(crossValidated, sample) || guessed {
				truth.Points = append(truth.Points, Point{Key: key, Label: sample.Label, Mean: fact, N: sample.Runs})
			}
		}
	}
	s.data.Series = []Series{predicted, truth}
	if len(unseen.Points) > 0 {
		s.data.Series = append(s.data.Series, unseen)
	}
	s.data.RMSE, s.data.RMSECrossValidated = s.data.rmse(Predicted), s.data.rmse(CrossValidated)
	return nil
}

// A forecast predicts a model's start-up in seconds; false without a prediction.
type forecast func(*predict.Sample) (seconds float64, ok bool)

// guess adds a model's point if it can be forecast.
func (s *Series) guess(of forecast, sample *predict.Sample) bool {
	seconds, ok := of(sample)
	if ok {
		s.Points = append(s.Points, Point{Key: sample.Key, Label: sample.Label, Mean: seconds, N: 1})
	}
	return ok
}

// none forecasts nothing.
func none(*predict.Sample) (float64, bool) { return 0, false }

// published forecasts by the paper's method.
func (s *source) published(samples []predict.Sample) forecast {
	predictor, err := predict.Train(predict.Published, taughtPublished(samples, s.spec))
	if err != nil {
		s.missing("no prediction: %v", err)
		return none
	}
	return func(sample *predict.Sample) (float64, bool) {
		m := sample.Model
		m.BatchSizes = evaluatedBatchSizes
		times := predictor.Predict(m)
		return times.Get(phase.ActualTotalTime)
	}
}

// crossValidated forecasts each model from all the others, and notes the error.
func (s *source) crossValidated(samples []predict.Sample) forecast {
	fit, aside := predict.ByGraphs.Select(samples)
	validation, err := predict.CrossValidate(predict.ByGraphs, fit)
	if err != nil {
		s.missing("no cross-validated prediction: %s", strings.Join(append([]string{err.Error()}, aside...), "; "))
		return none
	}
	s.data.CrossValidation = &CrossValidation{
		By: predict.ByGraphs.String(), Models: validation.Models(),
		RMSE: validation.RMSE(), Percent: validation.Percent(), Aside: aside,
	}
	return func(sample *predict.Sample) (float64, bool) { return validation.Unseen(sample.Key) }
}

func predictionHeadline(d *Data) string {
	published, better := d.Off(Predicted), d.Off(CrossValidated)
	switch {
	case published == "" && better == "":
		return ""
	case better == "":
		return "published method off by " + published
	case published == "":
		return "cross-validated off by " + better
	}
	return fmt.Sprintf("published method off by %s; cross-validated off by %s", published, better)
}

func predictionCaption(d *Data) string {
	return "Predicted and measured start-up time of models that the prediction has not seen." +
		d.publishedWords() + d.crossValidatedWords()
}

func (d *Data) publishedWords() string {
	off := d.Off(Predicted)
	if off == "" {
		return ""
	}
	return fmt.Sprintf(" %s uses the published method, which is off by %s:"+
		" the root mean square error and, in brackets, the mean absolute error as a share of the start-up.",
		Predicted, off)
}

func (d *Data) crossValidatedWords() string {
	off, all := d.Off(CrossValidated), d.CrossValidation
	if off == "" || all == nil {
		return ""
	}
	s := fmt.Sprintf(" %s predicts each model from all the others, by %s. It is off by %s here,"+
		" and by %.2f s (%.1f %%) over all %d models.",
		CrossValidated, all.By, off, all.RMSE, all.Percent, all.Models)
	if len(all.Aside) > 0 {
		s += " Left out of the training: " + strings.Join(all.Aside, "; ") + "."
	}
	return s
}

// CrossValidation is the error of a method that predicts each model from all the others.
type CrossValidation struct {
	By      string   `json:"by"`                  // the facts used for prediction, in words
	Models  int      `json:"models"`              // number of models that were left out in turn
	RMSE    float64  `json:"rmse"`                // root mean square error, seconds
	Percent float64  `json:"percent"`             // mean absolute error, percent of the start-up
	Aside   []string `json:"set_aside,omitempty"` // models left out of the training, with the reason
}
