package console

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
	"testing"
)

func TestPlain(t *testing.T) {
	t.Parallel()
	missing := &fs.PathError{Op: "stat", Path: "a/b", Err: syscall.ENOENT}
	for want, err := range map[string]error{
		"a/b: no such file or directory":                                    missing,
		"cannot read it: a/b: no such file or directory; name another":      fmt.Errorf("cannot read it: %w; name another", missing),
		"a/b: no such file or directory\nother":                             errors.Join(fmt.Errorf("a/b: %w", missing), errors.New("other")),
		"b: permission denied":                                              &os.LinkError{Op: "rename", Old: "a", New: "b", Err: syscall.EACCES},
		"there is no system call here: stat a/b: no such file or directory": errors.New("there is no system call here: " + missing.Error()),
		"no figure \"x\": x: file name too long, and a/b: no such file or directory": fmt.Errorf("no figure %q: %w, and %w", "x",
			&fs.PathError{Op: "open", Path: "x", Err: syscall.ENAMETOOLONG}, missing),
	} {
		if got := Plain(err); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
