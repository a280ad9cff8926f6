// Package matrix reads the lab's file, hardware-matrix.yaml: which nodes there
// are, what each one is, and which figure is measured on which.
//
// The file is written by hand, so reading it is strict and reports all mistakes at
// once, each with its line and a correction (Errors). A Matrix that was read without an
// error holds together: every node that a figure names exists, every figure is known and
// has all of its roles, and the sides of a comparison differ in what is compared: two
// GPUs, two CPUs, or two states of one node.
//
// Reading has four steps: source.go parses the text, decode.go has a reader for each kind
// of value, environments.go, engines.go, nodes.go, models.go, sets.go, figures.go and
// drawing.go describe the file with them, and compare.go and drawn.go judge what belongs
// together.
package matrix

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"coldstart/reports/result"
	"coldstart/runner/catalogue"
	"coldstart/runner/environment"
)

// Matrix is the lab.
type Matrix struct {
	DefaultNode string        // whose figures carry plain names
	Nodes       []result.Node // in the order of the file, at least one
	Figures     []Figure      // by number, and then the lab's own

	// Environments are the lab's own, in the order of the file; one may bear the
	// name of one of the catalogue and replaces it. NodeEnvironments names, by node,
	// what a node measures in instead of environment.Default.
	Environments     environment.List  `json:",omitempty"`
	NodeEnvironments map[string]string `json:",omitempty"`

	// Engines are the lab's own, in the order of the file; one may bear the name vllm
	// and comes before coldstart's. Models is the directory of the models, by node.
	Engines []Engine          `json:",omitempty"`
	Models  map[string]string `json:",omitempty"`
	// GPUs are those that a node measures on, by node, where the file says.
	GPUs map[string]result.GPUs `json:",omitempty"`

	// Own are the lab's own models, measurement sets and figures, in the order of the file.
	// None bears the name of one that was known before.
	Own catalogue.Catalogue `json:",omitzero"`
}

// Figure is one figure with where to measure it: Nodes for a figure without
// roles, Roles for one with.
type Figure struct {
	Number string   // the paper's, or the name of one of the lab's own
	Nodes  []string // each measures the whole figure; in the order of the file
	Roles  []Role   // in the order of the file
}

// Role is one side of a figure's comparison with where to measure it.
type Role struct {
	Name string // such as "gpu0"
	Node string
	GPU  result.GPUs // of the node; empty where the file gives none
}

// Node finds a node by its name.
func (m *Matrix) Node(name string) (node result.Node, found bool) {
	i := slices.IndexFunc(m.Nodes, func(n result.Node) bool { return n.Name == name })
	if i < 0 {
		return result.Node{}, false
	}
	return m.Nodes[i], true
}

// NodeNames are the names of the nodes, in the order of the file.
func (m *Matrix) NodeNames() (names []string) {
	for _, node := range m.Nodes {
		names = append(names, node.Name)
	}
	return names
}

// AllEnvironments are those of the catalogue and of the lab.
func (m *Matrix) AllEnvironments() environment.List {
	return environment.Catalogue().With(m.Environments...)
}

// Environment is the one that a node measures in where one is asked for by name:
// that of the name, or what the node has instead of the paper's.
func (m *Matrix) Environment(node, name string) (e environment.Environment, found bool) {
	if own := m.NodeEnvironments[node]; own != "" && (name == environment.Default || name == environment.WithFlashInfer) {
		name = own
	}
	return m.AllEnvironments().Find(name)
}

// Instead is the lab with its own models, and with other sets and figures than it has, each
// of which the places put on nodes.
func (m *Matrix) Instead(own catalogue.Catalogue, places ...Figure) *Matrix {
	other := *m
	other.Own = catalogue.Catalogue{Models: m.Own.Models, Entries: m.Own.Entries}.With(own)
	other.Figures = places
	return &other
}

// Load reads the lab's file at path, which may add to what is known. What is wrong in the file comes as Errors;
// any other error means that it could not be read.
func Load(path string, known catalogue.Catalogue) (*Matrix, error) {
	data, err := read(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w; name another file with --matrix FILE", path, err)
	}
	return Parse(path, data, known)
}

// largestFile bounds a lab's file, bytes. One for a hundred nodes has some 50 KB.
const largestFile = 1 << 20

func read(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, reason(err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, largestFile+1)) // Parse refuses more
	return data, reason(err)
}

// reason is why a file cannot be read, without Go's name of the operation.
func reason(err error) error {
	if path, is := errors.AsType[*fs.PathError](err); is {
		return path.Err
	}
	return err
}

// Parse reads a lab's file from data; name stands for it in errors, all of which
// are Errors.
func Parse(name string, data []byte, known catalogue.Catalogue) (*Matrix, error) {
	if len(data) > largestFile {
		fault := fmt.Sprintf("the file has more than %d bytes", largestFile)
		return nil, Errors{{File: name, Line: 1, Column: 1, Message: fault}}
	}
	doc, root := open(name, data)
	lab := lab{document: doc, known: known}
	if root != nil {
		lab.untilEnough(lab.file, *root)
	}
	if errs := doc.errors(); len(errs) > 0 {
		return nil, errs
	}
	return &lab.matrix, nil
}
