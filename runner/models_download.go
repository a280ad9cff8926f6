package main

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"coldstart/runner/console"
	"coldstart/runner/environment"
	"coldstart/runner/hub"
	"coldstart/runner/lab"
	"coldstart/runner/models"
	"coldstart/runner/paper"
	"coldstart/runner/plan"
)

// modelsDownload are the options of 'models download'.
type modelsDownload struct {
	modelsFlags
	environmentFlags
	figures string
	only    []string
	all     bool
	chosen  bool // figures or only, by the caller
}

func newModelsDownload(out *console.Console) *cobra.Command {
	o := &modelsDownload{}
	cmd := &cobra.Command{
		Use:   "download [MODEL…]",
		Short: "Fetch the original models from the hub",
		Long: `Fetch models from the hub, by its own client in the environment that is measured:
those named, or those that the figures need, on --node where one is named. One that
is complete stays as it is, and one that was interrupted is gone on with. All of them
take some 400 GB; how much it is, and whether there is room, comes first.

Some models are gated: their page must be asked for access once, and HF_TOKEN in the
environment must hold a token of the account that has it. Those that are not to be had
are named with their page before anything is fetched; the others are fetched.`,
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
		"figures whose models are fetched: all, rest, or numbers with commas between")
	flags.StringSliceVar(&o.only, "only", nil, "of these, the models with these keys")
	flags.BoolVar(&o.all, "all", false, "every model of the catalogue, whether a figure needs it or not")
	return cmd
}

// environmentFlags are the options that say in which environment something is done.
type environmentFlags struct{ name, dir string }

func (e *environmentFlags) addFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&e.name, "environment", "",
		"environment whose Python does it (default: the node's, or the paper's)")
	cmd.Flags().StringVar(&e.dir, "environments", "", "directory of the environments (default: where setup makes them)")
}

// open opens the environment on this machine, which is the node that the models' options
// name, if they name one. The catalogue's environments need no lab's file.
func (e *environmentFlags) open(m *modelsFlags) (*environment.Installed, error) {
	open := lab.OpenOptional
	if m.node != "" || m.matrix != lab.DefaultPath {
		open = lab.Open
	}
	opened, err := open(m.matrix)
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
	keys, copies, err := o.choose(out, keys)
	if err != nil {
		return err
	}
	missing, err := models.Absent(dir, keys)
	if err != nil {
		return err
	}
	out.Notef("models there: %d of %d", len(keys)-len(missing), len(keys))
	if len(missing) > 0 {
		installed, err := o.open(&o.modelsFlags)
		if err != nil {
			return err
		}
		d := models.Download{Hub: &hub.Client{Environment: installed}, Dir: dir, Screen: screen{out}}
		if err := d.Run(ctx, missing); err != nil {
			return err
		}
	}
	copies = slices.DeleteFunc(copies, func(key string) bool {
		return models.Check(dir, paper.TensorizedFolder(key)) == nil
	})
	if len(copies) > 0 {
		out.Notef("figure 14 needs copies in another format as well: coldstart models tensorize %s --models %s",
			strings.Join(copies, " "), dir)
	}
	return nil
}

// choose returns the keys of the models, and of those that need a tensorized copy.
func (o *modelsDownload) choose(out *console.Console, named []string) (keys, copies []string, err error) {
	switch {
	case (len(named) > 0 || o.all) && o.chosen, len(named) > 0 && o.all:
		return nil, nil, usagef("name models, or choose them by --figures and --only, or take --all: only one of these")
	case o.all:
		return paper.Keys(), paper.Tensorized(), nil
	case len(named) > 0:
		for _, key := range named {
			if _, err := paper.Model(key); err != nil {
				return nil, nil, usagef("%w", err)
			}
		}
		return named, nil, nil
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
		if f.Name != f.Model.Key {
			copies = append(copies, f.Model.Key)
		}
		if !slices.Contains(keys, f.Model.Key) {
			keys = append(keys, f.Model.Key)
		}
	}
	return keys, copies, nil
}

// screen is the console as a download is shown on it.
type screen struct{ *console.Console }

// Transfer begins to show bytes that come.
func (s screen) Transfer(what string, all int64) (set func(done int64), stop func()) {
	shown := s.Console.Transfer(what, all)
	return shown.Set, shown.Stop
}
