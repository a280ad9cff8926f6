package matrix

import (
	"cmp"
	"slices"
	"strings"

	"coldstart/reports/figure"
	"coldstart/reports/result"
	"coldstart/reports/segment"
	"coldstart/runner/catalogue"
)

// complete fills in what the file need not say, and judges what every kind must be. It is
// false if a set has mistakes of its own.
func (l *lab) complete(d *drawing) bool {
	switch {
	case d.Sets != nil && d.set != "":
		l.errorf(d.setPlace, "figure %s has both set and sets; remove one of them", d.Number)
		return false
	case d.Sets == nil && d.set == "":
		l.errorf(d.sidePlace, "figure %s has neither set nor sets; add one, such as set: baseline", d.Number)
		return false
	case d.Sets == nil:
		d.Sets = make(map[string]string)
		for _, role := range d.Roles {
			d.Sets[role] = d.set
		}
	}
	for _, role := range d.Roles {
		set, found := l.setOf(d, role)
		if !found {
			return false
		}
		l.judgeModels(d, &set)
		l.judgePhase(d, &set)
		if role == "" && len(d.Models) == 0 {
			d.Models = modelsOf(&set)
		}
	}
	d.fillIn(l)
	return true
}

// setOf is the set of a side. It is not found if it has mistakes of its own.
func (l *lab) setOf(d *drawing, role string) (set result.Set, found bool) {
	name := d.Sets[role]
	if name == "" {
		l.errorf(d.setPlace, "figure %s lacks the set of side %s; add it under sets", d.Number, role)
	}
	if set, found = l.matrix.Own.Set(name); !found {
		set, found = l.known.Set(name)
	}
	return set, found
}

// modelsOf are the models that a set measures, each once.
func modelsOf(set *result.Set) (keys []string) {
	for _, c := range set.Configurations {
		if !slices.Contains(keys, c.Model) {
			keys = append(keys, c.Model)
		}
	}
	return keys
}

// judgeModels checks that a set measures the models that the figure names.
func (l *lab) judgeModels(d *drawing, set *result.Set) {
	measured := modelsOf(set)
	for _, key := range d.Models {
		if !slices.Contains(measured, key) {
			l.errorf(d.setPlace, "figure %s shows model %s, which its set %s does not measure", d.Number, key, set.Name)
		}
	}
}

// shown are the configurations of a set that the figure shows.
func (d *drawing) shown(set *result.Set) []result.Configuration {
	return slices.DeleteFunc(slices.Clone(set.Configurations), func(c result.Configuration) bool {
		return len(d.Models) > 0 && !slices.Contains(d.Models, c.Model)
	})
}

// judgePhase checks that a set can log the phase of the figure.
func (l *lab) judgePhase(d *drawing, set *result.Set) {
	if d.Metric == "" {
		return
	}
	why := ""
	for _, c := range d.shown(set) {
		if why = catalogue.Lacks(set, &c, d.Metric); why == "" {
			return
		}
	}
	if why != "" {
		l.errorf(d.metric, "figure %s shows %v, which no run of set %s logs: %s", d.Number, d.Metric, set.Name, why)
	}
}

// fillIn fills in the steps, as the paper's figure of the kind has them, and the titles of
// the axes.
func (d *drawing) fillIn(l *lab) {
	d.Steps = l.known.StepsOf(d.Kind)
	switch figure.Kind(d.Kind) {
	case figure.Stack, figure.Segments:
		d.YLabel = "Time (s)"
	case figure.Heatmap:
		d.XLabel, d.YLabel = "Time (s)", "Core ID"
	case figure.Ratio:
		d.YLabel = "Normalized to " + d.Roles[0]
	default:
		d.YLabel = l.axisOf(d.Metric)
	}
	if d.X != "" {
		d.XLabel = cmp.Or(xLabels[d.X], "--"+d.X)
	}
}

