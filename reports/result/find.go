package result

import (
	"archive/zip"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// findings are the documents of results below a directory, in lexical order.
type findings struct {
	plans, cells []document
	archives     []*zip.ReadCloser
	unreadable   []error // archives and directories, each with its name
}

// findDocuments finds the plans and cells in a directory and in its archives: an
// artifact downloaded with a browser is an archive. Archives are never unpacked, so
// that no name in them can lead out.
func findDocuments(dir string) (*findings, error) {
	f := new(findings)
	if _, err := os.ReadDir(dir); err != nil {
		return nil, onDisk(dir).wrap(err)
	}
	f.walk(os.DirFS(dir), dir, f.addArchive)
	return f, nil
}

// walk adds the documents in files, whose name for people is name. It calls onArchive
// with the path of each archive.
func (f *findings) walk(files fs.FS, name string, onArchive func(path string)) {
	fs.WalkDir(files, ".", func(place string, entry fs.DirEntry, err error) error {
		found := document{files: files, path: place, name: filepath.Join(name, filepath.FromSlash(place))}
		switch {
		case err != nil:
			f.unreadable = append(f.unreadable, found.wrap(err))
		case entry.IsDir() && entry.Name() == "logs" && place != ".":
			return fs.SkipDir
		case entry.IsDir():
		case !entry.Type().IsRegular():
			if isDocument(place) {
				f.unreadable = append(f.unreadable, fmt.Errorf("%s: not a plain file", found.name))
			}
		case entry.Name() == planFile:
			f.plans = append(f.plans, found)
		case entry.Name() == cellFile:
			f.cells = append(f.cells, found)
		case path.Ext(place) == archiveEnding:
			onArchive(found.name)
		}
		return nil
	})
}

const archiveEnding = ".zip"

// isDocument tells whether a file is read if it is a plain one.
func isDocument(place string) bool {
	return slices.Contains([]string{planFile, cellFile}, path.Base(place)) || path.Ext(place) == archiveEnding
}

// ofTheSession are the plans that count: those without cells below them, where there are
// such. A cell's artifact has a copy of the plan, which counts only where the plan's own
// artifact is missing.
func (f *findings) ofTheSession() []document {
	hasCells := map[string]bool{} // folders, with all that they lie in
	for _, cell := range f.cells {
		for folder := filepath.Dir(cell.name); !hasCells[folder]; folder = filepath.Dir(folder) {
			hasCells[folder] = true
		}
	}
	alone := slices.DeleteFunc(slices.Clone(f.plans), func(plan document) bool { return hasCells[filepath.Dir(plan.name)] })
	if len(alone) == 0 {
		return f.plans
	}
	return alone
}

// withSum are the plans whose file has a SHA-256, written in hexadecimal digits. Those
// that cannot be read have another one.
func (f *findings) withSum(sum string) (plans []document) {
	for _, plan := range f.plans {
		if its, err := plan.sum(); err == nil && its == sum {
			plans = append(plans, plan)
		}
	}
	return plans
}

// addArchive adds the documents of an archive, unless any entry of it is odd.
func (f *findings) addArchive(path string) {
	archive, err := zip.OpenReader(path)
	if err != nil {
		f.unreadable = append(f.unreadable, fmt.Errorf("%s: %w; download the artifact again", path, err))
		return
	}
	f.archives = append(f.archives, archive)
	for _, entry := range archive.File {
		if err := check(entry); err != nil {
			f.unreadable = append(f.unreadable, fmt.Errorf("%s: %w", path, err))
			return
		}
	}
	f.walk(archive, path, func(string) {})
}

// longestName bounds the names in an archive, in bytes: reading one takes time and memory
// for each folder in it, times its length.
const longestName = 512

// check refuses entries that no artifact has: long names, names that lead out, and
// links.
func check(entry *zip.File) error {
	switch {
	case len(entry.Name) > longestName:
		return fmt.Errorf("%q… has a name of %d bytes, more than any artifact of coldstart has", entry.Name[:40], len(entry.Name))
	case !fs.ValidPath(strings.TrimSuffix(entry.Name, "/")):
		return fmt.Errorf("%q leads out of the archive, which is not an artifact of coldstart", entry.Name)
	case entry.Mode()&fs.ModeSymlink != 0:
		return fmt.Errorf("%q is a link; the archive is not an artifact of coldstart", entry.Name)
	}
	return nil
}

func (f *findings) close() {
	for _, archive := range f.archives {
		archive.Close()
	}
}
