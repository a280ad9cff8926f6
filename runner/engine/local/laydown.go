package local

import (
	"bytes"
	_ "embed" // the log settings
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
)

// LogSettings make vLLM log everything, with milliseconds, to standard output.
//
//go:embed logging.json
var LogSettings []byte

// LayDownLogSettings writes the log settings into a directory and returns their path.
func LayDownLogSettings(dir string) (string, error) {
	path := filepath.Join(dir, "logging.json")
	return path, LayDown(path, LogSettings)
}

// LayDown writes a file that engines read. It leaves an equal file alone, so that processes
// may share it, and replaces nothing that is no file, such as a device.
func LayDown(path string, text []byte) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is there already, and is no file", path)
	}
	if present, err := os.ReadFile(path); err == nil && bytes.Equal(present, text) {
		return nil
	}
	if err := renameio.WriteFile(path, text, 0o644); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