// axisOf is the title of an axis of a quantity, as a figure of the paper has it, or else such
// as "Init Engine Time (s)".
func (l *lab) axisOf(q result.Quantity) string {
	for _, known := range l.known.Figures {
		if known.Metric == q {
			return known.YLabel
		}
	}
	if q.Name() == segment.TimeToReady {
		return "Time to Ready (s)"
	}
	words := strings.Split(strings.TrimSuffix(q.Name(), "_time"), "_")
	for i, word := range words {
		words[i] = strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.Join(words, " ") + " Time (s)"
}

// xLabels are the titles of the x axis of a trend, as the paper has them.
var xLabels = map[string]string{
	"size_b": "Model Size (B)", "weights_gib": "Weights (GiB)", "tokenizer_mb": "Tokenizer Size (MB)",
	"compiled_graph_kb": "Size (KB)", "layers": "Layers", "batch_sizes": "Number of Batch Sizes",
}

// judgeOne checks that a figure of one configuration has one.
func (l *lab) judgeOne(d *drawing) {
	set, _ := l.setOf(d, "")
	if shown := d.shown(&set); len(shown) != 1 {
		l.errorf(d.setPlace, "figure %s is the breakdown of one configuration, but set %s has %d; "+
			"name one model with models: [MODEL], or another set", d.Number, set.Name, len(shown))
	}
}

// judgeTrend checks that each bar of a trend has an x of its own.
func (l *lab) judgeTrend(d *drawing) {
	set, _ := l.setOf(d, "")
	words := slices.Concat(figure.XFacts(), sweptIn(&set))
	switch {
	case !slices.Contains(words, d.X):
		l.errorf(d.xPlace, "there is no x %q%s", d.X, choice(d.X, "x may be", words))
	case xLabels[d.X] != "" && d.X != "batch_sizes" && len(d.shown(&set)) > len(d.Models):
		l.errorf(d.xPlace, "set %s measures a model with several arguments, which all have one %s; "+
			"let x be one of the arguments, %s", set.Name, d.X, listed(sweptIn(&set)))
	case d.X == "batch_sizes" && slices.ContainsFunc(d.shown(&set), unknownSizes):
		l.errorf(d.xPlace, "set %s does not say for which batch sizes graphs are captured; give it the argument "+
			"cuda-graph-sizes", set.Name)
	}
}

func unknownSizes(c result.Configuration) bool { return c.BatchSizes == 0 }

// sweptIn are the arguments that differ between the configurations of a set.
func sweptIn(set *result.Set) (names []string) {
	values := make(map[string]string)
	for _, c := range set.Configurations {
		for _, arg := range c.Args {
			first, before := values[arg.Name]
			if !before {
				values[arg.Name] = arg.Value
			} else if first != arg.Value && !slices.Contains(names, arg.Name) {
				names = append(names, arg.Name)
			}
		}
	}
	return names
}

// judgeGroups finds the series, which are the values of an argument.
func (l *lab) judgeGroups(d *drawing) {
	set, _ := l.setOf(d, "")
	for _, c := range d.shown(&set) {
		for _, arg := range c.Args {
			if arg.Name == d.By && !slices.Contains(d.Series, arg.Value) {
				d.Series = append(d.Series, arg.Value)
			}
		}
	}
	if len(d.Series) < 2 {
		swept := sweptIn(&set)
		l.errorf(d.by, "series must be an engine argument of which set %s has several values, not %q%s",
			set.Name, d.By, choice(d.By, "these are", swept))
	}
}

func (l *lab) judgeHeatmap(d *drawing) {
	if set, _ := l.setOf(d, ""); !set.SampleCPU {
		l.errorf(d.setPlace, "figure %s shows the cores, which set %s does not sample; add sample_cpu: true to a set",
			d.Number, set.Name)
	}
}

// judgeRatio checks that the sides differ, and have a configuration in common.
func (l *lab) judgeRatio(d *drawing) {
	a, b := d.where.Roles[0], d.where.Roles[1]
	first, _ := l.setOf(d, a.Name)
	second, _ := l.setOf(d, b.Name)
	if a.Node == b.Node && gpusOf(a) == gpusOf(b) && first.Name == second.Name {
		l.errorf(d.sidePlace, "figure %s: %s and %s are the same set on the same GPU of one node; "+
			"give another node, gpu or set", d.Number, a.Name, b.Name)
	}
	common := func(c result.Configuration) bool {
		return slices.ContainsFunc(d.shown(&first), func(other result.Configuration) bool { return other.ID == c.ID })
	}
	if !slices.ContainsFunc(d.shown(&second), common) {
		l.errorf(d.setPlace, "figure %s: sets %s and %s have no configuration in common", d.Number, first.Name, second.Name)
	}
}
