package matrix

import (
	"path/filepath"
	"slices"
	"strings"
	"time"

	"coldstart/reports/result"
	"coldstart/runner/environment"
)

// Engine is one of the lab's own, a command that starts something and prints its log, or
// the lab's settings for coldstart's vLLM.
type Engine struct {
	Name        string
	Command     []string          `json:",omitempty"` // the program and its first arguments; none for coldstart's own
	Arguments   []string          `json:",omitempty"` // the last arguments of every start
	Variables   map[string]string `json:",omitempty"` // of every start
	Environment string            `json:",omitempty"` // that a command runs in; empty for none
	Limit       time.Duration     `json:",omitempty"` // of one start; 0 where none is given
}

// builtIn is coldstart's own engine that measures. An entry of this name without a command
// has settings for it.
const builtIn = "vllm"

// Engine finds one of the lab's own by its name.
func (m *Matrix) Engine(name string) (e Engine, found bool) {
	e = m.EngineSettings(name)
	return e, len(e.Command) > 0
}

// EngineSettings is what the lab says of an engine, its own or coldstart's; nothing if it
// says nothing.
func (m *Matrix) EngineSettings(name string) Engine {
	i := slices.IndexFunc(m.Engines, func(e Engine) bool { return e.Name == name })
	if i < 0 {
		return Engine{Name: name}
	}
	return m.Engines[i]
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
		l.engine(&made)(e.value)
		l.matrix.Engines = append(l.matrix.Engines, made)
	})(v)
}

func (l *lab) engine(to *Engine) reader {
	const program = "the program first, such as [podman, run, --rm, IMAGE]"
	command := required("command", "[podman, run, --rm, IMAGE]", l.words(&to.Command, program))
	if to.Name == builtIn {
		command.example = ""
	}
	var environment position
	read := l.object(
		command,
		optional("arguments", l.words(&to.Arguments, "such as [--max-num-seqs, 64]")),
		optional("variables", l.variables(&to.Variables)),
		optional("environment", func(v value) { environment = v.at; l.environmentName(&to.Environment)(v) }),
		optional("limit", l.duration(&to.Limit)),
	)
	return func(v value) {
		read(v)
		if to.Environment != "" && len(to.Command) == 0 {
			l.errorf(environment, "environment needs a command; coldstart's own %s runs in the environment of the node", to.Name)
		}
	}
}

// words reads a part of a command, word by word, at least one.
func (l *lab) words(to *[]string, example string) reader {
	return l.filled("a list of words, "+example, "word",
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

// modelsDir reads the directory of a node's models.
func (l *lab) modelsDir(node string) reader {
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
