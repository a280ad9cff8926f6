package environment

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

// code is the state of a package's files of code.
type code struct {
	hash   string    // of the path, size and time of each
	newest string    // path, as its RECORD has it
	time   time.Time // of the newest
}

// codeOf looks at the files of code that a package was installed with, by the list
// that is kept beside its metadata (PEP 376). There is nil where there is no list, as
// of Debian's packages. What a package compiles or writes later is not on it.
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

// declaredCode is the hashes of the declared packages' code, by their names.
func (e Environment) declaredCode(have *inventory) (hashes map[string]string, err error) {
	hashes = map[string]string{}
	for _, text := range e.requirements() {
		r, err := ParseRequirement(text)
		if err != nil || have.metadata[r.Name] == "" {
			continue
		}
		c, err := codeOf(have.metadata[r.Name])
		if err != nil {
			return nil, err
		}
		if c != nil {
			hashes[r.Name] = c.hash
		}
	}
	return hashes, nil
}

// edited is all declared packages whose code was changed.
func (r *Record) edited(have *inventory) (faults []string, err error) {
	for _, p := range have.packages {
		was := r.Code[p.Name]
		if was == "" {
			continue
		}
		c, err := codeOf(have.metadata[p.Name])
		if err != nil {
			return nil, err
		}
		if c == nil || c.hash != was {
			fault := "files of " + p.Name + " were changed"
			if c != nil && c.newest != "" {
				fault += fmt.Sprintf(" (the newest is %s, of %s)", c.newest, c.time.Format(time.DateTime))
			}
			faults = append(faults, fault)
		}
	}
	return faults, nil
}
