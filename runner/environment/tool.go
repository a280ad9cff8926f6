package environment

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// A tool makes environments by commands.
type tool struct {
	name     string // with its release, where it tells
	commands func(e Environment, dir string) [][]string
}

func pythonIn(dir string) string { return filepath.Join(venvOf(dir), "bin", "python") }

func overridesFile(dir string) string { return filepath.Join(dir, "overrides.txt") }

func lines(texts []string) []byte {
	var all strings.Builder
	for _, text := range texts {
		fmt.Fprintln(&all, text)
	}
	return []byte(all.String())
}

// tool is the one asked for, or else uv where there is one, or else pip.
func (m *maker) tool(ctx context.Context) (*tool, error) {
	if m.Tool != "pip" {
		version, err := exec.CommandContext(ctx, "uv", "--version").Output()
		if err == nil {
			words := strings.Fields(string(version)) // uv 0.9.9 (x86_64-unknown-linux-gnu)
			return &tool{strings.Join(words[:min(2, len(words))], " "), uvCommands}, nil
		}
		if m.Tool == "uv" {
			return nil, fmt.Errorf("uv does not run: %w; install it, or leave it to pip", err)
		}
	}
	python, err := findPython(ctx, m.environment.Python)
	if err != nil {
		return nil, err
	}
	return &tool{"pip", func(e Environment, dir string) [][]string { return pipCommands(python, e, dir) }}, nil
}

// uvCommands have modules compiled, as pip does: else the first start would do that.
func uvCommands(e Environment, dir string) [][]string {
	install := []string{"uv", "pip", "install", "--no-progress", "--compile-bytecode", "--python", pythonIn(dir)}
	if e.Index != "" {
		install = append(install, "--default-index", e.Index)
	}
	commands := [][]string{{"uv", "venv", "--no-project", "--python", e.Python, venvOf(dir)}}
	packages := append(slices.Clip(install), e.Packages...)
	if len(e.Overrides) > 0 {
		packages = append(packages, "--overrides", overridesFile(dir))
	}
	commands = append(commands, packages)
	if len(e.NoDeps) > 0 {
		commands = append(commands, append(append(slices.Clip(install), "--no-deps"), e.NoDeps...))
	}
	return commands
}

// pipCommands do what uvCommands do. pip knows no overrides: they are put in the
// place of what it chose.
func pipCommands(python string, e Environment, dir string) [][]string {
	install := []string{pythonIn(dir), "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--progress-bar", "off"}
	if e.Index != "" {
		install = append(install, "--index-url", e.Index)
	}
	commands := [][]string{{python, "-m", "venv", venvOf(dir)}, append(slices.Clip(install), e.Packages...)}
	for _, alone := range [][]string{e.NoDeps, e.Overrides} {
		if len(alone) > 0 {
			commands = append(commands, append(append(slices.Clip(install), "--no-deps"), alone...))
		}
	}
	return commands
}

// findPython finds a Python of a release.
func findPython(ctx context.Context, release string) (string, error) {
	parts := strings.SplitN(release, ".", 3)
	for _, program := range []string{"python" + parts[0] + "." + parts[1], "python3", "python"} {
		out, err := exec.CommandContext(ctx, program, "-c", "import platform; print(platform.python_version())").Output()
		if err == nil && samePython(release, strings.TrimSpace(string(out))) {
			return program, nil
		}
	}
	return "", fmt.Errorf("there is no Python %s on this machine: install python%s.%s with its venv module, or uv, which brings one", release, parts[0], parts[1])
}
