package models

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// copyFile marks the folder of a model's copy with weights in another format.
const copyFile = "coldstart-copy.json"

// Copy makes a model's copy in another folder of dir: the model's files but for its
// weights, and what write writes into the folder that it is given. The copy of a
// stand-in is one as well. It is there whole or not at all; one that is there is left,
// and there says so.
func Copy(dir, key, folder string, write func(making string) error) (there bool, err error) {
	if there, err := isCopied(dir, key, folder); there || err != nil {
		return there, err
	}
	if err := Check(dir, key); err != nil {
		return false, err
	}
	size, err := weightsSize(filepath.Join(dir, key))
	if err != nil {
		return false, err
	}
	if err := NeedRoom(dir, size); err != nil {
		return false, err
	}
	return false, inPlace(dir, folder, func(making string) error {
		if err := copyFiles(filepath.Join(dir, key), making); err != nil {
			return err
		}
		if err := writeJSON(making, copyFile, map[string]string{"of": key}); err != nil {
			return err
		}
		if err := write(making); err != nil {
			return err
		}
		return checkWeights(making)
	})
}

// isCopied tells whether a copy is there and whole. One of another model than the one
// that is there now is an error, and so is what is no copy.
func isCopied(dir, key, folder string) (bool, error) {
	path, err := filepath.Join(dir, folder), Check(dir, folder)
	var missing *MissingError
	switch {
	case errors.As(err, &missing):
		return false, nil
	case !isMade(dir, folder):
		if err == nil {
			return true, nil // somebody else's
		}
		return false, fmt.Errorf("%w; coldstart did not make it, and leaves it alone", err)
	case Check(dir, key) == nil && IsStandIn(dir, folder) != IsStandIn(dir, key):
		return false, fmt.Errorf("%s is a copy of another model than %s, of which one is a stand-in: 'coldstart models remove %s --models %s' removes it", path, filepath.Join(dir, key), folder, dir)
	}
	return err == nil, nil
}

// copyFiles copies a model's files but for its weights.
func copyFiles(from, to string) error {
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		name := entry.Name()
		if isWeights(name) || strings.HasSuffix(name, ".index.json") || strings.HasPrefix(name, ".") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(from, name)) // behind a link, in a hub's cache
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func isWeights(name string) bool {
	return slices.Contains([]string{".safetensors", ".bin", ".tensors"}, filepath.Ext(name))
}

// weightsSize is how many bytes of weights are in a folder.
func weightsSize(path string) (size int64, err error) {
	entries, err := os.ReadDir(path)
	for _, entry := range entries {
		if info, err := os.Stat(filepath.Join(path, entry.Name())); err == nil && isWeights(entry.Name()) {
			size += info.Size()
		}
	}
	return size, err
}
