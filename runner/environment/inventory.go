package environment

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Package is one installed package.
type Package struct {
	Name    string `json:"name"` // normalized
	Version string `json:"version"`
	// Source is where it was installed from, if by URL: the URL, with @COMMIT of a
	// repository.
	Source string `json:"source,omitempty"`
}

func (p Package) String() string { return p.Name + " " + p.Version }

// inventory is what an environment holds.
type inventory struct {
	python   string            // full release, such as "3.11.7"
	packages []Package         // by name
	metadata map[string]string // directory or file of each package's metadata, by its name
}

// takeInventory looks at the virtual environment in a directory: at its
// pyvenv.cfg, and at the metadata that each package leaves beside itself.
func takeInventory(venv string) (*inventory, error) {
	python, err := pythonOf(venv)
	if err != nil {
		return nil, err
	}
	found, err := filepath.Glob(filepath.Join(escape(venv), "lib", "python*", "site-packages", "*.dist-info"))
	if err != nil {
		return nil, err
	}
	i := &inventory{python: python, metadata: map[string]string{}}
	for _, dir := range found {
		p, err := readPackage(dir)
		if err != nil {
			return nil, err
		}
		i.packages = append(i.packages, p)
		i.metadata[p.Name] = dir
	}
	slices.SortFunc(i.packages, func(a, b Package) int { return strings.Compare(a.Name, b.Name) })
	return i, nil
}

// escape makes a path match itself in a glob.
func escape(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// pythonOf is the release of Python that an environment was made with: uv calls
// it version_info, venv version. The program must still be there.
func pythonOf(venv string) (string, error) {
	if _, err := os.Stat(filepath.Join(venv, "bin", "python")); err != nil {
		return "", fmt.Errorf("its Python is gone: %w", err)
	}
	fields, err := header(filepath.Join(venv, "pyvenv.cfg"), "=")
	if err != nil {
		return "", err
	}
	version := fields["version_info"]
	if version == "" {
		version = fields["version"]
	}
	words := strings.SplitN(version, ".", 4) // 3.11.7.final.0
	return strings.Join(words[:min(3, len(words))], "."), nil
}

func readPackage(dir string) (Package, error) {
	p, err := readMetadata(filepath.Join(dir, "METADATA"))
	if err != nil {
		return Package{}, err
	}
	p.Source, err = source(filepath.Join(dir, "direct_url.json"))
	return p, err
}

func readMetadata(path string) (Package, error) {
	fields, err := header(path, ":")
	if err != nil {
		return Package{}, err
	}
	p := Package{Name: normalize(fields["name"]), Version: fields["version"]}
	if p.Name == "" || p.Version == "" {
		return Package{}, fmt.Errorf("%s: it names no package, or no version", path)
	}
	return p, nil
}

// header reads the lines "key: value" at the head of a file, up to the first
// empty one. Of a repeated key the first counts.
func header(path, separator string) (map[string]string, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	fields := map[string]string{}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20) // some fields are whole licences
	for lines.Scan() && strings.TrimSpace(lines.Text()) != "" {
		key, value, _ := strings.Cut(lines.Text(), separator)
		key = strings.ToLower(strings.TrimSpace(key))
		if _, twice := fields[key]; !twice {
			fields[key] = strings.TrimSpace(value)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return fields, nil
}

// source reads where a package was installed from (PEP 610); empty for one from
// an index.
func source(path string) (string, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	var direct struct {
		URL string `json:"url"`
		VCS struct {
			Commit string `json:"commit_id"`
		} `json:"vcs_info"`
	}
	if err := json.Unmarshal(text, &direct); err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	if direct.VCS.Commit != "" {
		return direct.URL + "@" + direct.VCS.Commit, nil
	}
	return direct.URL, nil
}
