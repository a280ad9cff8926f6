package pdf

import (
	"fmt"
	"slices"
	"strings"

	"coldstart/reports/figure"
)

// caption says in a few sentences how a figure is to be read.
func caption(d *figure.Data) string {
	switch d.Kind {
	case figure.Trend:
		return fmt.Sprintf("Each bar is the %s.%s", meanOver(d, "iterations"), fitted(d))
	case figure.Ratio:
		return fmt.Sprintf("Each bar is a step's time on the second side over its time on the first, as the %s; below the dashed line the second side is faster. The total stands apart in grey.",
			meanOver(d, "models that both sides have"))
	case figure.Stack:
		return "Each segment is a step of one start-up, averaged over the iterations, in the order in which the steps run from the bottom up. Hatched segments are dominated by the CPU." + sumWords(d)
	case figure.Bars:
		return "Each bar is the time that one release takes to build its engine, from one counted start-up after a warm-up."
	case figure.Groups:
		return fmt.Sprintf("Each bar is the %s.", meanOver(d, "runs"))
	case figure.Heatmap:
		return "Each row is a core, each column a sample; the colour is how busy the core was since the sample before."
	case figure.Prediction:
		return "Predicted start-up time beside the measured one, for models that the prediction has not seen." +
			publishedWords(d) + crossValidatedWords(d)
	default:
		return ""
	}
}

// meanOver says what a bar and its error bar are; of is what the mean runs over.
func meanOver(d *figure.Data, of string) string {
	low, high := counts(d)
	switch {
	case high < 2:
		return "value of a single measurement"
	case low == high:
		return fmt.Sprintf("mean ± standard error over %d %s", low, of)
	default:
		return fmt.Sprintf("mean ± standard error over %d to %d %s", low, high, of)
	}
}

func counts(d *figure.Data) (low, high int) {
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

func fitted(d *figure.Data) string {
	if d.Fit == nil {
		return ""
	}
	s := fmt.Sprintf(" The inset shows the same means over %s, with the least-squares line (slope %s, intercept %s, Pearson's r = %s).",
		d.XLabel, significant(d.Fit.Slope), significant(d.Fit.Intercept), significant(d.Fit.Pearson))
	if out := excluded(d); len(out) > 0 {
		s += " Drawn hollow and not fitted: " + strings.Join(out, ", ") + "."
	}
	return s
}

// excluded are the labels of the points that the line leaves out.
func excluded(d *figure.Data) (labels []string) {
	for _, s := range d.Series {
		for _, p := range s.Points {
			if slices.Contains(d.Fit.Excluded, p.Key) {
				labels = append(labels, orElse(p.Label, p.Key))
			}
		}
	}
	return labels
}

// sumWords are the sum of the steps and the start-up, and what lies between them.
func sumWords(d *figure.Data) string {
	sums, _ := d.Stack()
	words := fmt.Sprintf(" Sum of the steps: %s s.", significant(sums.Steps))
	switch {
	case sums.StartUp == 0:
		return words + " The logs do not tell how long the whole start-up took."
	case sums.Rest < 0:
		words += fmt.Sprintf(" Start-up, from the log's first stamped line to its last: %s s, less than the steps, some of which overlap.", significant(sums.StartUp))
	default:
		words += fmt.Sprintf(" Start-up, from the log's first stamped line to its last: %s s. The dotted grey segment, %s s, is in none of the steps.",
			significant(sums.StartUp), significant(sums.Rest))
	}
	return words
}

func publishedWords(d *figure.Data) string {
	off := d.Off(figure.Predicted)
	if off == "" {
		return ""
	}
	return fmt.Sprintf(" %s is by the published method: off by %s."+
		" Errors are the root mean square and, in brackets, the mean share of the start-up.",
		figure.Predicted, off)
}

func crossValidatedWords(d *figure.Data) string {
	off, all := d.Off(figure.CrossValidated), d.CrossValidation
	if off == "" || all == nil {
		return ""
	}
	s := fmt.Sprintf(" %s is by %s, each model predicted from all the others: off by %s here,"+
		" and by %.2f s (%.1f %%) over all %d models.",
		figure.CrossValidated, all.By, off, all.RMSE, all.Percent, all.Models)
	if len(all.Aside) > 0 {
		s += " Not learnt from: " + strings.Join(all.Aside, "; ") + "."
	}
	return s
}
