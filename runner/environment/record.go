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

	"coldstart/reports/result"
	"coldstart/runner/privacy"
)

// recordFile is written last: it marks a complete environment.
const recordFile = "environment.json"

// recordSchema is the version of the format of environment.json.
const recordSchema = 1

// Record is what was installed in an environment when it was made or found. Results that are
// measured in it keep it.
type Record struct {
	Schema      int              `json:"schema"`
	Environment Environment      `json:"environment"`     // as declared, without secrets
	Python      string           `json:"python"`          // full release, such as "3.11.7"
	Tool        string           `json:"tool,omitempty"`  // that made it, such as "uv 0.9.9"
	Found       *Found           `json:"found,omitempty"` // of an existing one; nil if it was made
	Packages    []result.Package `json:"packages"`        // all that is installed, sorted by name
	SHA256      string           `json:"sha256"`          // of Python and Packages
	// Code is a hash of each declared package's code files, by package.
	Code map[string]string `json:"code,omitempty"`
}

func newRecord(e Environment, have *inventory) (*Record, error) {
	code, err := e.declaredCode(have)
	e.Variables, e.BuildVariables = privacy.Variables(e.Variables), privacy.Variables(e.BuildVariables)
	return &Record{
		Schema: recordSchema, Environment: e, Python: have.python,
		Packages: have.packages, SHA256: have.sha256(), Code: code,
	}, err
}

// Result is the environment as results keep it.
func (r *Record) Result() *result.InstalledEnvironment {
	return &result.InstalledEnvironment{
		Name: r.Environment.Name, Python: r.Python, SHA256: r.SHA256, Packages: r.Packages,
	}
}

// look takes the inventory of the environment that is recorded in a directory.
func (r *Record) look(dir string) (*inventory, error) {
	if r.Found != nil {
		return r.Found.look(r.Environment.Interpreter, r.Python)
	}
	return takeInventory(venvOf(dir), r.Environment.Commit)
}

// sha256 is the hash of a line for Python and one for each package.
func (i *inventory) sha256() string {
	var text strings.Builder
	fmt.Fprintf(&text, "python %s\n", i.python)
	for _, p := range i.packages {
		fmt.Fprintf(&text, "%s %s %s\n", p.Name, p.Version, p.Source)
	}
	sum := sha256.Sum256([]byte(text.String()))
	return hex.EncodeToString(sum[:])
}

// write writes the record into a directory atomically.
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

// readRecord returns nil if a directory has no record.
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
		return nil, fmt.Errorf("%s has schema %d, but this program reads only schema %d", path, r.Schema, recordSchema)
	}
	return r, nil
}
