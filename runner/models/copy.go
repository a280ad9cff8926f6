package models

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// copyFile marks the folder of a model's copy with weights in another format.
const copyFile = "coldstart-copy.json"

// Copy makes a model's copy in another folder of dir: the model's files except its
// weights, and the weights that write writes. The copy of a stand-in is a stand-in. Copy
// leaves no incomplete copy; it returns true if the copy was there.
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

// isCopied tells whether a copy is there and complete. A copy of another model than the
// present one is an error, and so is an incomplete folder that coldstart did not make.
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
		return false, fmt.Errorf("%w; coldstart did not make it, and does not overwrite it", err)
	case Check(dir, key) == nil && IsStandIn(dir, folder) != IsStandIn(dir, key):
		return false, fmt.Errorf("%s is not a copy of %s: one of the two is a stand-in; "+
			"'coldstart models remove %s --models %s' removes the copy", path, filepath.Join(dir, key), folder, dir)
	}
	return err == nil, nil
}

// copyFiles copies a model's files except its weights.
func copyFiles(from, to string) error {
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		name := entry.Name()
		if isWeights(name) || isIndex(name) || strings.HasPrefix(name, ".") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(from, name)) // follows links, as in a hub's cache
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// weightsSize is the size of the weights in a folder, bytes.
func weightsSize(path string) (size int64, err error) {
	entries, err := os.ReadDir(path)
	for _, entry := range entries {
		if info, err := os.Stat(filepath.Join(path, entry.Name())); err == nil && isWeights(entry.Name()) {
			size += info.Size()
		}
	}
	return size, err
}
