package models

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"coldstart/runner/hub"
	"coldstart/runner/lock"
	"coldstart/runner/paper"
)

// Absent are the models that are not in dir, or not whole. A stand-in is never
// overwritten by an original, nor mixed with one.
func Absent(dir string, keys []string) (missing []string, err error) {
	var standIns []string
	for _, key := range keys {
		switch {
		case IsStandIn(dir, key):
			standIns = append(standIns, key)
		case Check(dir, key) != nil:
			missing = append(missing, key)
		}
	}
	if len(standIns) > 0 {
		return nil, fmt.Errorf("%s has stand-ins of models whose originals are asked for: "+
			"'coldstart models remove %s --models %s' removes them, or choose another directory with --models",
			dir, strings.Join(standIns, " "), dir)
	}
	return missing, nil
}

// asked is a model that is to be fetched.
type asked struct {
	key        string
	repository *hub.Repository
	files      []hub.File
}

// Download fetches originals from the hub into a directory.
type Download struct {
	Hub    Hub
	Dir    string
	Screen Screen
}

// Hub has the originals.
type Hub interface {
	Ask(ctx context.Context, names []string) ([]hub.Repository, error)
	Fetch(ctx context.Context, r *hub.Repository, files []hub.File, dir string) error
}

// Screen shows how a download goes on.
type Screen interface {
	Notef(format string, args ...any)
	// Transfer begins to show how many bytes of all have come. set tells it; stop ends it.
	Transfer(what string, all int64) (set func(done int64), stop func())
}

// Run asks the hub about all models, says which are not to be had, sees whether there
// is room for the others, and fetches them.
func (d *Download) Run(ctx context.Context, keys []string) error {
	if err := os.MkdirAll(d.Dir, 0o755); err != nil {
		return fmt.Errorf("cannot make the directory of models: %w; choose another with --models", err)
	}
	held, err := lock.Take(filepath.Join(d.Dir, ".coldstart-download.lock"))
	var other *lock.HeldError
	if errors.As(err, &other) {
		return fmt.Errorf("models are being downloaded into %s by %s: wait for its end", d.Dir, other.Holder)
	}
	if err != nil {
		return err
	}
	defer held.Close()
	wanted, refused, err := d.ask(ctx, keys)
	if err != nil {
		return err
	}
	if err := d.fetchAll(ctx, wanted); err != nil {
		return err
	}
	if len(refused) > 0 {
		return fmt.Errorf("not fetched, for the reasons above: %s", strings.Join(refused, ", "))
	}
	return nil
}

// fetchAll sees whether there is room for models, and fetches them.
func (d *Download) fetchAll(ctx context.Context, wanted []asked) error {
	var all, left int64
	for _, a := range wanted {
		size := hub.Bytes(a.files)
		all, left = all+size, left+size-hub.Present(filepath.Join(d.Dir, a.key), a.files)
	}
	if err := NeedRoom(d.Dir, left); err != nil {
		return err
	}
	if len(wanted) > 0 {
		d.Screen.Notef("models to fetch into %s: %d, %.1f GB, of which %.1f GB are there",
			d.Dir, len(wanted), float64(all)/1e9, float64(all-left)/1e9)
	}
	for _, a := range wanted {
		if err := d.fetch(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

// ask asks the hub about models, and says at once which of them it refuses.
func (d *Download) ask(ctx context.Context, keys []string) (wanted []asked, refused []string, err error) {
	var names []string
	for _, key := range keys {
		names = append(names, repositoryOf(key))
	}
	found, err := d.Hub.Ask(ctx, names)
	if err != nil {
		return nil, nil, d.explain(err, "cannot ask the hub about models")
	}
	for i := range found {
		a := asked{key: keys[i], repository: &found[i], files: hub.Needed(found[i].Files)}
		switch failure := a.repository.Failure; {
		case failure != nil:
			d.Screen.Notef("%s: %s, %s", a.key, a.repository.Page, failure.Remedy())
		case len(a.files) == 0:
			d.Screen.Notef("%s: %s has no weights that vLLM reads", a.key, a.repository.Page)
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
	m, _ := paper.Model(key) // one that it lacks is refused before
	return m.Repository
}

// fetch fetches one model, and shows how it goes on.
func (d *Download) fetch(ctx context.Context, a asked) error {
	folder, begun := filepath.Join(d.Dir, a.key), time.Now()
	stop := d.watch(a, folder)
	err := d.Hub.Fetch(ctx, a.repository, a.files, folder)
	stop()
	if err == nil {
		err = Check(d.Dir, a.key)
	}
	if err != nil {
		return d.explain(err, a.key+" is not complete")
	}
	d.Screen.Notef("%s: complete, %.1f GB in %.0f s, %s at %.12s", a.key, float64(hub.Bytes(a.files))/1e9,
		time.Since(begun).Seconds(), a.repository.Name, a.repository.Revision)
	return nil
}

// watch shows how much of what is not there yet has come, until stop is called: every
// release of the hub's client writes into the folder, and tells of it in its own way.
func (d *Download) watch(a asked, folder string) (stop func()) {
	before := hub.Present(folder, a.files)
	set, end := d.Screen.Transfer(a.key, hub.Bytes(a.files)-before)
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for tick := time.Tick(time.Second); ; {
			select {
			case <-done:
				return
			case <-tick:
				set(max(0, hub.Present(folder, a.files)-before))
			}
		}
	}()
	return func() {
		close(done)
		<-ended
		end()
	}
}

// explain says how to go on after what ended a download.
func (d *Download) explain(err error, what string) error {
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("interrupted; the files that came whole are kept in %s, "+
			"and the same command goes on", d.Dir)
	}
	return fmt.Errorf("%s: %w", what, err)
}
