package lock

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestBases(t *testing.T) {
	tests := []struct {
		user    int
		session string
		want    []string
	}{
		{0, "/run/user/0", []string{"/run"}},
		{1000, "/tmp/job-7", []string{"/run/user/1000", "/tmp/job-7"}},
	}
	for _, test := range tests {
		if got := bases(test.user, test.session); !slices.Equal(got, test.want) {
			t.Errorf("user %d: %q, want %q", test.user, got, test.want)
		}
	}
}

// Locks lie only in a directory that nobody else can write to.
func TestFirstOwn(t *testing.T) {
	tests := map[string]struct {
		make func(t *testing.T, dir string) // what is there before
		user int                            // 0: this one
		want string                         // directory or error
	}{
		"the first base":       {func(t *testing.T, dir string) { mkdir(t, dir, "a", 0o700) }, 0, "a/coldstart"},
		"another one":          {func(t *testing.T, dir string) { mkdir(t, dir, "b", 0o755) }, 0, "b/coldstart"},
		"no base":              {func(*testing.T, string) {}, 0, "private"},
		"a base for all":       {func(t *testing.T, dir string) { mkdir(t, dir, "a", 0o777) }, 0, "private"},
		"a base behind a link": {func(t *testing.T, dir string) { mkdir(t, dir, "c", 0o700); link(t, dir, "c", "a") }, 0, "private"},
		"a link in a base":     {func(t *testing.T, dir string) { mkdir(t, dir, "a", 0o700); link(t, dir, "c", "a/coldstart") }, 0, "private"},
		"a planted link": {func(t *testing.T, dir string) { mkdir(t, dir, "c", 0o700); link(t, dir, "c", "private") }, 0,
			"private is not a directory that only user"},
		"a directory for all": {func(t *testing.T, dir string) { mkdir(t, dir, "private", 0o777) }, 0, "private is not a directory that only user"},
		"somebody else's":     {func(t *testing.T, dir string) { mkdir(t, dir, "private", 0o700) }, 4321, "private is not a directory that only user 4321 "},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			test.make(t, dir)
			user := test.user
			if user == 0 {
				user = os.Geteuid()
			}
			bases := []string{filepath.Join(dir, "a"), "", filepath.Join(dir, "b")}
			got, err := firstOwn(user, bases, filepath.Join(dir, "private"))
			if err != nil {
				got = err.Error()
			}
			if !strings.HasPrefix(got, filepath.Join(dir, test.want)) {
				t.Errorf("got %s, want %s", got, test.want)
			}
			if (err != nil) != strings.Contains(got, "set XDG_RUNTIME_DIR") {
				t.Errorf("%s: want a remedy for whoever cannot remove it", got)
			}
		})
	}
}

func mkdir(t *testing.T, dir, name string, mode os.FileMode) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.Mkdir(path, mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil { // whatever the mask is
		t.Fatal(err)
	}
}

func link(t *testing.T, dir, to, name string) {
	t.Helper()
	if err := os.Symlink(filepath.Join(dir, to), filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
}

// What keeps a user out of /tmp does not keep him from measuring: the remedy works.
func TestFirstOwnPlanted(t *testing.T) {
	dir := t.TempDir()
	mkdir(t, dir, "planted", 0o777)
	mkdir(t, dir, "session", 0o700)
	planted, user := filepath.Join(dir, "planted"), os.Geteuid()
	if _, err := firstOwn(user, []string{""}, planted); err == nil {
		t.Error("a directory for all was taken")
	}
	if got, err := firstOwn(user, []string{filepath.Join(dir, "session")}, planted); err != nil || got != filepath.Join(dir, "session/coldstart") {
		t.Errorf("with the session's directory: %s, %v", got, err)
	}
}

// Of several locks all are taken, or none.
func TestTakeAll(t *testing.T) {
	a, b := filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b")
	other, err := Take(b)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := TakeAll(a, b); err == nil {
		t.Fatal("a lock that is held was taken")
	}
	other.Close()
	held, err := TakeAll(a, b)
	if err != nil {
		t.Fatalf("the first lock is still held: %v", err)
	}
	Release(held)
}
