package plan

import (
	"fmt"
	"slices"
	"strings"

	"coldstart/reports/result"
)

// MostJobs is how many jobs a GitHub job matrix may have.
const MostJobs = 256

// JobMatrix is the value of strategy.matrix: one job per cell.
type JobMatrix struct {
	Include []Job `json:"include"`
}

// Job is the job of one cell.
type Job struct {
	Cell   string   `json:"cell"`
	Figure string   `json:"figure"` // "hardware" for a hardware cell
	Role   string   `json:"role"`
	Node   string   `json:"node"`
	RunsOn []string `json:"runs_on"` // labels that the runner must have
	// TimeoutMinutes is how long the job may take.
	TimeoutMinutes int `json:"timeout_minutes"`
}

// Jobs makes the job matrix of a plan. More cells than a matrix holds is an
// error that says how to split them.
func Jobs(plan *result.Plan) (JobMatrix, error) {
	if n := len(plan.Cells); n > MostJobs {
		return JobMatrix{}, fmt.Errorf("the grid has %d jobs, and GitHub allows %d; split it into %s",
			n, MostJobs, strings.Join(split(plan), " and "))
	}
	matrix := JobMatrix{Include: []Job{}}
	for _, cell := range plan.Cells {
		job := Job{
			Cell: cell.ID, Figure: cell.Figure, Role: cell.Role, Node: cell.Node,
			RunsOn: []string{"self-hosted", cell.Node}, TimeoutMinutes: minutes(plan, cell),
		}
		if cell.Figure == "" {
			job.Figure = "hardware"
		}
		job.RunsOn = append(job.RunsOn, plan.Node(cell.Node).Labels...)
		matrix.Include = append(matrix.Include, job)
	}
	return matrix, nil
}

// split lists selections that each fit a job matrix. Each of them has one hardware cell
// per node. A figure that has too many cells by itself must be split by nodes.
func split(plan *result.Plan) (selections []string) {
	room := MostJobs - len(plan.Nodes)
	perFigure := map[string]int{}
	var order []string
	for _, cell := range plan.Cells {
		if cell.Figure == "" {
			continue
		}
		if perFigure[cell.Figure] == 0 {
			order = append(order, cell.Figure)
		}
		perFigure[cell.Figure]++
	}
	if room <= 0 || slices.ContainsFunc(order, func(f string) bool { return perFigure[f] > room }) {
		return []string{"runs with fewer --nodes each"}
	}
	var part []string
	cells := 0
	for _, figure := range order {
		if cells+perFigure[figure] > room {
			selections = append(selections, "--figures "+strings.Join(part, ","))
			part, cells = nil, 0
		}
		part, cells = append(part, figure), cells+perFigure[figure]
	}
	return append(selections, "--figures "+strings.Join(part, ","))
}
