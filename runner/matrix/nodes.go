package matrix

import (
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"coldstart/reports/hardware"
	"coldstart/reports/result"
)

// lab is a file on its way to a Matrix.
type lab struct {
	*document
	known  Known
	matrix Matrix
}

// file reads the whole file: environments first, because nodes name them, and
// nodes next, because the rest names those.
func (l *lab) file(root value) {
	l.object(
		optional("environments", l.environments),
		optional("engines", l.engines),
		required("nodes", "{n1: {labels: []}}", l.nodes),
		required("default_node", "n1", l.node(&l.matrix.DefaultNode)),
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
				optional("models", l.models(node.Name)),
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

func (l *lab) labels(to *[]word) reader {
	return l.list("a list of runner labels, such as [gpu, rack-2]", "label", func(v value) {
		var text string
		if l.text(&text)(v); text != "" {
			*to = append(*to, word{text, v.at})
		}
	})
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
	return func(v value) {
		l.text(to)(v)
		*to = strings.TrimPrefix(*to, "v")
	}
}

// node reads the name of one of the lab's nodes.
func (l *lab) node(to *string) reader {
	return func(v value) {
		var name string
		if l.text(&name)(v); name == "" {
			return
		}
		*to = name
		if _, found := l.matrix.Node(name); !found && len(l.matrix.Nodes) > 0 {
			l.errorf(v.at, "there is no node %q%s", name, choice(name, "the nodes are", l.nodeNames()))
		}
	}
}

func (l *lab) nodeNames() []string {
	var names []string
	for _, node := range l.matrix.Nodes {
		names = append(names, node.Name)
	}
	return names
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

// fit is what can be a runner label and part of a file name on every system.
var fit = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// everyRunner are labels that GitHub gives to runners by itself. As further
// labels they do no harm; a node of that name would be every node.
var everyRunner = []string{"self-hosted", "linux", "windows", "macos", "x64", "arm", "arm64"}

// judgeNames sees to it that a job for a node finds that node's runner and no
// other. Runner labels do not tell capital letters from small ones.
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

func (l *lab) judgeNode(node word, nodes map[string]word) {
	key := strings.ToLower(node.text)
	first, twice := nodes[key]
	switch {
	case !fit.MatchString(node.text):
		l.errorf(node.at, "node name %q is no runner label; %s", node.text, fitting)
	case slices.Contains(everyRunner, key):
		l.errorf(node.at, "node name %q is a label that GitHub gives to many runners; name the node otherwise", node.text)
	case twice:
		l.errorf(node.at, "node %q and node %q (line %d) are one runner label; labels do not tell capital letters from small ones", node.text, first.text, first.at.line)
	default:
		nodes[key] = node
	}
}

func (l *lab) judgeLabel(label, of word, nodes map[string]word, seen map[string]position) {
	key := strings.ToLower(label.text)
	first, twice := seen[key]
	node, named := nodes[key]
	switch {
	case !fit.MatchString(label.text):
		l.errorf(label.at, "label %q is no runner label; %s", label.text, fitting)
	case named && node == of:
		l.errorf(label.at, "duplicate label %q; the node's name is a label by itself", label.text)
	case named:
		l.errorf(label.at, "label %q is the name of another node, whose jobs would run on %s; take it out", label.text, of.text)
	case twice:
		l.errorf(label.at, "duplicate label %q; it stands in line %d already", label.text, first.line)
	default:
		seen[key] = label.at
	}
}

const fitting = "use letters, digits, dots, underscores and hyphens, a letter or digit first, 64 at most"
