package plan

import "coldstart/reports/result"

// Hardware is a plan that only probes a node.
func Hardware(node result.Node, session Session) *result.Plan {
	made := session.plan()
	made.Nodes, made.Cells = []result.Node{node}, []result.Cell{hardwareCell(node.Name)}
	return made
}

// hardwareCell is the cell that keeps the hardware of a node.
func hardwareCell(node string) result.Cell {
	return result.Cell{ID: identify("hardware", node), Node: node}
}

// plan is the plan of the session, without cells.
func (s *Session) plan() *result.Plan {
	return &result.Plan{
		Schema: result.Schema, Session: s.Name, Date: s.Date,
		Engine: s.Engine, Environment: s.Environment, Iterations: s.Iterations, Stop: s.Stop,
	}
}
