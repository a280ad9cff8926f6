package environment

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"coldstart/reports/result"
	"coldstart/runner/revision"
)

// inventory is the content of an environment.
type inventory struct {
	python   string            // full release, such as "3.11.7"
	packages []result.Package  // sorted by name
	metadata map[string]string // directory or file of each package's metadata, by package
}

// version is that of a package; empty if it is not installed.
func version(packages []result.Package, name string) string {
	return (&result.InstalledEnvironment{Packages: packages}).Version(name)
}

// takeInventory reads a virtual environment: its pyvenv.cfg, and the metadata of each
// package. What was built from the repository comes from a commit of it.
func takeInventory(venv string, commit revision.Commit) (*inventory, error) {
	python, err := pythonOf(venv)
	if err != nil {
		return nil, err
	}
	found, err := fs.Glob(os.DirFS(venv), "lib/python*/site-packages/*.dist-info")
	if err != nil {
		return nil, err
	}
	i := &inventory{python: python, metadata: map[string]string{}}
	for _, name := range found {
		dir := filepath.Join(venv, name)
		p, err := readPackage(dir)
		if err != nil {
			return nil, err
		}
		if isBelow(p.Source, sourceOf(filepath.Dir(venv))) {
			p.Source = builtFrom(commit)
		}
		i.packages = append(i.packages, p)
		i.metadata[p.Name] = dir
	}
	slices.SortFunc(i.packages, func(a, b result.Package) int { return strings.Compare(a.Name, b.Name) })
	return i, nil
}

// pythonOf is the release of a virtual environment's Python, which pyvenv.cfg has as
// version_info (uv) or version (venv). The program must exist.
func pythonOf(venv string) (string, error) {
	if _, err := os.Stat(filepath.Join(venv, "bin", "python")); err != nil {
		return "", fmt.Errorf("its Python is gone: %w", err)
	}
	fields, err := header(filepath.Join(venv, "pyvenv.cfg"), "=")
	if err != nil {
		return "", err
	}
	words := strings.Split(cmp.Or(fields["version_info"], fields["version"]), ".") // 3.11.7.final.0
	return strings.Join(words[:min(3, len(words))], "."), nil
}

func readPackage(dir string) (result.Package, error) {
	p, err := readMetadata(filepath.Join(dir, "METADATA"))
	if err != nil {
		return result.Package{}, err
	}
	p.Source, err = source(filepath.Join(dir, "direct_url.json"))
	return p, err
}

func readMetadata(path string) (result.Package, error) {
	fields, err := header(path, ":")
	if err != nil {
		return result.Package{}, err
	}
	p := result.Package{Name: normalize(fields["name"]), Version: fields["version"]}
	if p.Name == "" || p.Version == "" {
		return result.Package{}, fmt.Errorf("%s: the package's name or version is missing", path)
	}
	return p, nil
}

// header reads the lines "key: value" at the head of a file, up to the first empty one. The
// first of several equal keys counts.
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

// source is the URL that a package was installed from, with @COMMIT of a repository
// (PEP 610); empty if it came from an index.
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

// isBelow tells whether a URL, in which a space is %20, is that of a directory or of what is
// below it.
func isBelow(source, dir string) bool {
	u, err := url.Parse(source)
	return err == nil && u.Scheme == "file" && strings.HasPrefix(u.Path+"/", dir+"/")
}
