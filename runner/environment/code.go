package environment

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

// code is the state of a package's code files.
type code struct {
	hash   string    // of path, size and time of each file
	newest string    // path of the newest file, as in RECORD
	time   time.Time // of the newest file
}

// codeOf reads the state of the code files that a package was installed with, from the
// list beside its metadata (PEP 376). It is nil if there is no list, as for Debian's
// packages. Files that a package writes later are not listed.
func codeOf(metadata string) (*code, error) {
	list, err := os.Open(filepath.Join(metadata, "RECORD"))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer list.Close()
	lines := csv.NewReader(list)
	lines.FieldsPerRecord, lines.LazyQuotes, lines.ReuseRecord = -1, true, true
	hash, c := sha256.New(), &code{}
	for {
		line, err := lines.Read()
		if errors.Is(err, io.EOF) {
			c.hash = hex.EncodeToString(hash.Sum(nil))
			return c, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", list.Name(), err)
		}
		if !slices.Contains([]string{".py", ".so"}, filepath.Ext(line[0])) {
			continue
		}
		info, err := os.Stat(filepath.Join(filepath.Dir(metadata), line[0]))
		if err != nil {
			fmt.Fprintln(hash, line[0], "is gone")
			continue
		}
		fmt.Fprintln(hash, line[0], info.Size(), info.ModTime().Unix())
		if info.ModTime().After(c.time) {
			c.newest, c.time = line[0], info.ModTime()
		}
	}
}

// declaredCode is the hashes of the code of the declared packages and of those that were
// built from the repository, by package.
func (e Environment) declaredCode(have *inventory) (hashes map[string]string, err error) {
	hashes = map[string]string{}
	for _, name := range append(e.declaredNames(), e.builtNames(have)...) {
		if have.metadata[name] == "" {
			continue
		}
		c, err := codeOf(have.metadata[name])
		if err != nil {
			return nil, err
		}
		if c != nil {
			hashes[name] = c.hash
		}
	}
	return hashes, nil
}

// declaredNames are the names of the declared packages.
func (e Environment) declaredNames() (names []string) {
	for _, text := range slices.Concat(e.Packages, e.NoDeps, e.Overrides) {
		if r, err := ParseRequirement(text); err == nil {
			names = append(names, r.Name)
		}
	}
	return names
}

// edited is a fault for each declared package whose code was changed.
func (r *Record) edited(have *inventory) (faults []string, err error) {
	for _, name := range slices.Sorted(maps.Keys(r.Code)) {
		c, err := codeOf(have.metadata[name])
		if err != nil {
			return nil, err
		}
		if c != nil && c.hash == r.Code[name] {
			continue
		}
		fault := "files of " + name + " were changed"
		if c != nil && c.newest != "" {
			fault += fmt.Sprintf(" (the newest is %s, of %s)", c.newest, c.time.Format(time.DateTime))
		}
		faults = append(faults, fault)
	}
	return faults, nil
}
