package result

import (
	"archive/zip"
	"cmp"
	"errors"
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
	own := filepath.Base(dir)
	if !cellArtifact.MatchString(own) { // a name that a person chose
		own = ""
	}
	f.walk(os.DirFS(dir), dir, own, f.addArchive)
	return f, nil
}

// walk adds the documents in files, whose name for people is name, and which are in an
// artifact of a cell if that is not empty. It calls onArchive with each archive.
func (f *findings) walk(files fs.FS, name, artifact string, onArchive func(document)) {
	fs.WalkDir(files, ".", func(place string, entry fs.DirEntry, err error) error {
		found := document{
			files: files, path: place, name: filepath.Join(name, filepath.FromSlash(place)),
			artifact: cmp.Or(artifact, artifactIn(place)),
		}
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
			onArchive(found)
		}
		return nil
	})
}

const archiveEnding = ".zip"

// isDocument tells whether a file is read if it is a plain one.
func isDocument(place string) bool {
	return slices.Contains([]string{planFile, cellFile}, path.Base(place)) || path.Ext(place) == archiveEnding
}

// withoutCopies tells the plans that are not in a cell's artifact from the copies there: those
// in an artifact of its name, and those with cells below them.
func (f *findings) withoutCopies() (own, copies []document) {
	hasCells := map[string]bool{} // folders, with all that they lie in
	for _, cell := range f.cells {
		for folder := filepath.Dir(cell.name); !hasCells[folder]; folder = filepath.Dir(folder) {
			hasCells[folder] = true
		}
	}
	for _, plan := range f.plans {
		if plan.artifact != "" || hasCells[filepath.Dir(plan.name)] {
			copies = append(copies, plan)
		} else {
			own = append(own, plan)
		}
	}
	return own, copies
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

// addArchive adds the documents of an archive, unless any entry of it is odd. An archive
// without documents is somebody else's. coldstart puts no archive into an artifact.
func (f *findings) addArchive(found document) {
	leaveOut := func(err error) { f.unreadable = append(f.unreadable, fmt.Errorf("%s: %w", found.name, err)) }
	if found.artifact != "" && found.artifact != path.Base(found.path) {
		leaveOut(errors.New("an archive in the artifact of a cell"))
		return
	}
	archive, err := zip.OpenReader(found.name)
	if err != nil {
		leaveOut(fmt.Errorf("%w; download the artifact again", err))
		return
	}
	f.archives = append(f.archives, archive)
	if !slices.ContainsFunc(archive.File, func(entry *zip.File) bool { return isDocument(entry.Name) }) {
		return
	}
	if err := check(archive.File); err != nil {
		leaveOut(err)
		return
	}
	f.walk(archive, found.name, found.artifact, func(document) {})
}

// Bounds of an archive: reading a name takes time and memory for each folder in it, times its
// length, and entries may overlap, so that a small archive has any number of bytes.
const (
	longestName    = 512 // bytes
	deepestName    = 16  // folders
	largestArchive = 4 * largestDocument
)

// check refuses entries that no artifact has, and too many bytes besides the logs, which are
// not read. An entry has no more bytes than it says: package zip ends there.
func check(entries []*zip.File) error {
	var size uint64
	for _, entry := range entries {
		if err := checkEntry(entry); err != nil {
			return err
		}
		if !strings.Contains("/"+entry.Name, "/logs/") {
			size += min(entry.UncompressedSize64, largestArchive)
		}
	}
	if size > largestArchive {
		return fmt.Errorf("the files besides the logs have more than %d bytes together; "+
			"unpack the archive, and name its directory", largestArchive)
	}
	return nil
}

// checkEntry refuses long and deep names, names that lead out, and links.
func checkEntry(entry *zip.File) error {
	switch {
	case len(entry.Name) > longestName:
		return fmt.Errorf("%q… has a name of %d bytes, more than any artifact of coldstart has", entry.Name[:40], len(entry.Name))
	case strings.Count(entry.Name, "/") > deepestName:
		return fmt.Errorf("%q is in more than %d folders, more than any artifact of coldstart has", entry.Name, deepestName)
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
