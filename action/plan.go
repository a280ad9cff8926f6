package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"coldstart/reports/result"
	"coldstart/runner/lab"
	"coldstart/runner/paper"
	"coldstart/runner/plan"
)

// mostOutput is how many bytes a job's outputs may have.
const mostOutput = 1 << 20

// runPlan writes the plan, and gives its job matrix as an output.
func runPlan(ctx context.Context, in inputs) error {
	request, err := in.request()
	if err != nil {
		return err
	}
	made, notes, err := in.layOut(ctx, request)
	if err != nil {
		return in.blame(err)
	}
	for _, note := range notes {
		in.gha.Noticef("%s", oneLine(note))
	}
	jobs, err := plan.Jobs(made)
	if err != nil {
		return err
	}
	matrix, err := json.Marshal(jobs)
	if err != nil {
		return err
	}
	if len(matrix) > mostOutput {
		return in.errorf("figures", "the job matrix has %d bytes, and a job's outputs hold %d: "+
			"ask for fewer figures or nodes", len(matrix), mostOutput)
	}
	out := in.out("plan")
	if _, err := result.Create(out, made); err != nil {
		return err
	}
	sum, err := result.PlanSum(out)
	if err != nil {
		return err
	}
	in.gha.SetOutput("plan-sha256", sum)
	in.gha.SetOutput("matrix", string(matrix))
	in.gha.SetOutput("cells", strconv.Itoa(len(made.Cells)))
	in.gha.SetOutput("base", made.Commit)
	in.gha.SetOutput("path", out)
	in.gha.SetOutput("artifact", artifactName("plan", in.attempt()))
	return nil
}

// layOut lays out the grid, or with a base what differs from it. Jobs find models only where
// the matrix says that they are.
func (in inputs) layOut(ctx context.Context, request lab.Request) (made *result.Plan, notes []string, err error) {
	if base := in.text("base"); base != "" {
		sides, err := lab.OpenSides(ctx, in.text("matrix"), base)
		if err != nil {
			return nil, nil, err
		}
		if request.Confidence == 0 { // which is a rule of its own
			if request.Settle, err = in.share("fail-above"); err != nil {
				return nil, nil, err
			}
		}
		if made, notes, err = sides.Plan(ctx, request); err == nil {
			err = sides.CheckModels(made)
		}
		return made, notes, err
	}
	request.Iterations = cmp.Or(request.Iterations, paper.Iterations)
	opened, err := lab.Open(in.text("matrix"))
	if err != nil {
		return nil, nil, err
	}
	if made, notes, err = opened.Plan(request); err == nil {
		err = opened.CheckModels(made)
	}
	return made, notes, err
}

// request is what the inputs ask of the lab.
func (in inputs) request() (lab.Request, error) {
	figures, err1 := in.figures()
	nodes, err2 := in.nodes()
	iterations, err3 := in.count("iterations", result.MostIterations)
	environment, err4 := in.environment()
	confidence, err5 := in.share("confidence")
	most, err6 := in.count("max-iterations", result.MostIterations)
	start, err7 := in.start()
	request := lab.Request{
		Figures: figures, Nodes: nodes,
		Engine: in.text("engine"), Start: start, Environment: environment, Iterations: iterations,
		Confidence: confidence, MaxIterations: most,
	}
	return request, errors.Join(err1, err2, err3, err4, err5, err6, err7)
}

// inputOf are the inputs for parts of a request that have another name.
var inputOf = map[string]string{"settle": "fail-above"}

// blame names the input of a request that makes no sense.
func (in inputs) blame(err error) error {
	var wrong lab.RequestError
	if !errors.As(err, &wrong) {
		return err
	}
	if input, other := inputOf[wrong.Part]; other {
		return in.errorf(input, "%s", strings.ReplaceAll(err.Error(), wrong.Part, input))
	}
	return in.errorf(wrong.Part, "%w", err)
}

// artifactName names the artifact of the plan or the report, in one attempt.
func artifactName(what string, attempt int) string {
	return fmt.Sprintf("coldstart-%s-%d", what, attempt)
}
