package models

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"coldstart/reports/result"
	"coldstart/runner/lock"
)

// Absent are the models that are missing from dir, or incomplete. An original never
// overwrites a stand-in.
func Absent(dir string, wanted []result.Model) (missing []result.Model, err error) {
	var standIns []string
	for _, m := range wanted {
		switch folder := FolderOf(&m); {
		case IsStandIn(dir, folder):
			standIns = append(standIns, folder)
		case Check(dir, folder) != nil:
			missing = append(missing, m)
		}
	}
	if len(standIns) > 0 {
		return nil, fmt.Errorf("%s has stand-ins in place of the originals: "+
			"remove them with 'coldstart models remove %s --models %s', or choose another directory with --models",
			dir, strings.Join(standIns, " "), dir)
	}
	return missing, nil
}

// asked is a model that is to be fetched.
type asked struct {
	key        string // the name of its folder
	repository *repository
	files      []file
}

// Download fetches originals from the hub into a directory.
type Download struct {
	Hub    source // a Hub, but in tests
	Dir    string
	Screen Screen
}

// source has the originals.
type source interface {
	ask(ctx context.Context, names []string) ([]repository, error)
	fetch(ctx context.Context, r *repository, files []file, dir string) error
}

// Screen shows the progress of a download.
type Screen interface {
	Notef(format string, args ...any)
	// Transfer shows how many bytes of all have arrived, as set says, until stop.
	Transfer(what string, all int64) (set func(done int64), stop func())
}

// Run asks the hub about all models, notes those that it refuses, checks that the disk
// has room for the others, and fetches them.
func (d *Download) Run(ctx context.Context, missing []result.Model) error {
	if err := os.MkdirAll(d.Dir, 0o755); err != nil {
		return fmt.Errorf("cannot make the directory of models: %w; choose another with --models", err)
	}
	held, err := lock.Take(filepath.Join(d.Dir, ".coldstart-download.lock"))
	var other *lock.HeldError
	if errors.As(err, &other) {
		return fmt.Errorf("%s downloads models into %s: wait until it has finished", other.Holder, d.Dir)
	}
	if err != nil {
		return err
	}
	defer held.Close()
	wanted, refused, err := d.ask(ctx, missing)
	if err != nil {
		return err
	}
	if err := d.fetchAll(ctx, wanted); err != nil {
		return err
	}
	if len(refused) > 0 {
		return fmt.Errorf("not downloaded, for the reasons above: %s", strings.Join(refused, ", "))
	}
	return nil
}

func (d *Download) fetchAll(ctx context.Context, wanted []asked) error {
	var all, left int64
	for _, a := range wanted {
		size := bytesOf(a.files)
		all, left = all+size, left+size-present(filepath.Join(d.Dir, a.key), a.files)
	}
	if err := NeedRoom(d.Dir, left); err != nil {
		return err
	}
	if len(wanted) > 0 {
		d.Screen.Notef("models to download into %s: %d, %.1f GB, of which %.1f GB are there",
			d.Dir, len(wanted), float64(all)/1e9, float64(all-left)/1e9)
	}
	for _, a := range wanted {
		if err := d.fetch(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

// ask asks the hub about models, and notes those that it refuses.
func (d *Download) ask(ctx context.Context, missing []result.Model) (wanted []asked, refused []string, err error) {
	var names []string
	for _, m := range missing {
		if m.Repository == "" {
			return nil, nil, fmt.Errorf("model %s has no repository: in hardware-matrix.yaml: put its files into %s",
				m.Key, filepath.Join(d.Dir, FolderOf(&m)))
		}
		names = append(names, m.Repository)
	}
	found, err := d.Hub.ask(ctx, names)
	if err != nil {
		return nil, nil, d.explain(err, "cannot ask the hub about models")
	}
	for i := range found {
		a := asked{key: FolderOf(&missing[i]), repository: &found[i], files: needed(found[i].Files)}
		switch failure := a.repository.Failure; {
		case failure != nil:
			d.Screen.Notef("%s: %s: %s", a.key, a.repository.Page, remedies[failure.Kind])
		case len(a.files) == 0:
			d.Screen.Notef("%s: %s: vLLM reads no format of its weights", a.key, a.repository.Page)
		default:
			wanted = append(wanted, a)
			continue
		}
		refused = append(refused, a.key)
	}
	return wanted, refused, nil
}

func (d *Download) fetch(ctx context.Context, a asked) error {
	folder, begun := filepath.Join(d.Dir, a.key), time.Now()
	stop := d.watch(a, folder)
	err := d.Hub.fetch(ctx, a.repository, a.files, folder)
	stop()
	if err == nil {
		err = Check(d.Dir, a.key)
	}
	if err != nil {
		return d.explain(err, a.key+" is incomplete")
	}
	d.Screen.Notef("%s: complete, %.1f GB in %.0f s, %s at %.12s", a.key, float64(bytesOf(a.files))/1e9,
		time.Since(begun).Seconds(), a.repository.Name, a.repository.Revision)
	return nil
}

// watch shows how many missing bytes have arrived, until stop is called. It looks into the
// folder, since each release of the hub's client reports progress in its own way.
func (d *Download) watch(a asked, folder string) (stop func()) {
	before := present(folder, a.files)
	set, end := d.Screen.Transfer(a.key, bytesOf(a.files)-before)
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for tick := time.Tick(time.Second); ; {
			select {
			case <-done:
				return
			case <-tick:
				set(max(0, present(folder, a.files)-before))
			}
		}
	}()
	return func() {
		close(done)
		<-ended
		end()
	}
}

// explain says what to do after an error ended a download.
func (d *Download) explain(err error, what string) error {
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("interrupted; complete files are kept in %s: %s", d.Dir, again)
	}
	return fmt.Errorf("%s: %w", what, err)
}
