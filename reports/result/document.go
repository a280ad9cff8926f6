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
	return renameio.WriteFile(path, data, 0o644)
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
		return fmt.Errorf("%s:%s: %w", path, position(text, err), err)
	}
	if version.Schema != Schema {
		return fmt.Errorf("%s: schema %d, and this program reads schema %d only: use the release of coldstart that wrote it", path, version.Schema, Schema)
	}
	if err := json.Unmarshal(text, value); err != nil {
		return fmt.Errorf("%s:%s: %w", path, position(text, err), err)
	}
	return nil
}

// position is the line:column that a JSON error strikes at.
func position(text []byte, err error) string {
	var syntax *json.SyntaxError
	var mistyped *json.UnmarshalTypeError
	offset := int64(0)
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &mistyped):
		offset = mistyped.Offset
	}
	before := text[:min(int(offset), len(text))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(before) - bytes.LastIndexByte(before, '\n')
	return fmt.Sprintf("%d:%d", line, column)
}
