package result

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/google/renameio/v2"
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

// readDocument reads JSON into value. Errors carry file, line and column.
func readDocument(path string, value any) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Size() > largestDocument {
		return fmt.Errorf("%s: %d bytes, more than any result has (%d)", path, info.Size(), largestDocument)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var version struct {
		Schema int `json:"schema"`
	}
	if err := json.Unmarshal(text, &version); err != nil {
		return malformed(path, text, err)
	}
	if version.Schema != Schema {
		return fmt.Errorf("%s: schema %d, and this program reads schema %d only: use the release of coldstart that wrote it", path, version.Schema, Schema)
	}
	if err := json.Unmarshal(text, value); err != nil {
		return malformed(path, text, err)
	}
	return nil
}

// malformed says where in a file its JSON goes wrong: the line and column of the
// last byte that was read, where the error knows them.
func malformed(path string, text []byte, err error) error {
	var syntax *json.SyntaxError
	var mistyped *json.UnmarshalTypeError
	read := int64(0)
	switch {
	case errors.As(err, &syntax):
		read = syntax.Offset
	case errors.As(err, &mistyped):
		read = mistyped.Offset
	default:
		return fmt.Errorf("%s: %w", path, err)
	}
	before := text[:min(max(int(read)-1, 0), len(text))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(before) - bytes.LastIndexByte(before, '\n')
	return fmt.Errorf("%s:%d:%d: %w", path, line, column, err)
}
