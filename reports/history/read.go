package history

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"coldstart/reports/table"
)

// Ending is how the name of a history's file ends.
const Ending = ".jsonl"

// longestLine limits a line, in bytes. The facts of an environment with 300 packages take
// some 20 KB.
const longestLine = 1 << 20

// mostWarnings limits the warnings about one file.
const mostWarnings = 20

// History is what was read.
type History struct {
	Records  []Record // in the order of their commits' dates, or of measuring
	Warnings []string // about lines that were left out, each with its place
	facts    map[string]facts
}

// Read reads a file, or all files below a directory that are named *.jsonl. Of several
// records of one session, commit and series, the last one counts.
func Read(path string) (*History, error) {
	files, err := find(path)
	if err != nil {
		return nil, err
	}
	r := reader{history: &History{facts: map[string]facts{}}, at: map[identity]int{}}
	for _, file := range files {
		if err := r.file(file); err != nil {
			return nil, err
		}
	}
	h := r.history
	slices.SortStableFunc(h.Records, func(a, b Record) int {
		return cmp.Or(a.when().Compare(b.when()), a.Time.Compare(b.Time))
	})
	return h, nil
}

// ReadIfThere is Read, but an empty history if there is none.
func ReadIfThere(path string) (*History, error) {
	h, err := Read(path)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errEmpty) {
		return &History{facts: map[string]facts{}}, nil
	}
	return h, err
}

// find is the file at a path, or all files of histories below a directory.
func find(path string) (files []string, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read the history %s: %w", path, inner(err))
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	err = filepath.WalkDir(path, func(place string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() && strings.HasSuffix(place, Ending) {
			files = append(files, place)
		}
		return err
	})
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("%s: %w named *%s", path, errEmpty, Ending)
	}
	return files, err
}

var errEmpty = errors.New("the directory holds no file")

// inner is an error without the name of the file.
func inner(err error) error {
	var named *fs.PathError
	if errors.As(err, &named) {
		return named.Err
	}
	return err
}

// identity is equal for two records of the same measurement.
type identity struct {
	Key
	session, commit string
}

func (r *Record) identity() identity { return identity{r.Key, r.Session, r.Commit} }

// reader reads files into a history.
type reader struct {
	history *History
	at      map[identity]int // in the history's records
}

func (r *reader) file(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	bad, err := r.read(path, file)
	if more := bad - mostWarnings; more > 0 {
		r.history.Warnings = append(r.history.Warnings, fmt.Sprintf("%s: %s %s left out",
			path, table.Count(more, "more line"), table.Agree(more, "is", "are")))
	}
	return err
}

// read reads lines. bad is how many were left out.
func (r *reader) read(path string, from io.Reader) (bad int, err error) {
	lines := bufio.NewReaderSize(from, 64<<10)
	for number := 1; ; number++ {
		line, err := readLine(lines)
		if errors.Is(err, io.EOF) {
			return bad, nil
		}
		if err == nil {
			err = r.line(line)
		} else if !errors.Is(err, errLong) {
			return bad, fmt.Errorf("%s: %w", path, inner(err))
		}
		if err == nil {
			continue
		}
		if bad++; bad <= mostWarnings {
			r.history.Warnings = append(r.history.Warnings,
				fmt.Sprintf("%s:%d: %v; the line is left out", path, number, err))
		}
	}
}

var errLong = fmt.Errorf("more than %d bytes", longestLine)

// readLine is the next line. It holds no more of a long one than longestLine. The error at
// the end of the file is io.EOF, if nothing stands there.
func readLine(from *bufio.Reader) (line []byte, err error) {
	long := false
	for {
		part, err := from.ReadSlice('\n')
		if long = long || len(line)+len(part) > longestLine; !long {
			if err == nil && len(line) == 0 {
				return part, nil
			}
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case long && (err == nil || errors.Is(err, io.EOF)):
			return nil, errLong
		case errors.Is(err, io.EOF) && len(line) > 0:
			return line, nil
		default:
			return line, err
		}
	}
}

// line adds the record of a line. An empty line has none.
func (r *reader) line(line []byte) error {
	if line = bytes.TrimSpace(line); len(line) == 0 {
		return nil
	}
	var record Record
	if err := json.Unmarshal(line, &record); err != nil {
		return inWords(err)
	}
	if err := record.check(); err != nil {
		return err
	}
	if record.Facts != nil {
		r.history.facts[record.Environment] = record.Facts
		record.Facts = nil
	}
	if i, known := r.at[record.identity()]; known {
		r.history.Records[i] = record
		return nil
	}
	r.at[record.identity()] = len(r.history.Records)
	r.history.Records = append(r.history.Records, record)
	return nil
}

// inWords is a decoder's error with its place in the line.
func inWords(err error) error {
	var syntax *json.SyntaxError
	var mistyped *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("not JSON at byte %d: %w", syntax.Offset, err)
	case errors.As(err, &mistyped):
		return fmt.Errorf("%s has the wrong type: %s", cmp.Or(mistyped.Field, "the line"), mistyped.Value)
	}
	return err
}
