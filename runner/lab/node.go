package lab

import (
	"slices"
	"strings"

	"coldstart/reports/result"
	"coldstart/runner/environment"
)

// Node is a node of the lab.
type Node struct {
	result.Node        // name, labels and declared hardware
	ModelsDir   string // directory of its models; empty if the file names none
	lab         *Lab
}

// Node finds a node of the lab.
func (l *Lab) Node(name string) (*Node, error) {
	node, found := l.file.Node(name)
	if !found {
		return nil, requestErrorf("node", "%s has no node %q; 'coldstart plan' lists them", l.path, name)
	}
	return &Node{Node: node, ModelsDir: l.file.Models[name], lab: l}, nil
}

// Here is the node that this machine is if it measures a plan. It is nil for a replay,
// which may have several nodes.
func (l *Lab) Here(p *result.Plan) (*Node, error) {
	if !p.Origin().Measured() {
		return nil, nil
	}
	var names []string
	for _, cell := range p.Cells {
		if !slices.Contains(names, cell.Node) {
			names = append(names, cell.Node)
		}
	}
	if len(names) > 1 {
		return nil, requestErrorf("nodes", "engine %s measures this machine, but the plan has the nodes %s: "+
			"name the one that this machine is with --nodes", p.Engine, strings.Join(names, ", "))
	}
	return l.Node(names[0])
}

// Environment is what is measured in on the node if one is asked for by name: that
// one, or what the node has instead of the paper's. An empty name asks for the paper's.
func (n *Node) Environment(name string) (environment.Environment, error) {
	return n.lab.environment(n.Name, name)
}

// MeasuredIn are the environments that the configurations of a set of a plan are measured
// in, each once; none for an engine that needs none.
func (n *Node) MeasuredIn(p *result.Plan, set *result.Set) (all environment.List, err error) {
	if own, found := n.lab.file.Engine(p.Engine); found {
		if own.Environment == "" {
			return nil, nil
		}
		e, err := n.lab.Environment(own.Environment)
		return environment.List{e}, err
	}
	if engines[p.Engine] == nil {
		return nil, nil
	}
	for i := range set.Configurations {
		e, err := n.environmentOf(p.Environment, &set.Configurations[i])
		if err != nil {
			return nil, err
		}
		all = all.With(e)
	}
	return all, nil
}

// environmentOf is what a configuration is measured in: its release's environment, or
// the one that is asked for, or the configuration's own.
func (n *Node) environmentOf(asked string, c *result.Configuration) (environment.Environment, error) {
	if c.Release != "" || asked == "" {
		asked = environment.Of(c)
	}
	return n.Environment(asked)
}
