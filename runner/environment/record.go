package environment

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"

	"coldstart/runner/privacy"
)

// recordFile is written last: with it, a directory is an environment.
const recordFile = "environment.json"

// recordSchema is the version of the format of environment.json.
const recordSchema = 1

// Record is what an environment was made as, or found as. It goes with the results that are
// measured in it.
type Record struct {
	Schema      int         `json:"schema"`
	Environment Environment `json:"environment"`     // as declared, but for secrets
	Python      string      `json:"python"`          // full release, such as "3.11.7"
	Tool        string      `json:"tool,omitempty"`  // that made it, such as "uv 0.9.9"
	Found       *Found      `json:"found,omitempty"` // instead of that, where it was there already
	Packages    []Package   `json:"packages"`        // all that is installed, by name
	SHA256      string      `json:"sha256"`          // of Python and Packages: equal where the environments are
	// Code tells whether a declared package's code was edited since: a hash, by its name.
	Code map[string]string `json:"code,omitempty"`
}

func newRecord(e Environment, have *inventory) (*Record, error) {
	code, err := e.declaredCode(have)
	e.Variables = privacy.Variables(e.Variables)
	return &Record{
		Schema: recordSchema, Environment: e, Python: have.python,
		Packages: have.packages, SHA256: have.sha256(), Code: code,
	}, err
}

// look takes the inventory of the environment whose record is in a directory.
func (r *Record) look(dir string) (*inventory, error) {
	if r.Found != nil {
		return r.Found.look(r.Environment.Interpreter, r.Python)
	}
	return takeInventory(venvOf(dir))
}

// sha256 is of a line for Python and one for each package.
func (i *inventory) sha256() string {
	var text strings.Builder
	fmt.Fprintf(&text, "python %s\n", i.python)
	for _, p := range i.packages {
		fmt.Fprintf(&text, "%s %s %s\n", p.Name, p.Version, p.Source)
	}
	sum := sha256.Sum256([]byte(text.String()))
	return hex.EncodeToString(sum[:])
}

// write puts the record into a directory, whole or not at all.
func (r *Record) write(dir string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	path := filepath.Join(dir, recordFile)
	if err := renameio.WriteFile(path, append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// readRecord is nil where a directory has no record: it is no environment.
func readRecord(dir string) (*Record, error) {
	path := filepath.Join(dir, recordFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	r := new(Record)
	if err := json.Unmarshal(text, r); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if r.Schema != recordSchema {
		return nil, fmt.Errorf("%s: schema %d, and this program reads schema %d only", path, r.Schema, recordSchema)
	}
	return r, nil
}
