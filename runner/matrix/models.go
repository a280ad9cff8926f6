package matrix

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"coldstart/reports/result"
	"coldstart/runner/catalogue"
	"coldstart/runner/environment"
	"coldstart/runner/models"
)

// ownModels reads the lab's own models. A name alone is a model too: a folder of that name.
func (l *lab) ownModels(v value) {
	taken := taken{kind: "model", known: l.known.Keys()}
	l.each("a mapping from the name of a model to what it is", func(e entry) {
		l.judgeOwn(e, &taken)
		m, entry := result.Model{Key: e.name, Label: e.name}, catalogue.Entry{Model: e.name}
		if _, nothing := e.node.(*ast.NullNode); !nothing {
			l.object(
				optional("label", l.text(&m.Label)),
				optional("folder", l.judged(&m.Folder, checkFolder)),
				optional("repository", l.judged(&m.Repository, checkRepository)),
				optional("arguments", l.arguments(&entry.Fixed, nil)),
				optional("variables", l.variables(&entry.Variables)),
				optional("gpu", l.gpus(&entry.GPU)),
				optional("size_b", l.number(&m.SizeB, 0.001, 100_000)),
				optional("weights_gib", l.number(&m.WeightsGiB, 0.001, 1_000_000)),
				optional("tokenizer_mb", l.number(&m.TokenizerMB, 0.0001, 10_000)),
				optional("compiled_graph_kb", l.number(&m.CompiledGraphKB, 0.1, 1e9)),
				optional("layers", l.whole(&m.Layers, 1, 10_000)),
			)(e.value)
		}
		if m.Folder == m.Key {
			m.Folder = ""
		}
		own := &l.matrix.Own
		own.Models = append(own.Models, m)
		if entry.Fixed != nil || entry.Variables != nil || entry.GPU != "" {
			if own.Entries == nil {
				own.Entries = make(map[string]catalogue.Entry)
			}
			entry.Folder = m.Folder
			own.Entries[m.Key] = entry
		}
	})(v)
}

// model finds one of the lab's own or of those that were known.
func (l *lab) model(key string) (m result.Model, found bool) {
	m, err := l.matrix.Own.Model(key)
	if err != nil {
		m, err = l.known.Model(key)
	}
	return m, err == nil
}

// checkFolder checks a path below a node's directory of models.
func checkFolder(text string) error {
	if !filepath.IsLocal(text) || filepath.Clean(text) != text || text == "." || strings.Contains(text, `\`) {
		return fmt.Errorf("must be a path below the node's directory of models, such as qwen/Qwen3-8B, not %q", text)
	}
	return nil
}

// checkRepository checks the name of a hub's repository.
func checkRepository(text string) error {
	if !models.IsRepository(text) {
		return fmt.Errorf("must be a repository of the hub, such as Qwen/Qwen3-8B, not %q", text)
	}
	return nil
}

// taken are the names that an own entry may not have.
type taken struct {
	kind  string
	known []string            // of the paper
	own   map[string]position // in small letters: some file systems tell no others
}

// judgeOwn checks the name of an entry of the lab's own, which no other entry may have.
func (l *lab) judgeOwn(e entry, t *taken) {
	if t.own == nil {
		t.own = make(map[string]position)
	}
	small := strings.ToLower(e.name)
	first, twice := t.own[small]
	switch fault := environment.CheckName(e.name); {
	case fault != nil:
		l.errorf(e.key, "%s name %q is used as a file name; %v", t.kind, e.name, fault)
	case slices.ContainsFunc(t.known, func(known string) bool { return strings.EqualFold(known, e.name) }):
		l.errorf(e.key, "the paper has a %s %s already, which cannot be replaced; choose another name", t.kind, e.name)
	case twice:
		l.errorf(e.key, "%s %q differs only in capital letters from the one in line %d; choose another name",
			t.kind, e.name, first.line)
	default:
		t.own[small] = e.key
	}
}

// arguments reads engine arguments: fixed ones and, unless swept is nil, ones with a list of
// values.
func (l *lab) arguments(fixed *[]result.Arg, swept *[]catalogue.Sweep) reader {
	return l.each("a mapping from the name of an engine argument to its value, such as {max-model-len: 8192}",
		func(e entry) {
			l.judgeArgument(e)
			if _, list := e.node.(*ast.SequenceNode); list && swept != nil {
				sweep := catalogue.Sweep{Argument: e.name}
				l.atMost(mostConfigurations, l.filled("a list of values", e.name, l.argument(func(v value, text string) {
					if slices.Contains(sweep.Values, text) {
						l.errorf(v.at, "%s has the value %q twice", e.name, text)
					}
					sweep.Values = append(sweep.Values, text)
				})))(e.value)
				*swept = append(*swept, sweep)
				return
			}
			l.argument(func(_ value, text string) {
				*fixed = append(*fixed, result.Arg{Name: e.name, Value: text})
			})(e.value)
		})
}

var fitArgument = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9._-]{0,63}$`)

func (l *lab) judgeArgument(e entry) {
	switch bare := strings.TrimLeft(e.name, "-"); {
	case bare != e.name:
		l.errorf(e.key, "write %s without its dashes: %s", e.name, bare)
	case !fitArgument.MatchString(e.name):
		l.errorf(e.key, "%q is not the name of an engine argument, such as max-model-len", e.name)
	case e.name == "model":
		l.errorf(e.key, "the argument model is coldstart's own; name the folder or the repository of the model instead")
	}
}

// argument reads the value of an engine argument; true is a switch, and has none.
func (l *lab) argument(take func(v value, text string)) reader {
	read := l.line(take)
	return func(v value) {
		on, is := v.node.(*ast.BoolNode)
		switch {
		case is && on.Value:
			take(v, "")
		case is:
			l.errorf(v.at, "%s must be true, a number or text, not false; a switch of vLLM is turned off by no-%s: true",
				v.name, v.name)
		default:
			read(v)
		}
	}
}
