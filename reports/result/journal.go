package result

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// journalFile holds the finished runs of a cell that is not finished, a line of
// JSON each. cell.json takes its place.
const journalFile = "runs.jsonl"

// Keep writes a finished run down at once, so that a cell that is interrupted can
// go on from there: what ends the process in between costs the run in progress
// and no other.
func (w *CellWriter) Keep(run Run) error {
	if err := os.MkdirAll(w.dir, 0o755); err != nil {
		return err
	}
	file, err := os.OpenFile(w.journal(), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	line, err := json.Marshal(run)
	if err == nil {
		_, err = file.Write(append(line, '\n'))
	}
	return errors.Join(err, file.Sync(), file.Close())
}

// Kept are the runs that were kept of the cell, in order. Of a line that was cut
// off nothing is known, and it is written over.
func (w *CellWriter) Kept() (runs []Run, err error) {
	text, err := os.ReadFile(w.journal())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	whole := 0
	for lines := bufio.NewReader(bytes.NewReader(text)); ; {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			break // the rest has no end
		}
		var run Run
		if err := json.Unmarshal(line, &run); err != nil {
			return nil, fmt.Errorf("%s: %w", w.journal(), err)
		}
		whole += len(line)
		runs = append(runs, run)
	}
	if whole < len(text) {
		err = os.Truncate(w.journal(), int64(whole))
	}
	return runs, err
}

func (w *CellWriter) journal() string { return filepath.Join(w.dir, journalFile) }

// Finished is the result that a cell has already; nil if it has none.
func (d *Directory) Finished(cell Cell) *CellResult {
	found := new(CellResult)
	err := onDisk(filepath.Join(d.root, cellsDir, cell.ID, cellFile)).read(found)
	if err != nil || found.Session != d.plan.Session || found.Error != "" {
		return nil
	}
	return found
}
