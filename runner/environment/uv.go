package environment

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"coldstart/runner/process"
)

// uv is the program that makes environments.
type uv struct{ program, release string } // release is such as "uv 0.9.9"

// findUV finds the uv on the PATH, or coldstart's own, which it installs beside the
// environments if necessary.
func (m *maker) findUV(ctx context.Context) (*uv, error) {
	found, missing := askUV(ctx, "uv")
	if missing == nil {
		return found, nil
	}
	dir := filepath.Join(filepath.Dir(m.dir), "uv")
	program := filepath.Join(venvOf(dir), "bin", "uv")
	if own, err := askUV(ctx, program); err == nil {
		return own, nil
	}
	held, err := take(dir+".lock", "uv")
	if err != nil {
		return nil, err
	}
	defer held.Close()
	why := fmt.Sprintf("uv does not run (%v)", missing)
	if errors.Is(missing, exec.ErrNotFound) {
		why = "there is no uv on the PATH"
	}
	m.Progress(why + ": installing coldstart's own into " + dir)
	if err := m.installUV(ctx, dir); err != nil {
		return nil, err
	}
	return askUV(ctx, program)
}

// askUV asks a program for its release.
func askUV(ctx context.Context, program string) (*uv, error) {
	version, err := process.Program{Args: []string{program, "--version"}}.Output(ctx)
	if err != nil {
		return nil, err
	}
	words := strings.Fields(string(version)) // uv 0.9.9 (x86_64-unknown-linux-gnu)
	return &uv{program, strings.Join(words[:min(2, len(words))], " ")}, nil
}

// installUV installs uv from the package index into a virtual environment of its own.
func (m *maker) installUV(ctx context.Context, dir string) error {
	install := []string{
		pythonIn(dir), "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--progress-bar", "off", "uv",
	}
	if m.environment.Index != "" {
		install = append(install, "--index-url", m.environment.Index)
	}
	for _, command := range [][]string{{"python3", "-m", "venv", "--clear", venvOf(dir)}, install} {
		err := m.run(ctx, command)
		switch {
		case ctx.Err() != nil:
			return err
		case err != nil:
			return fmt.Errorf("install uv, since coldstart cannot install its own: %w", err)
		}
	}
	return nil
}

// venv is the command that makes an empty environment in a directory.
func (u *uv) venv(e Environment, dir string) []string {
	return []string{u.program, "venv", "--no-project", "--python", e.Python, venvOf(dir)}
}

// pip is a command of 'uv pip' for the environment in a directory, with its package index.
func (u *uv) pip(e Environment, dir string, words ...string) []string {
	command := append([]string{u.program, "pip"}, words...)
	command = append(command, "--python", pythonIn(dir))
	if e.Index != "" {
		command = append(command, "--default-index", e.Index)
	}
	return command
}

// installs are the commands that fill an environment in a directory, with the checked-out
// source unless that is empty. They compile modules, which otherwise the first start would do.
func (u *uv) installs(e Environment, dir, source string) [][]string {
	install := u.pip(e, dir, "install", "--no-progress", "--compile-bytecode")
	packages := append(slices.Clip(install), e.Packages...)
	if source != "" {
		packages = append(packages, source)
	}
	if len(e.Overrides) > 0 {
		packages = append(packages, "--overrides", overridesFile(dir))
	}
	commands := [][]string{packages}
	if len(e.NoDeps) > 0 {
		commands = append(commands, append(append(slices.Clip(install), "--no-deps"), e.NoDeps...))
	}
	return commands
}

// dryRun is an installing command that only says what it would do.
func (u *uv) dryRun(install []string) []string {
	return slices.Insert(slices.Clone(install), slices.Index(install, "install")+1, "--dry-run")
}

// lock is the command that prints the files of the requirements in a file, as pylock.toml.
func (u *uv) lock(e Environment, dir, file string, alone bool) []string {
	lock := u.pip(e, dir, "compile", "--quiet", "--no-header", "--format", "pylock.toml")
	if alone {
		lock = append(lock, "--no-deps")
	}
	if len(e.Overrides) > 0 {
		lock = append(lock, "--overrides", overridesFile(dir))
	}
	return append(lock, file)
}

func venvOf(dir string) string { return filepath.Join(dir, "venv") }

func pythonIn(dir string) string { return filepath.Join(venvOf(dir), "bin", "python") }

func overridesFile(dir string) string { return filepath.Join(dir, "overrides.txt") }
