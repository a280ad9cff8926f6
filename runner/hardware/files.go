package hardware

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"

	"coldstart/reports/hardware"
)

// mostText bounds what is read of a file: 8 MiB, several times the length of /proc/cpuinfo
// with a thousand processors.
const mostText = 8 << 20

// text is the content of a file without the space around it. Its errors are fit to be the
// reason of an unknown fact.
func (m *machine) text(name string) (string, error) {
	file, err := m.files.Open(name)
	if err != nil {
		return "", reason(err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, mostText))
	if err != nil {
		return "", reason(err)
	}
	return strings.TrimSpace(string(text)), nil
}

// content is the text of a file, empty if it cannot be read.
func (m *machine) content(name string) string {
	text, _ := m.text(name)
	return text
}

// number is the whole number in a file, 0 if there is none.
func (m *machine) number(name string) int {
	n, _ := strconv.Atoi(m.content(name))
	return n
}

func (m *machine) exists(name string) bool {
	_, err := fs.Stat(m.files, name)
	return err == nil
}

// names lists a directory, sorted; it is empty if the directory cannot be read.
func (m *machine) names(directory string) (names []string) {
	entries, _ := fs.ReadDir(m.files, directory)
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

// texts are the contents of all files that a pattern of package path matches, sorted,
// without duplicates.
func (m *machine) texts(pattern string) (texts []string) {
	matches, _ := fs.Glob(m.files, pattern)
	for _, match := range matches {
		if text := m.content(match); text != "" {
			texts = append(texts, text)
		}
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}

// reason words a file's error for people.
func reason(err error) error {
	var at *fs.PathError
	if !errors.As(err, &at) {
		return err
	}
	name := path.Join("/", at.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("this machine has no %s", name)
	case errors.Is(err, fs.ErrPermission) && os.Geteuid() != 0:
		return fmt.Errorf("%s%s is closed to others", hardware.NeedsRoot, name)
	}
	return fmt.Errorf("%s: %w", name, at.Err)
}
