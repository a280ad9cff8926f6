package lab

import (
	"strings"

	"coldstart/reports/hardware"
	"coldstart/runner/matrix"
	"coldstart/runner/paper"
)

// OpenHere opens the lab as Open does, and finds the node that this machine is: the named
// one, or the one that has the machine's name, or the only one. Without a matrix the lab is
// this machine alone, as probe finds it.
func OpenHere(path, named, machine string, probe func() *hardware.Probe) (*Lab, *Node, error) {
	if path = find(path); path == "" {
		return alone(named, machine, probe())
	}
	l, err := Open(path)
	if err != nil {
		return nil, nil, err
	}
	if named == "" {
		if named, err = l.NodeOf(machine); err != nil {
			return nil, nil, err
		}
	}
	n, err := l.Node(named)
	return l, n, err
}

// NodeOf is the name of the node that a machine is: the one that has the machine's name, or
// the only one.
func (l *Lab) NodeOf(machine string) (string, error) {
	if _, found := l.file.Node(machine); found {
		return machine, nil
	}
	names := l.file.NodeNames()
	if len(names) > 1 {
		return "", requestErrorf("node", "say which node of %s this machine is: --node with one of %s; "+
			"if it is none of them, 'coldstart init --matrix FILE' writes a file for it", l.path, strings.Join(names, ", "))
	}
	return names[0], nil
}

// alone is the lab of one machine.
func alone(named, machine string, probed *hardware.Probe) (*Lab, *Node, error) {
	if named == "" {
		named = machine
	}
	draft := Draft{Node: named, Probed: probed}
	text, err := draft.Text()
	if err != nil {
		return nil, nil, err
	}
	const name = "the lab of this machine"
	l, err := opened(name, func() (*matrix.Matrix, error) { return matrix.Parse(name, text, paper.Catalogue()) })
	if err != nil {
		return nil, nil, err
	}
	n, err := l.Node(named)
	return l, n, err
}
