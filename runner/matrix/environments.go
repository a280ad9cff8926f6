package matrix

import (
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"coldstart/runner/environment"
)

// environments reads the lab's own Python environments.
func (l *lab) environments(v value) {
	names := make(map[string]position) // in small letters: some file systems tell no others
	l.each("a mapping from the name of an environment to what it is", func(e entry) {
		first, twice := names[strings.ToLower(e.name)]
		if fault := environment.CheckName(e.name); fault != nil {
			l.errorf(e.key, "environment name %q is used as a folder name; %v", e.name, fault)
		} else if twice {
			l.errorf(e.key, "environment %q differs only in capital letters from the one in line %d; choose another name",
				e.name, first.line)
		}
		names[strings.ToLower(e.name)] = e.key
		made := environment.Environment{Name: e.name}
		l.environment(&made)(e.value)
		l.matrix.Environments = append(l.matrix.Environments, made)
	})(v)
}

func (l *lab) environment(to *environment.Environment) reader {
	installed := make(map[string]position) // by package
	made := make(map[string]position)      // where a key stands that makes one
	var found position                     // where interpreter stands
	packages := optional("packages", func(v value) { made["packages"] = v.at; l.requirements(&to.Packages, installed)(v) })
	making := func(key string, read reader) field {
		return optional(key, func(v value) { made[key] = v.at; read(v) })
	}
	read := l.object(
		making("python", l.judged(&to.Python, environment.CheckPython)),
		optional("interpreter", func(v value) { found = v.at; l.judged(&to.Interpreter, environment.CheckInterpreter)(v) }),
		packages,
		making("source", l.judged(&to.Source, environment.CheckSource)),
		making("build_variables", l.variables(&to.BuildVariables)),
		making("no_deps", l.requirements(&to.NoDeps, installed)),
		making("overrides", l.requirements(&to.Overrides, make(map[string]position))),
		making("index", l.judged(&to.Index, environment.CheckIndex)),
		optional("check", l.text(&to.Check)),
		optional("variables", l.variables(&to.Variables)),
	)
	return func(v value) {
		read(v)
		_, given := v.node.(ast.MapNode)
		_, python := made["python"]
		if _, packages := made["packages"]; given && !packages && made["source"] == (position{}) {
			l.errorf(v.at, "packages is missing in %s; add it, such as packages: [vllm==0.10.1.1]", v.name)
		}
		delete(made, "packages") // of an existing one too
		if at := made["build_variables"]; at != (position{}) && made["source"] == (position{}) {
			l.errorf(at, "build_variables needs source; they are set while it is built")
		}
		switch {
		case !given:
		case found != position{}:
			for _, key := range slices.Sorted(maps.Keys(made)) {
				l.errorf(made[key], "%s is used to make an environment, but interpreter says that %s exists already; "+
					"remove one of the two", key, v.name)
			}
		case !python:
			l.errorf(v.at, "python is missing in %s; add it, such as python: 3.11, or name an existing Python, "+
				"such as interpreter: /usr/bin/python3", v.name)
		}
	}
}

// judged reads a text that must pass a check.
func (l *lab) judged(to *string, check func(string) error) reader {
	return l.line(func(v value, text string) {
		*to = text
		if fault := check(text); fault != nil {
			l.errorf(v.at, "%s %v", v.name, fault)
		}
	})
}

// requirements reads a list of packages, at least one, none of them twice unless
// a marker tells when each applies.
func (l *lab) requirements(to *[]string, seen map[string]position) reader {
	return l.filled("a list of packages, such as [vllm==0.10.1.1]", "package", l.line(func(v value, text string) {
		*to = append(*to, text)
		r, fault := environment.ParseRequirement(text)
		first, twice := seen[r.Name]
		switch {
		case fault != nil:
			l.errorf(v.at, "%v", fault)
		case r.Marker != "":
		case twice:
			l.errorf(v.at, "package %s is listed twice, first in line %d", r.Name, first.line)
		default:
			seen[r.Name] = v.at
		}
	}))
}

func (l *lab) variables(to *map[string]string) reader {
	return l.each("a mapping from the name of a variable to its value", func(e entry) {
		if *to == nil {
			*to = make(map[string]string)
		}
		if fault := environment.CheckVariable(e.name); fault != nil {
			l.errorf(e.key, "%v", fault)
		}
		var text string
		l.text(&text)(e.value)
		(*to)[e.name] = text
	})
}

// nodeEnvironment reads which environment a node measures in.
func (l *lab) nodeEnvironment(node string) reader {
	return func(v value) {
		var name string
		if l.environmentName(&name)(v); name == "" {
			return // noted already
		}
		if l.matrix.NodeEnvironments == nil {
			l.matrix.NodeEnvironments = make(map[string]string)
		}
		l.matrix.NodeEnvironments[node] = name
	}
}

// environmentName reads the name of an environment, of the lab or of the catalogue.
func (l *lab) environmentName(to *string) reader {
	return l.line(func(v value, name string) {
		*to = name
		all := l.matrix.AllEnvironments()
		if _, found := all.Find(name); !found {
			l.errorf(v.at, "there is no environment %q%s", name, choice(name, "the environments are", all.Names()))
		}
	})
}
