package swap

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type files map[string]string // content by name; a name that ends in / is a directory

func (f files) write(t *testing.T, dir string) {
	t.Helper()
	for name, text := range f {
		path := filepath.Join(dir, name)
		err := os.MkdirAll(filepath.Dir(path), 0o755)
		if filepath.Base(name) != name && name[len(name)-1] == '/' {
			err = os.MkdirAll(path, 0o755)
		} else if err == nil {
			err = os.WriteFile(path, []byte(text), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func read(t *testing.T, dir string) files {
	t.Helper()
	found := files{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			text, err := os.ReadFile(filepath.Join(dir, name))
			found[name] = string(text)
			return err
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func inode(t *testing.T, path string) fs.FileInfo {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func TestInto(t *testing.T) {
	fresh := files{"a": "new", "data/n": "new"}
	tests := map[string]struct {
		old   files // nil: there is no directory
		stale []string
		want  files // besides the new ones
		whole bool  // the directory is another one afterwards
	}{
		"nothing is there":     {nil, nil, nil, false},
		"an empty directory":   {files{}, nil, nil, true},
		"an earlier one":       {files{"a": "old", "data/n": "old"}, nil, nil, true},
		"stale files":          {files{"a": "old", "b": "old", "data/m": "old"}, []string{"b", "data/m"}, nil, true},
		"somebody's files":     {files{"b": "mine", "data/m": "mine"}, []string{"not there"}, files{"b": "mine", "data/m": "mine"}, true},
		"somebody's directory": {files{"a": "old", "b": "old", "c/d": "mine"}, []string{"b"}, files{"c/d": "mine"}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			around := t.TempDir()
			dir := filepath.Join(around, "report")
			var before fs.FileInfo
			if test.old != nil {
				if err := os.Mkdir(dir, 0o750); err != nil {
					t.Fatal(err)
				}
				test.old.write(t, dir)
				before = inode(t, dir)
			}
			fill := func(dir string) error { fresh.write(t, dir); return nil }
			if err := Into(dir, "data", test.stale, fill); err != nil {
				t.Fatal(err)
			}
			want := maps.Clone(fresh)
			maps.Copy(want, test.want)
			if diff := cmp.Diff(want, read(t, dir)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			expectAlone(t, around)
			if before == nil {
				return
			}
			after := inode(t, dir)
			if whole := !os.SameFile(before, after); whole != test.whole || after.Mode() != before.Mode() {
				t.Errorf("exchanged %t, mode %v, before %v", whole, after.Mode(), before.Mode())
			}
		})
	}
}

// expectAlone expects nothing but the report in a directory.
func expectAlone(t *testing.T, around string) {
	t.Helper()
	entries, err := os.ReadDir(around)
	if err != nil || len(entries) != 1 {
		t.Errorf("%v is beside the report, %v", entries, err)
	}
}

// What cannot be written whole leaves the old files as they were.
func TestIntoFails(t *testing.T) {
	around, failure := t.TempDir(), errors.New("disk full")
	dir := filepath.Join(around, "report")
	old := files{"a": "old", "data/n": "old"}
	old.write(t, dir)
	err := Into(dir, "data", []string{"a"}, func(dir string) error { files{"a": "new"}.write(t, dir); return failure })
	if !errors.Is(err, failure) {
		t.Errorf("error %v", err)
	}
	if diff := cmp.Diff(old, read(t, dir)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	expectAlone(t, around)
}

// The working directory stays the one that its user is in, and a link stays a link.
func TestIntoThroughLinks(t *testing.T) {
	fill := func(dir string) error { files{"a": "new"}.write(t, dir); return nil }
	for _, old := range []files{{}, {"a": "old"}} {
		here := t.TempDir()
		old.write(t, here)
		t.Chdir(here)
		before := inode(t, here)
		if err := Into(".", "data", nil, fill); err != nil || !os.SameFile(before, inode(t, here)) || read(t, here)["a"] != "new" {
			t.Errorf("%v, %v", err, read(t, here))
		}
	}
	around := t.TempDir()
	files{"there/a": "old"}.write(t, around)
	if err := os.Symlink("there", filepath.Join(around, "link")); err != nil {
		t.Fatal(err)
	}
	if err := Into(filepath.Join(around, "link"), "data", nil, fill); err != nil || read(t, filepath.Join(around, "there"))["a"] != "new" {
		t.Error(err)
	}
	if target, err := os.Readlink(filepath.Join(around, "link")); target != "there" {
		t.Errorf("the link leads to %q, %v", target, err)
	}
}

// What a killed process left is removed once nobody can be writing it.
func TestLeftovers(t *testing.T) {
	around := t.TempDir()
	dir := filepath.Join(around, "report")
	left := files{".report.new-1/a": "", ".report.new-2/a": ""}
	left.write(t, around)
	old := inode(t, around).ModTime().Add(-2 * leftover)
	if err := os.Chtimes(filepath.Join(around, ".report.new-1"), old, old); err != nil {
		t.Fatal(err)
	}
	if err := Into(dir, "data", nil, func(string) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(files{".report.new-2/a": ""}, read(t, around)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
