package lab

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"coldstart/reports/result"
	"coldstart/runner/engine/vllm"
	"coldstart/runner/plan"
)

// Request is what is asked for.
type Request struct {
	Figures string   // "all", "rest", or comma-separated numbers
	Nodes   []string // none: where the matrix puts each figure
	Only    []string // models; none: all that the figures ask for
	Engine  string
	// Environment is the one of all figures but the first; empty is the node's, or
	// the paper's.
	Environment string
	Start       result.Start // of every run
	Tiny        bool         // whether a tiny model stands in for the one that a set measures
	Iterations  int          // counted ones
	// Confidence, such as 0.05, goes on measuring until every phase's 95 % interval
	// lies within that share of its mean, for MaxIterations at most; 0 does not.
	Confidence float64
	// Settle, such as 0.05, goes on measuring in turns until it is settled whether one side
	// is slower, or differs by less than that share, for MaxIterations at most; 0 does not.
	Settle        float64
	MaxIterations int // 0: MostIterations, or for Settle compare.MostTurns
}

// MostIterations is how many counted iterations Confidence makes at most, unless a request
// says otherwise.
const MostIterations = 20

// A RequestError is a request that makes no sense. The caller must change it.
type RequestError struct {
	Part string // of the request that is wrong, such as "engine"
	error
}

// Unwrap is what is wrong with the request.
func (e RequestError) Unwrap() error { return e.error }

func requestErrorf(part, format string, args ...any) error {
	return RequestError{part, fmt.Errorf(format, args...)}
}

// Plan lays out the grid. Notes say what was left out of it and why.
func (l *Lab) Plan(r Request) (made *result.Plan, notes []string, err error) {
	session, unused, err := l.session(&r)
	if err != nil {
		return nil, nil, err
	}
	made, notes, err = l.layOut(plan.Selection{Figures: r.Figures, Nodes: r.Nodes, Models: r.Only}, session)
	if err == nil && r.Tiny {
		err = standIn(made)
	}
	if err != nil {
		return nil, append(notes, unused...), err
	}
	return made, slices.Concat(notes, unused, l.unlogged(made)), nil
}

// Needs lays out figures that no session measures yet, to tell what they need of the nodes
// to be measured with vLLM.
func (l *Lab) Needs(figures string, models []string) (made *result.Plan, notes []string, err error) {
	return l.layOut(plan.Selection{Figures: figures, Models: models}, plan.Session{Engine: vllm.Name})
}

func (l *Lab) layOut(s plan.Selection, session plan.Session) (made *result.Plan, notes []string, err error) {
	made, notes, err = plan.Make(l.file, s, session)
	if err != nil {
		return nil, nil, RequestError{"figures or nodes", err}
	}
	return made, notes, nil
}

// session is the one that a request asks for. Notes say what of the request has no
// effect.
func (l *Lab) session(r *Request) (session plan.Session, notes []string, err error) {
	if err := l.checkEngine(r.Engine); err != nil {
		return session, nil, err
	}
	if r.Start == result.Serve && l.has(r.Engine) {
		return session, nil, requestErrorf("start", "engine %s is a command of hardware-matrix.yaml, which cannot be "+
			"started with --start serve; only engine vllm can", r.Engine)
	}
	if session, err = r.session(); err != nil || session.Environment == "" {
		return session, nil, err
	}
	if _, found := l.environments().Find(session.Environment); !found {
		return session, nil, l.noEnvironment(session.Environment)
	}
	if l.has(session.Engine) {
		notes = append(notes, fmt.Sprintf("environment %s has no effect: engine %s is a command from hardware-matrix.yaml",
			session.Environment, session.Engine))
		session.Environment = ""
	}
	return session, notes, nil
}

// PlanCell lays out the figure that a request names, and finds its cell on a node in a
// role; the role may be empty if the figure has one on the node.
func (l *Lab) PlanCell(r Request, node, role string) (made *result.Plan, cell result.Cell, notes []string, err error) {
	if slices.Contains([]string{"all", "rest"}, r.Figures) || strings.Contains(r.Figures, ",") {
		return nil, cell, nil, requestErrorf("figure", "--figure takes one figure, not %q", r.Figures)
	}
	made, notes, err = l.Plan(r)
	if err == nil && made.Figures[0].Roles[0] == "" { // such a figure can be measured on any node
		r.Nodes = []string{node}
		made, notes, err = l.Plan(r)
	}
	if err != nil {
		return nil, cell, notes, err
	}
	var candidates []result.Cell
	for _, c := range made.Cells {
		if c.Figure != "" && c.Node == node && (role == "" || c.Role == role) {
			candidates = append(candidates, c)
		}
	}
	switch len(candidates) {
	case 0:
		return nil, cell, notes, requestErrorf("role", "figure %s is not measured on %s in role %q; "+
			"'coldstart plan --figures %s' lists its roles", r.Figures, node, role, r.Figures)
	case 1:
		return made, candidates[0], notes, nil
	}
	return nil, cell, notes, requestErrorf("role", "figure %s has several roles on %s: choose --role %s or %s",
		r.Figures, node, candidates[0].Role, candidates[1].Role)
}

// PlanHardware lays out the cell that keeps what a node is, and no figure.
func (l *Lab) PlanHardware(
	r Request, node, role string,
) (made *result.Plan, cell result.Cell, notes []string, err error) {
	session, notes, err := l.session(&r)
	if err != nil {
		return nil, cell, nil, err
	}
	n, found := l.file.Node(node)
	if !found || role != "" {
		return nil, cell, notes, requestErrorf("node", "figure hardware takes a node of %s and no role, "+
			"not node %q in role %q", l.path, node, role)
	}
	made = plan.Hardware(n, session)
	return made, made.Cells[0], notes, nil
}

// ParsePercent reads a percentage above 0 and below another one, such as 5% or 5, as a
// share, 0.05.
func ParsePercent(text string, below float64) (share float64, err error) {
	percent, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(text, "%")), 64)
	if err != nil || !(percent > 0 && percent < below) {
		return 0, fmt.Errorf("must be a percentage above 0 and below %g, such as 5%%, not %q", below, text)
	}
	return percent / 100, nil
}

// EngineOnly is the word for result.EngineOnly in options.
const EngineOnly = "engine"

// ParseStart reads how an engine is started: engine or serve.
func ParseStart(text string) (result.Start, error) {
	switch text {
	case EngineOnly:
		return result.EngineOnly, nil
	case string(result.Serve):
		return result.Serve, nil
	}
	return "", fmt.Errorf("must be engine or serve, not %q", text)
}
