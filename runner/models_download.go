package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"coldstart/runner/catalogue"
	"coldstart/runner/console"
	"coldstart/runner/environment"
	"coldstart/runner/hub"
	"coldstart/runner/lab"
	"coldstart/runner/lock"
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
		Example: "  coldstart models download --node n1 --figures 2,7\n  coldstart models download qwen-0.5b yi-6b --models /models --environment cpu",
		RunE: func(cmd *cobra.Command, keys []string) error {
			o.chosen = cmd.Flags().Changed("figures") || cmd.Flags().Changed("only")
			return o.run(cmd.Context(), out, keys)
		},
	}
	o.modelsFlags.addFlags(cmd)
	o.environmentFlags.addFlags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.figures, "figures", "all", "figures whose models are fetched: all, rest, or numbers with commas between")
	flags.StringSliceVar(&o.only, "only", nil, "of these, the models with these keys")
	flags.BoolVar(&o.all, "all", false, "every model of the catalogue, whether a figure needs it or not")
	return cmd
}

// environmentFlags are the options that say in which environment something is done.
type environmentFlags struct{ name, dir string }

func (e *environmentFlags) addFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&e.name, "environment", "", "environment whose Python does it (default: the node's, or the paper's)")
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
	return (&lab.Host{Environments: e.dir}).Open(found)
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
	missing, err := absent(dir, keys)
	if err != nil {
		return err
	}
	out.Notef("models there: %d of %d", len(keys)-len(missing), len(keys))
	if len(missing) > 0 {
		installed, err := o.open(&o.modelsFlags)
		if err != nil {
			return err
		}
		d := download{console: out, hub: &hub.Client{Environment: installed}, dir: dir}
		if err := d.run(ctx, missing); err != nil {
			return err
		}
	}
	copies = slices.DeleteFunc(copies, func(key string) bool { return models.Check(dir, catalogue.TensorizedFolder(key)) == nil })
	if len(copies) > 0 {
		out.Notef("figure 14 needs copies in another format as well: coldstart models tensorize %s --models %s", strings.Join(copies, " "), dir)
	}
	return nil
}

