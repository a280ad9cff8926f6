package history

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"coldstart/reports/result"
)

// Add adds the results of a commit to a history, as Append does. committed is the commit's
// date; zero if it is not known. warnings are those of Records, or say that no run counts.
func Add(
	path string, results *result.Results, commit string, committed time.Time,
) (added int, warnings []string, err error) {
	records, warnings, err := Records(results, commit)
	if err != nil {
		return 0, warnings, err
	}
	if len(records) == 0 {
		return 0, append(warnings, "no run of the results counts; nothing is added to the history"), nil
	}
	for i := range records {
		records[i].Committed = committed
	}
	added, err = Append(path, records)
	return added, warnings, err
}

// Append adds records to a history. A path that ends in .jsonl is a file. Any other is a
// directory, in which each commit has a file of its own, so that two machines that add to
// copies of it do not conflict. Records that the history has already are not added again.
//
// All lines are written at once, to the end of the file. What an interrupted write left
// there costs no other line.
func Append(path string, records []Record) (added int, err error) {
	known, err := ReadIfThere(path)
	if err != nil {
		return 0, err
	}
	files := map[string]*bytes.Buffer{}
	var order []string
	for _, record := range records {
		if known.has(&record) {
			continue
		}
		file := fileOf(path, record.Commit)
		if files[file] == nil {
			files[file], order = new(bytes.Buffer), append(order, file)
		}
		if known.facts[record.Environment] != nil {
			record.Facts = nil
		} else {
			known.facts[record.Environment] = record.Facts
		}
		line, err := json.Marshal(record)
		if err != nil {
			return 0, err
		}
		files[file].Write(append(line, '\n'))
		added++
	}
	for _, file := range order {
		if err := appendTo(file, files[file].Bytes()); err != nil {
			return 0, fmt.Errorf("cannot add to the history %s: %w", file, inner(err))
		}
	}
	return added, nil
}

// has tells whether the history has a record with the same numbers.
func (h *History) has(wanted *Record) bool {
	line := func(r Record) string {
		r.Facts = nil
		text, _ := json.Marshal(r)
		return string(text)
	}
	for i := range h.Records {
		if r := &h.Records[i]; r.identity() == wanted.identity() {
			return line(*r) == line(*wanted)
		}
	}
	return false
}

func fileOf(path, commit string) string {
	if strings.HasSuffix(path, Ending) {
		return path
	}
	return filepath.Join(path, commit+Ending)
}

// appendTo adds whole lines to a file in one write. If the file ends within a line, that one
// is ended first.
func appendTo(path string, lines []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	defer file.Close()
	whole, err := endsWithLine(file)
	if err != nil {
		return err
	}
	if !whole {
		lines = append([]byte("\n"), lines...)
	}
	if _, err := file.Write(lines); err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// endsWithLine tells whether a file is empty, or ends with a line's end.
func endsWithLine(file *os.File) (bool, error) {
	info, err := file.Stat()
	if err != nil || info.Size() == 0 {
		return true, err
	}
	last := make([]byte, 1)
	_, err = file.ReadAt(last, info.Size()-1)
	return last[0] == '\n', err
}
