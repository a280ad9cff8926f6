// Package vllm starts the real vLLM for a measurement: by a launcher, or as 'vllm serve', in
// an environment, with a plugin that logs more phases.
//
//	environment + launcher + plugin ──▶ Maker ──▶ a command and its variables
//
// Launcher and plugin are Python files in this binary (python/), which New writes to
// the disk. They change no file of vLLM or of the environment: Python finds the plugin by
// PYTHONPATH.
package vllm

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"coldstart/runner/engine/local"
)

//go:embed python/launcher.py python/plugin
var embedded embed.FS

// Below the directory of the engine's own files.
const (
	launcher = "launcher.py"
	plugin   = "plugin" // for PYTHONPATH
	settings = plugin + "/logging.json"
)

// layDown writes launcher, plugin and log settings into a directory, which need not exist. It leaves equal
// files alone, so that processes may share them.
func layDown(dir string) error {
	python, err := fs.Sub(embedded, "python")
	if err != nil {
		return err
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
	if err == nil {
		err = local.LayDown(filepath.Join(dir, settings), logSettings())
	}
	if err != nil {
		return fmt.Errorf("cannot write vLLM's launcher: %w", err)
	}
	return nil
}

// logSettings are the protocol's, with the formatter that is laid down beside the plugin: the
// prefix with which later releases name a process is the formatter's to print.
func logSettings() []byte {
	return bytes.Replace(local.LogSettings, []byte(`"logging.Formatter"`), []byte(`"coldstart_logging.Formatter"`), 1)
}

// Hash is the hash of launcher, plugin and log settings, which are part of what is measured.
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
