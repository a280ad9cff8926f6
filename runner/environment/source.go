package environment

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"coldstart/reports/result"
	"coldstart/runner/revision"
)

// sourceOf is where the repository is checked out while an environment in a directory is
// made.
func sourceOf(dir string) string { return filepath.Join(dir, "source") }

// checkOut checks out the repository that has the source of the environment, if it has one,
// and returns the source's directory.
func (m *maker) checkOut(ctx context.Context) (string, error) {
	e := m.environment
	if e.Source == "" {
		return "", nil
	}
	if _, err := e.Repository.Tree(ctx, e.Commit, e.Source); err != nil {
		return "", fmt.Errorf("source: %w", err)
	}
	m.Progress(fmt.Sprintf("building %s of commit %s, without uncommitted changes", e.Source, e.Commit.Short()))
	clone := sourceOf(m.dir)
	if err := e.Repository.CheckOut(ctx, e.Commit, clone); err != nil {
		return "", fmt.Errorf("commit %s cannot be checked out: %w", e.Commit.Short(), err)
	}
	return filepath.Join(clone, filepath.FromSlash(e.Source)), nil
}

// builtFrom is the source of a package that was built from the repository.
func builtFrom(c revision.Commit) string { return result.BuiltFrom(c.Short()) }

// builtNames are the packages that were built from the environment's source.
func (e Environment) builtNames(have *inventory) (names []string) {
	if e.Source == "" {
		return nil
	}
	for _, p := range have.packages {
		if p.Source == builtFrom(e.Commit) {
			names = append(names, p.Name)
		}
	}
	return names
}

// unusedFor is how long an environment that was built from a commit is kept after its last
// use.
const unusedFor = 14 * 24 * time.Hour

// used notes that an environment that was built from a commit is in use.
func (s Store) used(e Environment) error {
	if e.Commit == "" {
		return nil
	}
	now := time.Now()
	return os.Chtimes(filepath.Join(s.path(e), recordFile), now, now)
}

// removeUnused removes environments that were built from commits and have not been used for
// a while: each commit has its own, and nobody asks for an old one. What cannot be removed
// stays.
func (s Store) removeUnused(progress func(string)) {
	records, _ := filepath.Glob(filepath.Join(s.Dir, "*", recordFile)) // of a good pattern
	for _, path := range records {
		dir := filepath.Dir(path)
		if info, err := os.Stat(path); err != nil || time.Since(info.ModTime()) < unusedFor {
			continue
		}
		record, err := readRecord(dir)
		if err != nil || record == nil || record.Environment.Commit == "" {
			continue
		}
		held, err := take(dir+".lock", record.Environment.Name)
		if err != nil {
			continue
		}
		if remove(dir) == nil {
			progress(fmt.Sprintf("removed %s, not used for %.0f days", filepath.Base(dir), unusedFor.Hours()/24))
		}
		held.Close()
	}
}