// choose is which models are meant, and of which of them tensorized copies are
// needed.
func (o *modelsDownload) choose(out *console.Console, named []string) (keys, copies []string, err error) {
	switch {
	case (len(named) > 0 || o.all) && o.chosen, len(named) > 0 && o.all:
		return nil, nil, usagef("name models, or choose them by --figures and --only, or take --all: one of these")
	case o.all:
		return catalogue.Keys(), catalogue.Tensorized(), nil
	case len(named) > 0:
		for _, key := range named {
			if _, err := catalogue.Model(key); err != nil {
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

// absent are the models that are not in dir, or not whole. A stand-in is never
// overwritten by an original, nor mixed with one.
func absent(dir string, keys []string) (missing []string, err error) {
	var standIns []string
	for _, key := range keys {
		switch {
		case models.IsStandIn(dir, key):
			standIns = append(standIns, key)
		case models.Check(dir, key) != nil:
			missing = append(missing, key)
		}
	}
	if len(standIns) > 0 {
		return nil, fmt.Errorf("%s has stand-ins of models whose originals are asked for: 'coldstart models remove %s --models %s' removes them, or choose another directory with --models", dir, strings.Join(standIns, " "), dir)
	}
	return missing, nil
}

// asked is a model that is to be fetched.
type asked struct {
	key        string
	repository *hub.Repository
	files      []hub.File
}

// download fetches models from the hub into a directory.
type download struct {
	console *console.Console
	hub     interface {
		Ask(ctx context.Context, names []string) ([]hub.Repository, error)
		Fetch(ctx context.Context, r *hub.Repository, files []hub.File, dir string) error
	}
	dir string
}

// run asks the hub about all models, says which are not to be had, sees whether there
// is room for the others, and fetches them.
func (d *download) run(ctx context.Context, keys []string) error {
	if err := os.MkdirAll(d.dir, 0o755); err != nil {
		return fmt.Errorf("cannot make the directory of models: %w; choose another with --models", err)
	}
	held, err := lock.Take(filepath.Join(d.dir, ".coldstart-download.lock"))
	var other *lock.HeldError
	if errors.As(err, &other) {
		return fmt.Errorf("models are being downloaded into %s by %s: wait for its end", d.dir, other.Holder)
	}
	if err != nil {
		return err
	}
	defer held.Close()
	wanted, refused, err := d.ask(ctx, keys)
	if err != nil {
		return err
	}
	var all, left int64
	for _, a := range wanted {
		size := hub.Bytes(a.files)
		all, left = all+size, left+size-hub.Present(filepath.Join(d.dir, a.key), a.files)
	}
	if err := models.NeedRoom(d.dir, left); err != nil {
		return err
	}
	if len(wanted) > 0 {
		d.console.Notef("models to fetch into %s: %d, %.1f GB, of which %.1f GB are there", d.dir, len(wanted), float64(all)/1e9, float64(all-left)/1e9)
	}
	for _, a := range wanted {
		if err := d.fetch(ctx, a); err != nil {
			return err
		}
	}
	if len(refused) > 0 {
		return fmt.Errorf("not fetched, for the reasons above: %s", strings.Join(refused, ", "))
	}
	return nil
}

// ask asks the hub about models, and says at once which of them it refuses.
func (d *download) ask(ctx context.Context, keys []string) (wanted []asked, refused []string, err error) {
	var names []string
	for _, key := range keys {
		names = append(names, repositoryOf(key))
	}
	found, err := d.hub.Ask(ctx, names)
	if err != nil {
		return nil, nil, d.explain(err, "cannot ask the hub about models")
	}
	for i := range found {
		a := asked{key: keys[i], repository: &found[i], files: hub.Needed(found[i].Files)}
		switch failure := a.repository.Failure; {
		case failure != nil:
			d.console.Notef("%s: %s, %s", a.key, a.repository.Page, failure.Remedy())
		case len(a.files) == 0:
			d.console.Notef("%s: %s has no weights that vLLM reads", a.key, a.repository.Page)
		default:
			wanted = append(wanted, a)
			continue
		}
		refused = append(refused, a.key)
	}
	return wanted, refused, nil
}

// repositoryOf is where a model of the catalogue comes from.
func repositoryOf(key string) string {
	m, _ := catalogue.Model(key) // which choose has looked up
	return m.Repository
}

// fetch fetches one model, and shows how it goes on.
func (d *download) fetch(ctx context.Context, a asked) error {
	folder, begun := filepath.Join(d.dir, a.key), time.Now()
	stop := d.watch(a, folder)
	err := d.hub.Fetch(ctx, a.repository, a.files, folder)
	stop()
	if err == nil {
		err = models.Check(d.dir, a.key)
	}
	if err != nil {
		return d.explain(err, a.key+" is not complete")
	}
	d.console.Notef("%s: complete, %.1f GB in %.0f s, %s at %.12s", a.key, float64(hub.Bytes(a.files))/1e9, time.Since(begun).Seconds(), a.repository.Name, a.repository.Revision)
	return nil
}

// watch shows how much of what is not there yet has come, until stop is called: every
// release of the hub's client writes into the folder, and tells of it in its own way.
func (d *download) watch(a asked, folder string) (stop func()) {
	before := hub.Present(folder, a.files)
	shown := d.console.Transfer(a.key, hub.Bytes(a.files)-before)
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for tick := time.Tick(time.Second); ; {
			select {
			case <-done:
				return
			case <-tick:
				shown.Set(max(0, hub.Present(folder, a.files)-before))
			}
		}
	}()
	return func() {
		close(done)
		<-ended
		shown.Stop()
	}
}

// explain says how to go on after what ended a download.
func (d *download) explain(err error, what string) error {
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("interrupted; the files that came whole are kept in %s, and the same command goes on", d.dir)
	}
	return fmt.Errorf("%s: %w", what, err)
}
