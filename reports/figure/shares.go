package figure

import (
	"coldstart/reports/phase"
	"coldstart/reports/result"
)

// CPUShares are the shares of CPU-dominated steps in a stack's steps, 0 … 1, one per
// counted run, over the steps that the run logs.
func CPUShares(results *result.Results, spec *result.Figure) (shares []float64, err error) {
	s, err := newSource(results, spec)
	if err != nil {
		return nil, err
	}
	cpu, all := stepsByResource(spec.Steps)
	for _, c := range s.set("").Configurations {
		for _, run := range s.runs("", c) {
			steps, _ := run.Sum(all...)
			share, _ := run.Sum(cpu...)
			if steps > 0 {
				shares = append(shares, share/steps)
			}
		}
	}
	return shares, nil
}

func stepsByResource(steps []result.Step) (cpu, all []phase.Phase) {
	for _, step := range steps {
		all = append(all, step.Phase)
		if step.Resource == "CPU" {
			cpu = append(cpu, step.Phase)
		}
	}
	return cpu, all
}
