package registration

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"syscall"
)

// install puts the program into its directory, completely or not at all: it prepares a
// directory beside it and renames that. Another program than the one there takes its place
// and keeps everything else of the directory, such as the registration.
func (w *registrar) install() step {
	fresh, old := w.beside(".new"), w.beside(".old")
	does, shell := w.program.recipe(fresh)
	return step{
		name: "program", does: does, shell: shell,
		done: func(context.Context) bool { return w.System.exists(w.Dir) && !w.System.exists(old) && !w.update },
		do: func(ctx context.Context) error {
			if w.System.exists(w.Dir) {
				err := w.keep(old) // in case an update was interrupted
				if err != nil || !w.update {
					return err
				}
			}
			defer os.RemoveAll(w.System.path(fresh)) // in case of an error
			// Unpacking would disturb a measurement, and a job may come meanwhile.
			if err := w.idle(ctx); err != nil {
				return err
			}
			if err := w.prepare(ctx, fresh); err != nil {
				return err
			}
			return w.swap(ctx, fresh, old)
		},
	}
}

// swap moves a prepared directory into the program's place.
func (w *registrar) swap(ctx context.Context, fresh, old string) error {
	if w.System.exists(w.Dir) {
		if err := w.halt(ctx); err != nil {
			return err
		}
		if err := os.Rename(w.System.path(w.Dir), w.System.path(old)); err != nil {
			return err
		}
	}
	// An interruption after the rename would lose the version.
	if err := w.System.saveState(&w.Runner, &w.now); err != nil {
		return err
	}
	if err := os.Rename(w.System.path(fresh), w.System.path(w.Dir)); err != nil {
		return err
	}
	return w.keep(old)
}

// oldProgram are directories of releases that the runner, when it still updated itself, left.
var oldProgram = regexp.MustCompile(`^(bin|externals)\.`)

// keep moves what belongs to no program from the old directory into the new one, and removes
// the old one. It may be repeated, and there may be no old one.
func (w *registrar) keep(old string) error {
	entries, err := os.ReadDir(w.System.path(old))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, entry := range entries {
		name := entry.Name()
		if w.System.exists(w.Dir+"/"+name) || oldProgram.MatchString(name) {
			continue
		}
		if err := os.Rename(w.System.path(old+"/"+name), w.System.path(w.Dir+"/"+name)); err != nil {
			return err
		}
	}
	return os.RemoveAll(w.System.path(old))
}

// prepare makes the program's directory under another name.
func (w *registrar) prepare(ctx context.Context, fresh string) error {
	account, err := w.System.Lookup(w.User)
	if err != nil {
		return err
	}
	os.RemoveAll(w.System.path(fresh)) // of an earlier attempt
	if err := os.Mkdir(w.System.path(fresh), 0o750); err != nil {
		return err
	}
	into, err := os.OpenRoot(w.System.path(fresh))
	if err != nil {
		return err
	}
	defer into.Close()
	err = w.program.put(ctx, into, &w.now)
	if errors.Is(err, syscall.ENOSPC) {
		err = fmt.Errorf("%w; make room in %s, about 2 GB for GitHub's runner", err, path.Dir(w.Dir))
	}
	if err != nil {
		return err
	}
	if err := w.System.ownAll(into, account); err != nil {
		return err
	}
	return w.judge(ctx, fresh, account)
}

// judge asks the program for its release, which also shows that it runs on this machine.
func (w *registrar) judge(ctx context.Context, fresh string, account Account) error {
	args := w.program.version()
	output, err := w.System.Run(ctx, Command{Args: args, Dir: fresh, As: &account})
	if err := failed(args, output, err); err != nil {
		return err
	}
	os.RemoveAll(w.System.path(fresh + "/_diag")) // logs of this call
	installed := w.now.Version
	w.now.Version = releaseIn.FindString(output)
	if w.System.exists(w.Dir) && older(w.now.Version, installed) {
		return fmt.Errorf("release %s is installed here, and %s is older: give a newer one; nothing was replaced",
			installed, w.now.Version)
	}
	return w.program.accepts(ctx, w.now.Version, w.System.built(fresh))
}

// ownAll gives a directory and everything in it to an account.
func (s *System) ownAll(dir *os.Root, account Account) error {
	return fs.WalkDir(dir.FS(), ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return s.Own(dir, name, account)
	})
}
