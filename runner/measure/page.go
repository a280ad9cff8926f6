package measure

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/google/renameio/v2"

	"coldstart/reports/phase"
	"coldstart/reports/result"
)

// page is the runs of one identity.
type page struct{ dir string }

// entry is one finished run.
type entry struct {
	Run       result.Run       `json:"run"`                  // without the numbers that point into its cell
	Setup     phase.Setup      `json:"setup,omitzero"`       // of the engine, as far as the log says
	Usage     *result.CPUUsage `json:"-"`                    // nil if the set does not sample the cores
	PageCache string           `json:"page_cache,omitempty"` // life in which the run ended, see local.PageCacheLife
	try       int              // from 1 on
	page      *page
}

// entryFile is the form of an entry's .json.
type entryFile struct {
	Schema int `json:"schema"`
	entry
}

// keep writes down a finished run, with the log that lies at a path. The log is stored
// once, under both names.
func (p *page) keep(e entry, try int, log string) error {
	e.try, e.page = try, p
	if err := share(e.path(".log"), log); err != nil {
		return err
	}
	if e.Usage != nil {
		var text bytes.Buffer
		if err := e.Usage.WriteCSV(&text); err != nil {
			return err
		}
		if err := result.WriteFile(e.path(".csv"), text.Bytes()); err != nil {
			return err
		}
	}
	text, err := json.MarshalIndent(entryFile{result.Schema, e}, "", "  ")
	if err != nil {
		return err
	}
	return result.WriteFile(e.path(".json"), append(text, '\n'))
}

// shareLog puts the log of the run at a path too.
func (e *entry) shareLog(to string) error { return share(to, e.path(".log")) }

func (e *entry) path(ending string) string {
	return filepath.Join(e.page.dir, fmt.Sprintf("%d.%d%s", e.Run.Iteration, e.try, ending))
}

// entries are the runs of an iteration, in the order in which they were tried.
func (p *page) entries(iteration int) ([]entry, error) {
	found, err := os.ReadDir(p.dir)
	if err != nil {
		return nil, err
	}
	var entries []entry
	for _, file := range found {
		var of, try int
		fmt.Sscanf(file.Name(), "%d.%d.json", &of, &try) // leaves zeros in other names
		if of != iteration || file.Name() != fmt.Sprintf("%d.%d.json", of, try) {
			continue
		}
		e := entry{try: try, page: p, Run: result.Run{Iteration: iteration}}
		if err := e.read(); err != nil {
			return nil, fmt.Errorf("%w; move the file away to measure the run again", err)
		}
		entries = append(entries, e)
	}
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Compare(a.try, b.try) })
	return entries, nil
}

func (e *entry) read() error {
	path := e.path(".json")
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	kept := entryFile{entry: entry{try: e.try, page: e.page}}
	if err := json.Unmarshal(text, &kept); err != nil {
		return fmt.Errorf("%s: the file is damaged: %w", path, err)
	}
	if kept.Schema != result.Schema || kept.Run.Iteration != e.Run.Iteration {
		return fmt.Errorf("%s: the file is not of iteration %d and schema %d", path, e.Run.Iteration, result.Schema)
	}
	*e = kept.entry
	samples, err := os.Open(e.path(".csv"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer samples.Close()
	e.Usage, err = result.ReadCPUUsage(samples, e.path(".csv"))
	return err
}

// share puts a file at another path too, and onto the drive: as a second name of the same
// file, or on another file system as a copy.
func share(to, from string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	if err := errors.Join(source.Sync(), os.MkdirAll(filepath.Dir(to), 0o755)); err != nil {
		return err
	}
	if err := os.Remove(to); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if os.Link(from, to) == nil {
		return nil
	}
	file, err := renameio.NewPendingFile(to, renameio.WithPermissions(0o644))
	if err != nil {
		return fmt.Errorf("%s: %w", to, err)
	}
	defer file.Cleanup()
	if _, err := file.ReadFrom(source); err != nil {
		return fmt.Errorf("%s: %w", to, err)
	}
	return file.CloseAtomicallyReplace()
}
