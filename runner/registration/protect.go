package registration

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// protect makes the credentials unreadable for others.
func (w *registrar) protect() step {
	_, all := w.program.files()
	files := strings.Join(all, " ")
	return step{
		name:  "protect",
		does:  fmt.Sprintf("Let %s alone read its credentials, as far as these exist", w.User),
		shell: []string{"cd " + w.Dir, "chmod 600 " + files, "chown " + w.User + ": " + files},
		done:  func(context.Context) bool { return w.eachCredential(w.isProtected) == nil },
		do:    func(context.Context) error { return w.eachCredential(w.makeProtected) },
	}
}

// eachCredential visits the existing credentials.
func (w *registrar) eachCredential(do func(dir *os.Root, name string, info fs.FileInfo, to Account) error) error {
	account, err := w.System.Lookup(w.User)
	if err != nil {
		return err
	}
	return w.inCredentials(func(dir *os.Root, name string) error {
		info, err := dir.Lstat(name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		case !info.Mode().IsRegular():
			return fmt.Errorf("%s/%s is a special file: remove it, and run this again", w.Dir, name)
		}
		return do(dir, name, info, account)
	})
}

// inCredentials visits the names of the credentials, whether they exist or not. A job may
// write to the directory: os.Root follows no link out of it.
func (w *registrar) inCredentials(do func(dir *os.Root, name string) error) error {
	dir, err := os.OpenRoot(w.System.path(w.Dir))
	if err != nil {
		return err
	}
	defer dir.Close()
	_, all := w.program.files()
	for _, name := range all {
		if err := do(dir, name); err != nil {
			return err
		}
	}
	return nil
}

func (w *registrar) isProtected(_ *os.Root, name string, info fs.FileInfo, to Account) error {
	if info.Mode().Perm() != 0o600 || w.System.Owner(info) != to.UID {
		return errors.New("readable for others")
	}
	return nil
}

func (w *registrar) makeProtected(dir *os.Root, name string, _ fs.FileInfo, to Account) error {
	if err := w.System.Own(dir, name, to); err != nil {
		return err
	}
	return dir.Chmod(name, 0o600)
}
