package paper

import (
	"fmt"

	"coldstart/reports/result"
)

// Results are the recorded runs of a plan's cells, without the warm-ups.
func Results(p *result.Plan) (*result.Results, error) {
	results := &result.Results{Plan: *p, Cells: map[string]*result.CellResult{}}
	for _, cell := range p.Cells {
		if cell.Figure == "" || cell.Shares != "" {
			continue
		}
		found := &result.CellResult{Schema: result.Schema, Session: p.Session, Engine: p.Engine, Cell: cell}
		if err := addRuns(found, p); err != nil {
			return nil, fmt.Errorf("cell %s: %w", cell.ID, err)
		}
		results.Cells[cell.ID] = found
	}
	return results, nil
}

// addRuns adds to a cell what was recorded of its set: runs, or samples of the cores.
func addRuns(cell *result.CellResult, p *result.Plan) error {
	set := p.Set(cell.Cell.Set)
	if set.SampleCPU {
		cell.Usage = CPUUsage()
		return nil
	}
	for iteration := 1; iteration <= set.CountedIterations(p.Iterations); iteration++ {
		for i := range set.Configurations {
			c := &set.Configurations[i]
			m, warnings, err := Recorded(set, c, cell.Cell.Node, iteration)
			if err != nil {
				return err
			}
			segments := m.segments()
			cell.Runs = append(cell.Runs, result.Run{
				Iteration: iteration, Configuration: c.ID, Release: m.Release, WeightsGiB: m.WeightsGiB,
				Seconds: m.Seconds, Segments: segments, TimeToReady: segments.ToReady(), Setup: cell.KeepSetup(&m.Setup), Warnings: warnings,
			})
		}
	}
	return nil
}
