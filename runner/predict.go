package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"coldstart/reports/figure"
	"coldstart/reports/predict"
	"coldstart/reports/result"
	"coldstart/runner/console"
	"coldstart/runner/models"
	"coldstart/runner/paper"
)

// predictOptions are the options of the command predict.
type predictOptions struct {
	writersFlag
	from      string
	model     string
	facts     predict.Model
	published bool
	json      bool
}

// factFlags are the flags that describe a model.
var factFlags = []string{"weights-gib", "size-b", "tokenizer-mb", "compiled-graph-kb", "layers"}

func newPredict(out *console.Console) *cobra.Command {
	o := &predictOptions{}
	cmd := &cobra.Command{
		Use:   "predict --model MODEL | --weights-gib N --tokenizer-mb N --layers N",
		Short: "Predict how long a model takes to start",
		Long: `Predict the start-up of a model of the catalogue, of one in a folder, or of one
described by its facts. It learns from measured models: the paper's on n1, or those of --from DIR.

The facts are the GiB of weights, the size of the tokenizer file, and the size of
torch.compile's cached graphs or, before there are any, the number of layers. The
graphs predict better. Without --weights-gib, --size-b stands for 16-bit weights.

The start-up has a 95 % prediction interval, and the last line says how large the
error is for models that the method has not seen.

--published predicts as the paper does, from parameters, tokenizer and graphs.
Figure 17 as published evaluates graph capturing for one batch size, so its
predictions are lower.`,
		Example: `  coldstart predict --model mistral-7b
  coldstart predict --model /models/Qwen3-8B
  coldstart predict --weights-gib 15 --tokenizer-mb 8.7 --layers 32`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd, out) },
	}
	o.addWritersFlag(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.from, "from", "", "directory of results to learn from (default: the paper's)")
	flags.StringVar(&o.model, "model", "", "a model of the catalogue, or the folder of any")
	flags.Var(fact(&o.facts.WeightsGiB), "weights-gib", "weights as loaded, GiB")
	flags.Var(fact(&o.facts.SizeB), "size-b", "parameters, billions")
	flags.Var(fact(&o.facts.TokenizerMB), "tokenizer-mb", "size of the tokenizer file, MB")
	flags.Var(fact(&o.facts.CompiledGraphKB), "compiled-graph-kb", "size of torch.compile's cached graphs, KB")
	flags.Var(fact(&o.facts.Layers), "layers", "layers of the model")
	o.facts.BatchSizes = predict.DefaultBatchSizes
	flags.Var(wholeNumber(&o.facts.BatchSizes, 1, mostBatchSizes), "batch-sizes",
		fmt.Sprintf("batch sizes that CUDA graphs are captured for (--published: %d)", predict.PublishedBatchSizes))
	flags.BoolVar(&o.published, "published", false, "predict by the paper's method")
	flags.BoolVar(&o.json, "json", false, "print JSON: seconds by phase, the interval, the cross-validated error")
	return cmd
}

// mostBatchSizes is far beyond what CUDA graphs are captured for.
const mostBatchSizes = 10_000

// fact is an option that takes a fact of a model.
func fact(value *float64) pflag.Value {
	return number(value, func(x float64) bool { return x > 0 && x < predict.Most }, "above 0 and below a billion")
}

func (o *predictOptions) run(cmd *cobra.Command, out *console.Console) error {
	facts, err := o.modelFacts(cmd, out)
	if err != nil {
		return err
	}
	method := o.method(facts)
	if lacks := method.Lacks(facts); len(lacks) > 0 {
		return usagef("describe the model: --model MODEL, or %s; not known: %s",
			o.wanted(), strings.Join(asFlags(lacks), ", "))
	}
	results, err := o.readOrPaper(out, o.from)
	if err != nil {
		return err
	}
	learning, err := samples(method, results, out)
	if err != nil {
		return err
	}
	made, err := predict.Foresee(method, learning, facts)
	if err != nil {
		return err
	}
	if o.json {
		return printJSON(out.Out, made)
	}
	if err := out.Table(made.Table()); err != nil {
		return err
	}
	if below := made.Negative(); len(below) > 0 {
		out.Notef("warning: the prediction is negative for %s: this model is too different from those that it learnt from",
			strings.Join(below, ", "))
	}
	_, err = fmt.Fprintf(out.Out, "Learnt from %d models by %v: engine %s, session %s.\n%s\n",
		len(learning), method, results.Plan.Engine, results.Plan.Session, made.Accuracy())
	return err
}

