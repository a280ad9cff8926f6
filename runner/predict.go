package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"coldstart/reports/figure"
	"coldstart/reports/phase"
	"coldstart/reports/predict"
	"coldstart/reports/result"
	"coldstart/reports/table"
	"coldstart/runner/catalogue"
	"coldstart/runner/console"
	"coldstart/runner/reference"
)

// predictOptions are the options of the command predict.
type predictOptions struct {
	labFlags
	from  string
	model string
	facts predict.Model
	json  bool
}

func newPredict(out *console.Console) *cobra.Command {
	o := &predictOptions{}
	cmd := &cobra.Command{
		Use:   "predict --model MODEL | --size-b N --tokenizer-mb N --compiled-graph-kb N",
		Short: "Predict how long a model takes to start",
		Long: `Predict the start-up of a model of the catalogue, or of one described by its
facts, from models that were measured: those that the paper's predictor (figure
17) learns from. They are the paper's own on n1, or those of --from DIR.

Graph capturing is predicted for --batch-sizes. Figure 17 as published evaluates
it for one batch size, so that its predictions are lower.`,
		Example: "  coldstart predict --model mistral-7b\n  coldstart predict --size-b 8 --tokenizer-mb 8.7 --compiled-graph-kb 1121",
		Args:    noArguments,
		RunE:    func(cmd *cobra.Command, _ []string) error { return o.run(cmd, out) },
	}
	o.addWritersMatrixFlag(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.from, "from", "", "directory of results to learn from (default: the paper's)")
	flags.StringVar(&o.model, "model", "", "a model of the catalogue")
	flags.Float64Var(&o.facts.SizeB, "size-b", 0, "parameters, billions")
	flags.Float64Var(&o.facts.TokenizerMB, "tokenizer-mb", 0, "size of the tokenizer file, MB")
	flags.Float64Var(&o.facts.CompiledGraphKB, "compiled-graph-kb", 0, "size of torch.compile's cached graphs, KB")
	flags.IntVar(&o.facts.BatchSizes, "batch-sizes", predict.DefaultBatchSizes, "batch sizes that CUDA graphs are captured for")
	flags.BoolVar(&o.json, "json", false, "print JSON, seconds by phase")
	return cmd
}

func (o *predictOptions) run(cmd *cobra.Command, out *console.Console) error {
	facts, err := o.modelFacts(cmd)
	if err != nil {
		return err
	}
	results, err := o.results(out)
	if err != nil {
		return err
	}
	samples, err := trainingSamples(results)
	if err != nil {
		return err
	}
	predictor, err := predict.Train(samples)
	if err != nil {
		return err
	}
	times := predictor.Predict(facts)
	if o.json {
		return printJSON(out.Out, times)
	}
	if err := out.Table(predictionTable(&times)); err != nil {
		return err
	}
	if below := belowZero(&times); len(below) > 0 {
		out.Notef("warning: nothing takes less than no time, and %s is predicted to: the models that it learnt from are too unlike this one", strings.Join(below, ", "))
	}
	_, err = fmt.Fprintf(out.Out, "Learnt from %d models: engine %s, session %s.\n", len(samples), results.Plan.Engine, results.Plan.Session)
	return err
}

// modelFacts are the catalogue's, or those given by flags, of which none may
// lack: a fact that is not known cannot be predicted from.
func (o *predictOptions) modelFacts(cmd *cobra.Command) (predict.Model, error) {
	if o.facts.BatchSizes < 1 {
		return predict.Model{}, usagef("--batch-sizes must be at least 1, not %d", o.facts.BatchSizes)
	}
	given := cmd.Flags().Changed("size-b") || cmd.Flags().Changed("tokenizer-mb") || cmd.Flags().Changed("compiled-graph-kb")
	switch {
	case o.model != "" && given:
		return predict.Model{}, usagef("--model takes its facts from the catalogue: leave out --size-b, --tokenizer-mb and --compiled-graph-kb")
	case o.model != "":
		return catalogueFacts(o.model, o.facts.BatchSizes)
	case !isSize(o.facts.SizeB) || !isSize(o.facts.TokenizerMB) || !isSize(o.facts.CompiledGraphKB):
		return predict.Model{}, usagef("describe the model: --model MODEL, or --size-b, --tokenizer-mb and --compiled-graph-kb, all above 0 and below a billion")
	}
	return o.facts, nil
}

// isSize tells whether a number is the size of anything, which NaN is not.
func isSize(x float64) bool { return x > 0 && x < 1e9 }

func catalogueFacts(key string, batchSizes int) (predict.Model, error) {
	var keys []string
	for _, m := range catalogue.Models() {
		if m.Key == key && m.SizeB > 0 {
			return predict.Of(&m, batchSizes), nil
		}
		if m.SizeB > 0 {
			keys = append(keys, m.Key)
		}
	}
	return predict.Model{}, usagef("the catalogue has no facts of a model %q; it has %s", key, strings.Join(keys, ", "))
}

// results are those of --from, or else the paper's.
func (o *predictOptions) results(out *console.Console) (*result.Results, error) {
	if o.from != "" {
		return (&reportOptions{labFlags: o.labFlags, from: o.from}).read(out)
	}
	return reference.Results(predictionFigure)
}

// predictionFigure is the one of which the predictor learns.
const predictionFigure = "17"

func trainingSamples(results *result.Results) ([]predict.Sample, error) {
	for i := range results.Plan.Figures {
		if spec := &results.Plan.Figures[i]; spec.Kind == string(figure.Prediction) {
			return figure.TrainingSamples(results, spec)
		}
	}
	return nil, fmt.Errorf("the results are not of figure %s, whose models the predictor learns from: measure it, or leave out --from", predictionFigure)
}

// belowZero are the names of the phases that are predicted to take less than no time.
func belowZero(times *phase.Times) (names []string) {
	for p := range phase.All() {
		if seconds, ok := times.Get(p); ok && seconds < 0 {
			names = append(names, p.String())
		}
	}
	return names
}

func predictionTable(times *phase.Times) table.Table {
	t := table.Table{Header: []string{"Phase", "Predicted (s)"}, Align: []table.Align{table.Left, table.Right}}
	for p := range phase.All() {
		if seconds, ok := times.Get(p); ok {
			t.Rows = append(t.Rows, []string{p.String(), strconv.FormatFloat(seconds, 'f', 2, 64)})
		}
	}
	return t
}
