package matrix

import (
	"path/filepath"
	"slices"
	"strings"
	"time"

	"coldstart/reports/result"
	"coldstart/runner/environment"
)

// Engine is one of the lab's own: a command that starts something and prints its
// log.
type Engine struct {
	Name      string
	Command   []string          // the program and its first arguments
	Variables map[string]string `json:",omitempty"` // of every start
	Limit     time.Duration     `json:",omitempty"` // of one start; 0 where none is given
}

// Engine finds one of the lab's own by its name.
func (m *Matrix) Engine(name string) (e Engine, found bool) {
	i := slices.IndexFunc(m.Engines, func(e Engine) bool { return e.Name == name })
	if i < 0 {
		return Engine{}, false
	}
	return m.Engines[i], true
}

// engines reads the lab's own engines.
func (l *lab) engines(v value) {
	l.each("a mapping from the name of an engine to its command", func(e entry) {
		made := Engine{Name: e.name}
		if fault := environment.CheckName(e.name); fault != nil {
			l.errorf(e.key, "engine name %q is not valid; %v", e.name, fault)
		} else if origin := (result.Origin{Engine: e.name}); !origin.Measured() {
			l.errorf(e.key, "engine name %q is reserved for numbers that coldstart did not measure; choose another name", e.name)
		}
		l.object(
			required("command", "[podman, run, --rm, IMAGE]", l.words(&made.Command)),
			optional("variables", l.variables(&made.Variables)),
			optional("limit", l.duration(&made.Limit)),
		)(e.value)
		l.matrix.Engines = append(l.matrix.Engines, made)
	})(v)
}

// words reads a command, word by word, at least one.
func (l *lab) words(to *[]string) reader {
	return l.filled("a list of words, the program first, such as [podman, run, --rm, IMAGE]", "word",
		l.line(func(_ value, word string) { *to = append(*to, word) }))
}

// duration reads a time limit.
func (l *lab) duration(to *time.Duration) reader {
	return l.line(func(v value, text string) {
		limit, err := time.ParseDuration(text)
		if err != nil || limit <= 0 {
			l.errorf(v.at, "%s must be a time such as 90s or 20m, not %q", v.name, text)
		}
		*to = limit
	})
}

// models reads the directory of a node's models.
func (l *lab) models(node string) reader {
	return l.line(func(v value, dir string) {
		if !filepath.IsAbs(dir) || strings.Contains(dir, "..") {
			l.errorf(v.at, "models must be an absolute path without .., not %q", dir)
		}
		if l.matrix.Models == nil {
			l.matrix.Models = make(map[string]string)
		}
		l.matrix.Models[node] = dir
	})
}
