package predict

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"

	"coldstart/reports/phase"
)

// otherSource is the factor from which on a sample's seconds per GiB of weights show that
// the weights came from another source than most: from memory and not from the drive.
// Within one set on one node, the paper's samples differ from the median by a factor of
// at most 1.15, and the two that came from memory by 14.
const otherSource = 4

// Select divides samples into those to learn from and the others: those that lack a
// fact, a phase or the whole, and those whose weights came from another source than
// most. For each of the others, aside says why.
func (m *Method) Select(samples []Sample) (fit []Sample, aside []string) {
	for _, s := range samples {
		if why := m.unfit(&s); why != "" {
			aside = append(aside, s.Label+" "+why)
		} else {
			fit = append(fit, s)
		}
	}
	if len(fit) == 0 {
		return nil, aside
	}
	usual := medianRate(fit)
	alike := fit[:0]
	for _, s := range fit {
		if ratio := rate(&s) / usual; ratio*otherSource < 1 || ratio > otherSource {
			aside = append(aside, fmt.Sprintf("%s loaded a GiB in %.2f s and most models in %.2f s, from another source",
				s.Label, rate(&s), usual))
		} else {
			alike = append(alike, s)
		}
	}
	return alike, aside
}

// unfit says why the method cannot learn from a sample; empty if it can.
func (m *Method) unfit(s *Sample) string {
	lacks := m.Lacks(s.Model)
	for _, d := range m.drivers() {
		if !s.Times.Has(d.phase) {
			lacks = append(lacks, d.phase.String())
		}
	}
	if len(lacks) == 0 {
		return ""
	}
	return "lacks " + strings.Join(lacks, ", ")
}

// rate is the time to load a GiB of weights, in seconds.
func rate(s *Sample) float64 {
	seconds, _ := s.Times.Get(phase.LoadWeights)
	return seconds / s.Model.WeightsGiB
}

func medianRate(samples []Sample) float64 {
	rates := make([]float64, len(samples))
	for i := range samples {
		rates[i] = rate(&samples[i])
	}
	slices.Sort(rates)
	return stat.Quantile(0.5, stat.Empirical, rates, nil)
}