func (o *predictOptions) method(facts predict.Model) *predict.Method {
	if o.published {
		return predict.Published
	}
	return predict.For(facts)
}

// wanted are the flags that describe a model well enough.
func (o *predictOptions) wanted() string {
	if o.published {
		return "--size-b, --tokenizer-mb and --compiled-graph-kb"
	}
	return "--weights-gib or --size-b, --tokenizer-mb, and --compiled-graph-kb or --layers"
}

// asFlags are the flags of facts.
func asFlags(facts []string) (flags []string) {
	for _, fact := range facts {
		flags = append(flags, "--"+strings.ReplaceAll(fact, "_", "-"))
	}
	return flags
}

// modelFacts are the catalogue's, or those given by flags.
func (o *predictOptions) modelFacts(cmd *cobra.Command, out *console.Console) (predict.Model, error) {
	if o.published && !cmd.Flags().Changed("batch-sizes") {
		o.facts.BatchSizes = predict.PublishedBatchSizes
	}
	if o.model != "" {
		for _, name := range factFlags {
			if cmd.Flags().Changed(name) {
				return predict.Model{}, usagef("--model takes its facts from the folder or the catalogue: leave out --%s", name)
			}
		}
		return factsOf(o.model, o.facts.BatchSizes)
	}
	facts := o.facts
	if !o.published && cmd.Flags().Changed("size-b") && !cmd.Flags().Changed("weights-gib") {
		facts.WeightsGiB = predict.WeightsGiB(facts.SizeB)
		out.Notef("weights: %.1f GiB, for %g billion parameters of 16 bits; --weights-gib says it exactly",
			facts.WeightsGiB, facts.SizeB)
	}
	return facts, nil
}

// factsOf are those of a model's folder, or of a model of the catalogue.
func factsOf(model string, batchSizes int) (predict.Model, error) {
	info, err := os.Stat(model)
	if err != nil || !info.IsDir() {
		return catalogueFacts(model, batchSizes)
	}
	dir, folder := filepath.Split(filepath.Clean(model))
	if err := models.Check(dir, folder); err != nil {
		return predict.Model{}, err
	}
	m, err := models.WithFacts(dir, result.Model{Key: folder})
	return predict.Of(&m, batchSizes), err
}

func catalogueFacts(key string, batchSizes int) (predict.Model, error) {
	var keys []string
	for _, m := range paper.Models() {
		if m.Key == key && m.SizeB > 0 {
			return predict.Of(&m, batchSizes), nil
		}
		if m.SizeB > 0 {
			keys = append(keys, m.Key)
		}
	}
	return predict.Model{}, usagef("the catalogue has no facts of a model %q; it has %s", key, strings.Join(keys, ", "))
}

// samples are the models that a method learns from. The console names those that it cannot
// learn from.
func samples(method *predict.Method, results *result.Results, out *console.Console) ([]predict.Sample, error) {
	spec := figure.PredictionOf(results, paper.RestSet)
	if spec == nil {
		return nil, fmt.Errorf("the results lack the measurement set %q, from whose runs predict learns: "+
			"measure one of the figures %s, or leave out --from", paper.RestSet, strings.Join(paper.Rest(), ", "))
	}
	fit, aside, err := figure.TrainingSamples(results, spec, method)
	for _, why := range aside {
		out.Notef("not learnt from: %s", why)
	}
	return fit, err
}
