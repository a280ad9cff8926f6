package matrix

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"coldstart/reports/hardware"
	"coldstart/reports/result"
	"coldstart/runner/catalogue"
	"coldstart/runner/environment"
)

// lab is a file on its way to a Matrix.
type lab struct {
	*document
	known  catalogue.Catalogue
	matrix Matrix

	setNames []string // of the lab's own sets, also of those with mistakes
}

// file reads the whole file: environments first, because nodes name them, nodes next, and
// then models, sets and figures, each of which names those before it.
func (l *lab) file(root value) {
	l.object(
		optional("environments", l.environments),
		optional("engines", l.engines),
		required("nodes", "{n1: {labels: []}}", l.nodes),
		required("default_node", "n1", l.node(&l.matrix.DefaultNode)),
		optional("models", l.ownModels),
		optional("sets", l.ownSets),
		required("figures", "{7: {nodes: [n1]}}", l.figures),
	)(root)
}

// nodes reads the lab's nodes and then judges their names and labels together:
// what one node is called decides what another may be.
func (l *lab) nodes(v value) {
	var named []names
	l.each("a mapping from the name of a node to what it is", func(e entry) {
		node := result.Node{Name: e.name}
		words := names{node: word{e.name, e.key}}
		if _, nothing := e.node.(*ast.NullNode); !nothing { // a name alone is a node too
			l.object(
				optional("labels", l.labels(&words.labels)),
				optional("hardware", l.hardware(&node.Declared)),
				optional("environment", l.nodeEnvironment(node.Name)),
				optional("models", l.modelsDir(node.Name)),
				optional("gpu", l.nodeGPUs(node.Name)),
			)(e.value)
		}
		for _, label := range words.labels {
			node.Labels = append(node.Labels, label.text)
		}
		l.matrix.Nodes = append(l.matrix.Nodes, node)
		named = append(named, words)
	})(v)
	l.judgeNames(named)
}

// nodeGPUs reads the GPUs that a node measures on.
func (l *lab) nodeGPUs(node string) reader {
	return func(v value) {
		var gpus result.GPUs
		l.gpus(&gpus)(v)
		if l.matrix.GPUs == nil {
			l.matrix.GPUs = make(map[string]result.GPUs)
		}
		l.matrix.GPUs[node] = gpus
	}
}

func (l *lab) labels(to *[]word) reader {
	return l.list("a list of runner labels, such as [gpu, rack-2]", "label",
		l.line(func(v value, label string) { *to = append(*to, word{label, v.at}) }))
}

// The limits are far beyond any machine: they catch a wrong unit or a slip of
// the finger.
func (l *lab) hardware(to *hardware.Hardware) reader {
	return l.object(
		optional("cpu", l.object(
			required("model", "AMD EPYC 9354", l.text(&to.CPU.Model)),
			optional("sockets", l.whole(&to.CPU.Sockets, 1, 64)),
			optional("cores", l.whole(&to.CPU.Cores, 1, 4096)),
		)),
		optional("gpu", l.text(&to.GPU)),
		optional("dram", l.object(
			optional("type", l.text(&to.DRAM.Type)),
			required("size_gb", "256", l.number(&to.DRAM.Size, 1, 100_000)),
		)),
		optional("os", l.text(&to.OS)),
		optional("kernel", l.text(&to.Kernel)),
		optional("python", l.text(&to.Python)),
		optional("cuda", l.object(
			required("version", "12.6", l.text(&to.CUDA.Version)),
			optional("driver", l.text(&to.CUDA.Driver)),
		)),
		optional("pytorch", l.text(&to.PyTorch)),
		optional("vllm", l.release(&to.VLLM)),
		optional("ssd", l.object(
			required("count", "4", l.whole(&to.SSD.Count, 1, 1000)),
			optional("interface", l.text(&to.SSD.Interface)),
		)),
		optional("fs", l.text(&to.FS)),
	)
}

// release reads a release, which people write with and without a leading v.
func (l *lab) release(to *string) reader {
	return l.line(func(_ value, text string) { *to = strings.TrimPrefix(text, "v") })
}

// node reads the name of one of the lab's nodes.
func (l *lab) node(to *string) reader {
	return l.line(func(v value, name string) {
		*to = name
		if _, found := l.matrix.Node(name); !found && len(l.matrix.Nodes) > 0 {
			l.errorf(v.at, "there is no node %q%s", name, choice(name, "the nodes are", l.matrix.NodeNames()))
		}
	})
}

// names is what a node is called.
type names struct {
	node   word
	labels []word
}

// word is a name or a label with its place.
type word struct {
	text string
	at   position
}

// everyRunner are labels that GitHub gives to runners by itself. As further labels they
// do no harm; a node of that name would match every runner.
var everyRunner = []string{"self-hosted", "linux", "windows", "macos", "x64", "arm", "arm64"}

// judgeNames checks that a job for a node finds that node's runner and no other. Runner
// labels ignore case.
func (l *lab) judgeNames(all []names) {
	nodes := make(map[string]word)
	for _, n := range all {
		l.judgeNode(n.node, nodes)
	}
	for _, n := range all {
		seen := make(map[string]position)
		for _, label := range n.labels {
			l.judgeLabel(label, n.node, nodes, seen)
		}
	}
}

// CheckNode checks the name of a node alone.
func CheckNode(name string) error {
	if fault := environment.CheckName(name); fault != nil {
		return fmt.Errorf("node name %q is not a valid runner label; %w", name, fault)
	}
	if slices.Contains(everyRunner, strings.ToLower(name)) {
		return fmt.Errorf("node name %q is a label that GitHub gives to many runners; choose another name", name)
	}
	return nil
}

func (l *lab) judgeNode(node word, nodes map[string]word) {
	key := strings.ToLower(node.text)
	first, twice := nodes[key]
	switch fault := CheckNode(node.text); {
	case fault != nil:
		l.errorf(node.at, "%v", fault)
	case twice:
		l.errorf(node.at, "node %q and node %q (line %d) have the same runner label, because labels ignore case; rename one",
			node.text, first.text, first.at.line)
	default:
		nodes[key] = node
	}
}

func (l *lab) judgeLabel(label, of word, nodes map[string]word, seen map[string]position) {
	key := strings.ToLower(label.text)
	first, twice := seen[key]
	node, named := nodes[key]
	switch fault := environment.CheckName(label.text); {
	case fault != nil:
		l.errorf(label.at, "label %q is not a valid runner label; %v", label.text, fault)
	case named && node == of:
		l.errorf(label.at, "duplicate label %q; the node's name is a label already", label.text)
	case named:
		l.errorf(label.at, "label %q is the name of another node, whose jobs would run on %s; remove it", label.text, of.text)
	case twice:
		l.errorf(label.at, "duplicate label %q; line %d has it already", label.text, first.line)
	default:
		seen[key] = label.at
	}
}
