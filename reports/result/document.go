package result

import (
	"bytes"
	"cmp"
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
	"unicode"

	"github.com/google/renameio/v2"

	"coldstart/reports/phase"
)

// largestDocument limits the size of a file, which may come from anywhere: 64 MiB, some
// hundred times the largest cell of the paper's grid. No larger file is written either.
const largestDocument = 64 << 20

// writeDocument writes value as JSON, indented if that is not too large. The rules are
// WriteFile's.
func writeDocument(path string, value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if err == nil && len(text) >= largestDocument {
		text, err = json.Marshal(value)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return writeLimited(path, append(text, '\n'))
}

// writeLimited is WriteFile for a file that Read can read.
func writeLimited(path string, data []byte) error {
	if len(data) > largestDocument {
		return fmt.Errorf("%s: the file would have more than %d bytes, the limit for a file of results: "+
			"measure fewer models or iterations in one session", path, largestDocument)
	}
	return WriteFile(path, data)
}

// WriteFile writes all of data to path, or leaves the previous file as it was.
func WriteFile(path string, data []byte) error {
	if err := renameio.WriteFile(path, data, 0o644); err != nil {
		return fmt.Errorf("%s: %w", path, err) // err names the temporary file, which is gone
	}
	return nil
}

// document is a file of results, on disk or in the archive of an artifact.
type document struct {
	files fs.FS
	path  string // in files
	name  string // for people, with its directory or archive

	// artifact is the name of the cell's artifact that it is in; empty if it is in none.
	artifact string
}

// onDisk is the document at a path.
func onDisk(path string) document {
	return document{files: os.DirFS(filepath.Dir(path)), path: filepath.Base(path), name: path}
}

// longestFileName leaves room for endings: file systems allow 255 bytes.
const longestFileName = 200

// isFileName tells whether a name cannot lead out of a folder or into another, and can be
// shown. A dash in front could be an option of a command that gets the name.
func isFileName(name string) bool {
	return filepath.IsLocal(name) && name != "." && !strings.ContainsAny(name, `/\`) && !strings.HasPrefix(name, "-") &&
		len(name) <= longestFileName && !strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) })
}

// beside is the file with a name in the same folder. It is false for a name that leads
// to another folder.
func (d document) beside(name string) (document, bool) {
	if !isFileName(name) {
		return document{}, false
	}
	d.path, d.name = path.Join(path.Dir(d.path), name), filepath.Join(filepath.Dir(d.name), name)
	return d, true
}

// text reads the whole document. It counts the bytes, because an archive may claim any
// size, and refuses links, because an artifact's link leads to a file of this machine.
func (d document) text() ([]byte, error) {
	info, err := fs.Lstat(d.files, d.path)
	if err != nil {
		return nil, d.wrap(err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: not a plain file", d.name)
	}
	file, err := d.files.Open(d.path)
	if err != nil {
		return nil, d.wrap(err)
	}
	defer file.Close()
	text := bytes.NewBuffer(make([]byte, 0, min(max(0, info.Size()), largestDocument)+bytes.MinRead))
	if _, err := text.ReadFrom(io.LimitReader(file, largestDocument+1)); err != nil {
		return nil, d.wrap(err)
	}
	if text.Len() > largestDocument {
		return nil, fmt.Errorf("%s: larger than %d bytes, the limit for a file of results", d.name, largestDocument)
	}
	return text.Bytes(), nil
}

// sum is the SHA-256 of the document, written in hexadecimal digits.
func (d document) sum() (string, error) {
	text, err := d.text()
	return fmt.Sprintf("%x", sha256.Sum256(text)), err
}

// wrap names the document in an error. A path error has only its name in the file
// system or archive.
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
		return fmt.Errorf("%s: schema %d, but this release of coldstart reads schema %d only: "+
			"use the release that wrote the file", d.name, version.Schema, Schema)
	}
	return DecodeJSON(d.name, text, value)
}

// DecodeJSON decodes the text of a file. An error has the file's path, and the line and
// column of the last byte read, if the decoder knows them. The place of an unknown
// phase is the first string of the document with its name.
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
		err = fmt.Errorf("%s has the wrong type: %s", cmp.Or(mistyped.Field, "the document"), mistyped.Value)
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

// endOf is the offset after the first string of a JSON document that equals wanted.
func endOf(wanted string, text []byte) int64 {
	decoder := json.NewDecoder(bytes.NewReader(text))
	for {
		token, err := decoder.Token()
		if err != nil || token == wanted {
			return decoder.InputOffset()
		}
	}
}
