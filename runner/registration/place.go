package registration

import (
	"context"
	"fmt"
	"os"
	"path"
)

// begin makes the parent directory and the state, by which coldstart knows its own.
func (w *registrar) begin() step {
	parent := path.Dir(w.Dir)
	return step{
		name:  "begin",
		does:  fmt.Sprintf("Make %s, and record in %s what was done", parent, w.stateFile()),
		shell: []string{"install -d -m 755 " + parent, "install -m 600 /dev/null " + w.stateFile()},
		done:  func(context.Context) bool { return w.System.exists(w.stateFile()) },
		do: func(context.Context) error {
			if err := os.MkdirAll(w.System.path(parent), 0o755); err != nil {
				return err
			}
			return w.System.onlyRoots(parent)
		},
	}
}

// onlyRoots refuses a directory in which another user could replace what root made.
func (s *System) onlyRoots(dir string) error {
	info, err := os.Lstat(s.path(dir))
	if err != nil {
		return err
	}
	if !info.IsDir() || info.Mode().Perm()&0o022 != 0 || s.Owner(info) != uint32(s.UID) {
		return fmt.Errorf("%s is not a directory that only root may write to: give another with --dir", dir)
	}
	return nil
}

// account makes the runner's user, unless it exists.
func (w *registrar) account() step {
	args := []string{"useradd", "--system", "--create-home", "--home-dir", path.Join(homeDir, w.User),
		"--shell", "/usr/sbin/nologin", w.User}
	return step{
		name:  "user",
		does:  fmt.Sprintf("Make the user %s, if there is none", w.User),
		shell: []string{Command{Args: args}.String()},
		done:  func(context.Context) bool { _, err := w.System.Lookup(w.User); return err == nil },
		do:    func(ctx context.Context) error { return w.System.run(ctx, args...) },
	}
}
