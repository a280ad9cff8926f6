package main

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"coldstart/reports/table"
	"coldstart/runner/catalogue"
	"coldstart/runner/console"
	"coldstart/runner/lab"
	"coldstart/runner/models"
)

// modelsFlags are the options that say where models are.
type modelsFlags struct {
	dir, node, matrix string
}

func newModels(out *console.Console) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "models",
		Short: "List, fetch, make, copy and remove models",
		Long: `Manage the models that the figures measure. A directory of models has one folder per
model, named by the model's key.

A start-up depends on a model's shape, not on the values of its weights. 'models make'
writes a stand-in, a model of the same shape with random weights, without an account
or a download. Results say that they were measured with a stand-in, and are never
compared with an original's. 'models download' fetches originals.`,
		Example: `  coldstart models list --models /models
  coldstart models make qwen-0.5b llama3-3b --models /models
  coldstart models download --models /models --figures 2,7`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		newModelsList(out), orderly(newModelsDownload(out)), orderly(newModelsMake(out)),
		orderly(newModelsTensorize(out)), orderly(newModelsRemove(out)),
	)
	return cmd
}

func (m *modelsFlags) addFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&m.dir, "models", "", "directory of the models (default: that of --node in hardware-matrix.yaml)")
	flags.StringVar(&m.node, "node", "", "this machine's name in hardware-matrix.yaml")
	addMatrixFlag(cmd, &m.matrix)
}

// place is the directory of the models.
func (m *modelsFlags) place() (string, error) {
	if m.dir == "" && m.node != "" {
		node, err := openNode(m.matrix, m.node)
		if err != nil {
			return "", err
		}
		m.dir = node.ModelsDir
	}
	if m.dir == "" {
		return "", usagef("say where the models are: --models DIR, or --node NODE with models: in hardware-matrix.yaml")
	}
	return m.dir, nil
}

// catalogue is the paper's and what hardware-matrix.yaml adds.
func (m *modelsFlags) catalogue() (catalogue.Catalogue, error) {
	opened, err := lab.Open(m.matrix)
	if err != nil {
		return catalogue.Catalogue{}, err
	}
	return opened.Catalogue(), nil
}

// modelsList are the options of 'models list'.
type modelsList struct {
	modelsFlags
	json bool
}

func newModelsList(out *console.Console) *cobra.Command {
	o := &modelsList{}
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the models with their repository, size, state and figures",
		Example: "  coldstart models list\n  coldstart models list --models /models --json",
		Args:    noArguments,
		RunE:    func(*cobra.Command, []string) error { return o.run(out) },
	}
	o.addFlags(cmd)
	cmd.Flags().BoolVar(&o.json, "json", false, "print JSON, one object per model")
	return cmd
}

func (o *modelsList) run(out *console.Console) error {
	if o.dir != "" || o.node != "" {
		if _, err := o.place(); err != nil {
			return err
		}
	}
	known, err := o.catalogue()
	if err != nil {
		return err
	}
	all := models.List(o.dir, known)
	if o.json {
		return printJSON(out.Out, all)
	}
	t := table.Table{
		Header: []string{"Model", "Repository", "GiB", "Here", "Figures", "Stand-in"},
		Align:  []table.Align{table.Left, table.Left, table.Right, table.Left, table.Left, table.Left},
		Spare:  []int{4},
	}
	for _, m := range all {
		size, makeable := "", table.Cell{Text: "can be made", Brief: "yes"}
		if m.WeightsGiB > 0 {
			size = fmt.Sprintf("%.1f", m.WeightsGiB)
		}
		if !m.Makeable {
			makeable = table.Cell{Text: "no"}
		}
		from := m.Repository
		if m.CopyOf != "" {
			from = "copy of " + m.CopyOf
		}
		t.Add(m.Key, from, size, cmp.Or(m.State, "?"), strings.Join(m.Figures, " "))
		row := &t.Rows[len(t.Rows)-1]
		*row = append(*row, makeable)
	}
	return out.Table(t)
}
