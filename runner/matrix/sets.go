package matrix

import (
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"coldstart/reports/result"
	"coldstart/runner/catalogue"
)

// ownSet is one of the lab's own measurement sets.
type ownSet struct {
	result.Set  // its variables are those that the file gives
	models      []string
	fixed       []result.Arg
	swept       []catalogue.Sweep
	environment string
}

// Protocol are the variables of every set of the paper, and so of every other one.
func Protocol() map[string]string {
	return map[string]string{"VLLM_USE_V1": "1", "VLLM_LOGGING_LEVEL": "DEBUG"}
}

// What page_cache says of a set.
const (
	cacheKept    = "kept"
	cacheDropped = "dropped"
)

// ownSets reads the lab's own measurement sets: models × arguments.
func (l *lab) ownSets(v value) {
	taken := taken{kind: "measurement set", known: l.known.SetNames()}
	l.each("a mapping from the name of a measurement set to what it measures", func(e entry) {
		faults := len(l.found)
		l.judgeOwn(e, &taken)
		s := ownSet{Set: result.Set{Name: e.name}}
		var cache, start string
		l.object(
			required("models", "[llama3-3b]", l.setModels(&s.models)),
			optional("arguments", l.arguments(&s.fixed, &s.swept)),
			optional("variables", l.variables(&s.Variables)),
			optional("environment", l.environmentName(&s.environment)),
			optional("page_cache", l.word(&cache, cacheKept, cacheDropped)),
			optional("start", l.word(&start, "engine", string(result.Serve))),
			optional("sample_cpu", l.yes(&s.SampleCPU)),
		)(e.value)
		s.DropPageCache = cache == cacheDropped
		if start == string(result.Serve) {
			s.Start = result.Serve
		}
		l.setNames = append(l.setNames, e.name)
		if len(l.found) == faults {
			l.expand(e, &s)
		}
	})(v)
}

// setModels reads the models of a set, the lab's own or known ones.
func (l *lab) setModels(to *[]string) reader {
	const want = "a list of models, such as [llama3-3b]"
	return l.atMost(mostConfigurations, l.filled(want, "model", l.line(func(v value, key string) {
		if _, found := l.model(key); !found {
			l.errorf(v.at, "there is no model %q%s", key, choice(key, "the models are", l.modelKeys()))
		}
		if slices.Contains(*to, key) {
			l.errorf(v.at, "model %q is listed twice", key)
		}
		*to = append(*to, key)
	})))
}

func (l *lab) modelKeys() []string {
	return slices.Concat(l.matrix.Own.Keys(), l.known.Keys())
}

// mostConfigurations is more than anybody measures: a start-up takes 8 s at least.
const mostConfigurations = 200

// expand makes the configurations of a set, and adds it to the lab's own.
func (l *lab) expand(e entry, s *ownSet) {
	count := len(s.models)
	for _, sweep := range s.swept {
		if count *= len(sweep.Values); count > mostConfigurations {
			l.errorf(e.key, "measurement set %s has more than %d configurations; give fewer models or values",
				e.name, mostConfigurations)
			return
		}
	}
	for _, key := range s.models {
		m, _ := l.model(key)
		entry := s.with(l.matrix.Own.Entry(m))
		s.Configurations = append(s.Configurations, entry.Configurations()...)
	}
	if s.SampleCPU {
		s.Iterations = 1 // as in the paper
		if count > 1 {
			l.errorf(e.key, "measurement set %s samples the cores, which works for one configuration, and has %d; "+
				"give it one model", e.name, count)
		}
	}
	ids := make(map[string]bool)
	for _, c := range s.Configurations {
		if id := strings.ToLower(c.ID); ids[id] {
			l.errorf(e.key, "measurement set %s has two configurations whose files would be called %s; change a value",
				e.name, c.ID)
		} else {
			ids[id] = true
		}
	}
	variables := Protocol()
	maps.Copy(variables, s.Variables)
	s.Variables = variables
	l.matrix.Own.Sets = append(l.matrix.Own.Sets, s.Set)
}

// with is a model in the set. What the set gives comes before what the model has.
func (s *ownSet) with(entry catalogue.Entry) catalogue.Entry {
	given := func(arg result.Arg) bool {
		return slices.ContainsFunc(s.fixed, func(a result.Arg) bool { return a.Name == arg.Name }) ||
			slices.ContainsFunc(s.swept, func(w catalogue.Sweep) bool { return w.Argument == arg.Name })
	}
	entry.Fixed = append(slices.DeleteFunc(slices.Clone(entry.Fixed), given), s.fixed...)
	entry.Variables = maps.Clone(entry.Variables)
	for name := range s.Variables {
		delete(entry.Variables, name)
	}
	entry.Swept, entry.Environment = s.swept, s.environment
	return entry
}

// word reads one of a few words.
func (l *lab) word(to *string, words ...string) reader {
	return l.line(func(v value, text string) {
		*to = text
		if !slices.Contains(words, text) {
			l.errorf(v.at, "%s must be %s, not %q%s", v.name, strings.Join(words, " or "), text,
				suggestion(text, words))
		}
	})
}

// yes reads true or false.
func (l *lab) yes(to *bool) reader {
	return func(v value) {
		if b, ok := v.node.(*ast.BoolNode); ok {
			*to = b.Value
			return
		}
		l.mistyped(v, "true or false")
	}
}
