package plan

import "coldstart/reports/result"

// Hardware is a plan of nothing but what a node is.
func Hardware(node result.Node, session Session) *result.Plan {
	made := session.plan()
	made.Nodes, made.Cells = []result.Node{node}, []result.Cell{hardwareCell(node.Name)}
	return made
}

// hardwareCell is the cell that keeps what a node is.
func hardwareCell(node string) result.Cell {
	return result.Cell{ID: identify("hardware", node), Node: node}
}

// plan is one of the session, with no cells.
func (s *Session) plan() *result.Plan {
	return &result.Plan{
		Schema: result.Schema, Session: s.Name, Date: s.Date,
		Engine: s.Engine, Environment: s.Environment, Iterations: s.Iterations, Stop: s.Stop,
	}
}
