package main

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"coldstart/reports/result"
	"coldstart/runner/catalogue"
	"coldstart/runner/console"
	"coldstart/runner/environment"
	"coldstart/runner/lab"
	"coldstart/runner/models"
	"coldstart/runner/plan"
)

// modelsDownload are the options of 'models download'.
type modelsDownload struct {
	modelsFlags
	environmentFlags
	figures string
	only    []string
	all     bool
	chosen  bool // the caller set figures or only
}

func newModelsDownload(out *console.Console) *cobra.Command {
	o := &modelsDownload{}
	cmd := &cobra.Command{
		Use:   "download [MODEL…]",
		Short: "Download the original models from the hub",
		Long: `Download models with the hub's own client: the named ones, or those that the figures
need (on --node, if given). A complete model is kept, an interrupted download is
continued. All models take some 400 GB; the size is shown and the free space checked
before the download begins.

Some models are gated: request access once on the model's page, and set HF_TOKEN to a
token of that account. Models that the hub refuses are listed with their page first;
the others are downloaded.`,
		Example: `  coldstart models download --node n1 --figures 2,7
  coldstart models download qwen-0.5b yi-6b --models /models --environment cpu`,
		RunE: func(cmd *cobra.Command, keys []string) error {
			o.chosen = cmd.Flags().Changed("figures") || cmd.Flags().Changed("only")
			return o.run(cmd.Context(), out, keys)
		},
	}
	o.modelsFlags.addFlags(cmd)
	o.environmentFlags.addFlags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.figures, "figures", "all",
		"figures whose models to download: all, rest, or comma-separated numbers")
	flags.StringSliceVar(&o.only, "only", nil, "only these of the figures' models, by their keys")
	flags.BoolVar(&o.all, "all", false, "every model of the catalogue")
	return cmd
}

// environmentFlags are the options that choose the environment of a command.
type environmentFlags struct{ name, dir string }

func (e *environmentFlags) addFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&e.name, "environment", "",
		"environment whose Python to use (default: the node's, or the paper's)")
	cmd.Flags().StringVar(&e.dir, "environments", "", "directory of environments (default: that of 'coldstart setup')")
}

// open opens the environment on this machine, which is the node in m, if any.
func (e *environmentFlags) open(m *modelsFlags) (*environment.Installed, error) {
	opened, err := lab.Open(m.matrix)
	if err != nil {
		return nil, err
	}
	find := opened.Environment
	if m.node != "" {
		node, err := opened.Node(m.node)
		if err != nil {
			return nil, err
		}
		find = node.Environment
	}
	found, err := find(e.name)
	if err != nil {
		return nil, err
	}
	return (&lab.Host{EnvironmentsDir: e.dir}).Open(found)
}

func (o *modelsDownload) run(ctx context.Context, out *console.Console, keys []string) error {
	dir, err := o.place()
	if err != nil {
		return err
	}
	wanted, copies, err := o.choose(out, keys)
	if err != nil {
		return err
	}
	missing, err := models.Absent(dir, wanted)
	if err != nil {
		return err
	}
	out.Notef("models there: %d of %d", len(wanted)-len(missing), len(wanted))
	if len(missing) > 0 {
		installed, err := o.open(&o.modelsFlags)
		if err != nil {
			return err
		}
		d := models.Download{Hub: &models.Hub{Environment: installed}, Dir: dir, Screen: screen{out}}
		if err := d.Run(ctx, missing); err != nil {
			return err
		}
	}
	copies = slices.DeleteFunc(copies, func(key string) bool {
		return models.Check(dir, catalogue.TensorizedFolder(key)) == nil
	})
	if len(copies) > 0 {
		out.Notef("figure 14 also needs copies in another format: run 'coldstart models tensorize %s --models %s'",
			strings.Join(copies, " "), dir)
	}
	return nil
}

// choose chooses the models, and those of them that figure 14 needs as tensorized copies.
func (o *modelsDownload) choose(
	out *console.Console, named []string,
) (wanted []result.Model, copies []string, err error) {
	if (len(named) > 0 || o.all) && o.chosen || len(named) > 0 && o.all {
		return nil, nil, usagef("name models, choose them by --figures and --only, or use --all, but only one of these")
	}
	known, err := o.catalogue()
	switch {
	case err != nil:
		return nil, nil, err
	case o.all:
		return known.Models, known.Tensorized(), nil
	case len(named) > 0:
		wanted, err = modelsNamed(known, named)
		return wanted, nil, err
	}
	opened, err := lab.Open(o.matrix)
	if err != nil {
		return nil, nil, err
	}
	if o.node != "" {
		if _, err := opened.Node(o.node); err != nil {
			return nil, nil, err
		}
	}
	made, notes, err := opened.Needs(o.figures, o.only)
	out.Notes(notes)
	if err != nil {
		return nil, nil, err
	}
	for _, f := range plan.Folders(made, o.node) {
		if f.Name != models.FolderOf(f.Model) {
			copies = append(copies, f.Model.Key)
		}
		if !slices.Contains(wanted, *f.Model) {
			wanted = append(wanted, *f.Model)
		}
	}
	return wanted, copies, nil
}

// modelsNamed are models of the catalogue by their keys, or any of the hub, by their
// repositories. Such a one has a folder of the repository's name.
func modelsNamed(known catalogue.Catalogue, names []string) (wanted []result.Model, err error) {
	for _, name := range names {
		m, err := known.Model(name)
		if models.IsRepository(name) {
			m, err = result.Model{Key: name, Repository: name}, nil
		}
		if err != nil {
			return nil, usagef("%w; any other one is named by its repository, such as Qwen/Qwen3-0.6B", err)
		}
		wanted = append(wanted, m)
	}
	return wanted, nil
}

// screen shows a download on the console.
type screen struct{ *console.Console }

func (s screen) Transfer(what string, all int64) (set func(done int64), stop func()) {
	shown := s.Console.Transfer(what, all)
	return shown.Set, shown.Stop
}
