package result

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"

	"coldstart/reports/phase"
)

// largestDocument bounds what is read into memory of a file that may come from
// anywhere: 64 MiB, some hundred times the largest cell of the paper's grid.
const largestDocument = 64 << 20

// writeDocument puts value at path as indented JSON, whole or not at all.
func writeDocument(path string, value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return WriteFile(path, append(text, '\n'))
}

// WriteFile puts data at path, whole or not at all: what was there before stays
// if it cannot be written.
func WriteFile(path string, data []byte) error {
	if err := renameio.WriteFile(path, data, 0o644); err != nil {
		return fmt.Errorf("%s: %w", path, err) // its own names a file that is gone by now
	}
	return nil
}

// document is a file of results, on disk or in the archive of an artifact.
type document struct {
	files fs.FS
	path  string // in files
	name  string // for people, with the directory or archive that it lies in
}

// onDisk is the document at a path.
func onDisk(path string) document {
	return document{files: os.DirFS(filepath.Dir(path)), path: filepath.Base(path), name: path}
}

// isFileName tells whether a name is one of a file in whatever folder, and leads
// nowhere else.
func isFileName(name string) bool {
	return filepath.IsLocal(name) && name != "." && !strings.ContainsAny(name, `/\`)
}

// beside is the file of that name in the same folder. A name that leads anywhere
// else is none.
func (d document) beside(name string) (document, bool) {
	if !isFileName(name) {
		return document{}, false
	}
	return document{files: d.files, path: path.Join(path.Dir(d.path), name), name: filepath.Join(filepath.Dir(d.name), name)}, true
}

// text reads the whole document. It takes no more than largestDocument of it,
// whatever size an archive claims, and nothing but plain files: an artifact's
// link leads somewhere on this machine.
func (d document) text() ([]byte, error) {
	info, err := fs.Lstat(d.files, d.path)
	if err != nil {
		return nil, d.wrap(err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: no plain file", d.name)
	}
	file, err := d.files.Open(d.path)
	if err != nil {
		return nil, d.wrap(err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, largestDocument+1))
	if err != nil {
		return nil, d.wrap(err)
	}
	if len(text) > largestDocument {
		return nil, fmt.Errorf("%s: over %d bytes, more than any result has", d.name, largestDocument)
	}
	return text, nil
}

// sum is the SHA-256 of the document, written in hexadecimal digits.
func (d document) sum() (string, error) {
	text, err := d.text()
	return fmt.Sprintf("%x", sha256.Sum256(text)), err
}

// wrap says of an error which document it is of; what the file system calls that
// is only part of its name.
func (d document) wrap(err error) error {
	var inner *fs.PathError
	if errors.As(err, &inner) {
		err = inner.Err
	}
	return fmt.Errorf("%s: %w", d.name, err)
}

// read reads JSON into value. Errors carry file, line and column.
func (d document) read(value any) error {
	text, err := d.text()
	if err != nil {
		return err
	}
	var version struct {
		Schema int `json:"schema"`
	}
	if err := DecodeJSON(d.name, text, &version); err != nil {
		return err
	}
	if version.Schema != Schema {
		return fmt.Errorf("%s: schema %d, and this program reads schema %d only: use the release of coldstart that wrote it", d.name, version.Schema, Schema)
	}
	return DecodeJSON(d.name, text, value)
}

// DecodeJSON decodes the text of a file. An error has the file's path, and the line
// and column of the last byte that was read, if the decoder knows them. An unknown phase is taken to
// stand where its name is first a string of the document.
func DecodeJSON(path string, text []byte, value any) error {
	err := json.Unmarshal(text, value)
	if err == nil {
		return nil
	}
	var syntax *json.SyntaxError
	var mistyped *json.UnmarshalTypeError
	var unknown *phase.UnknownError
	read := int64(0)
	switch {
	case errors.As(err, &syntax):
		read = syntax.Offset
	case errors.As(err, &mistyped):
		read = mistyped.Offset
	case errors.As(err, &unknown):
		read = endOf(unknown.Name, text) + 1
	default:
		return fmt.Errorf("%s: %w", path, err)
	}
	before := text[:min(max(int(read)-1, 0), len(text))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(before) - bytes.LastIndexByte(before, '\n')
	return fmt.Errorf("%s:%d:%d: %w", path, line, column, err)
}

// endOf is the offset behind the first string of a JSON document that is a given one.
func endOf(wanted string, text []byte) int64 {
	decoder := json.NewDecoder(bytes.NewReader(text))
	for {
		token, err := decoder.Token()
		if err != nil || token == wanted {
			return decoder.InputOffset()
		}
	}
}
