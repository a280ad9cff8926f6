// Package vllm knows how the real vLLM is started for a measurement: by a
// launcher, in an environment, with a plugin that has two more phases logged.
//
//	environment + launcher + plugin ──▶ Maker ──▶ a command and its variables
//
// Launcher and plugin are Python, part of the binary (python/), and laid down on
// the disk by LayDown. They change no file of vLLM and none of the environment:
// Python finds the plugin by PYTHONPATH alone.
package vllm

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"sync"

	"coldstart/reports/result"
	"coldstart/runner/engine/local"
	"coldstart/runner/environment"
)

//go:embed python/launcher.py python/plugin
var embedded embed.FS

// pluginName is what the plugin's entry point is called.
const pluginName = "coldstart_profiling"

// Files are launcher and plugin on the disk.
type Files struct {
	Launcher string // path of the program
	Plugin   string // directory for PYTHONPATH
}

// LayDown puts launcher and plugin into a directory, which need not exist. What
// is there already is left alone, so that processes may share it.
func LayDown(dir string) (Files, error) {
	python, err := fs.Sub(embedded, "python")
	if err != nil {
		return Files{}, err
	}
	err = fs.WalkDir(python, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		path := filepath.Join(dir, filepath.FromSlash(name))
		if entry.IsDir() {
			return os.MkdirAll(path, 0o755)
		}
		text, err := fs.ReadFile(python, name)
		if err != nil {
			return err
		}
		return local.LayDown(path, text)
	})
	if err != nil {
		return Files{}, fmt.Errorf("cannot lay down vLLM's launcher: %w", err)
	}
	return Files{Launcher: filepath.Join(dir, "launcher.py"), Plugin: filepath.Join(dir, "plugin")}, nil
}

// Hash is of launcher, plugin and log settings: they are part of what is measured.
var Hash = sync.OnceValue(func() string {
	hash := sha256.New()
	hash.Write(local.LogSettings)
	err := fs.WalkDir(embedded, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(embedded, name)
		fmt.Fprintf(hash, "%s %d\n%s", name, len(text), text)
		return err
	})
	if err != nil {
		panic(err) // the files are part of the program
	}
	return hex.EncodeToString(hash.Sum(nil))
})

// start is one start of vLLM.
type start struct {
	Environment *environment.Installed
	Files       Files
	Model       string            // directory
	Args        []result.Arg      // engine arguments
	Variables   map[string]string // of the measurement set and of the protocol; they win over the environment's
}

// command is the program with its arguments.
func (s start) command() []string {
	return append([]string{s.Environment.Python(), s.Files.Launcher, "--model", s.Model}, local.Arguments(s.Args)...)
}

// environ is the whole environment of the process.
func (s start) environ() []string {
	variables := map[string]string{}
	maps.Copy(variables, s.Environment.Environment.Variables)
	maps.Copy(variables, s.Variables)
	variables["PYTHONPATH"] = join(variables["PYTHONPATH"], string(os.PathListSeparator), s.Files.Plugin)
	if only := variables["VLLM_PLUGINS"]; only != "" { // the plugins that vLLM may load
		variables["VLLM_PLUGINS"] = join(only, ",", pluginName)
	}
	return s.Environment.Variables(variables)
}

// join puts first before a list that may be empty.
func join(list, separator, first string) string {
	if list == "" {
		return first
	}
	return first + separator + list
}
