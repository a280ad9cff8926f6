package registration

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"syscall"
)

// install puts the program into its directory, completely or not at all: it prepares a
// directory beside it and renames that.
func (w *registrar) install() step {
	fresh := w.beside(".new")
	does, shell := w.program.recipe(fresh)
	return step{
		name: "program", does: does, shell: shell,
		done: func(context.Context) bool { return w.System.exists(w.Dir) },
		do: func(ctx context.Context) error {
			defer os.RemoveAll(w.System.path(fresh)) // in case of an error
			if err := w.prepare(ctx, fresh); err != nil {
				return err
			}
			// An interruption after the rename would lose the version.
			if err := w.System.saveState(&w.Runner, &w.now); err != nil {
				return err
			}
			return os.Rename(w.System.path(fresh), w.System.path(w.Dir))
		},
	}
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
		err = fmt.Errorf("%w; make room for about 2 GB in %s", err, path.Dir(w.Dir))
	}
	if err != nil {
		return err
	}
	return w.System.ownAll(into, account)
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
