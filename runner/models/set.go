package models

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"coldstart/reports/result"
)

// Folder is the name of a configuration's model in a directory of models.
func Folder(c *result.Configuration) string { return cmp.Or(c.Directory, c.Model) }

// FolderOf is the name of a model's own folder in a directory of models.
func FolderOf(m *result.Model) string { return cmp.Or(m.Folder, m.Key) }

// CheckAll checks every model of a set once, and joins the errors.
func CheckAll(dir string, set *result.Set) error {
	var folders []string
	var faults []error
	for i := range set.Configurations {
		folder := Folder(&set.Configurations[i])
		if !slices.Contains(folders, folder) {
			folders = append(folders, folder)
			faults = append(faults, Check(dir, folder))
		}
	}
	return errors.Join(faults...)
}

// standInFile marks the folder of a stand-in: a model of another's shape with random
// weights.
const standInFile = "coldstart-standin.json"

// IsStandIn tells whether the model in a folder is a stand-in.
func IsStandIn(dir, folder string) bool {
	_, err := os.Stat(filepath.Join(dir, folder, standInFile))
	return err == nil
}

// checkStandIn returns an error if a folder has the stand-in of another model. One that was
// copied or renamed has not the shape that results would state.
func checkStandIn(dir, folder string) error {
	path := filepath.Join(dir, folder, standInFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var made standIn
	if err := json.Unmarshal(text, &made); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if folder != made.Model && !strings.HasPrefix(folder, made.Model+"-") { // a copy has a suffix
		return fmt.Errorf("%s: this is the stand-in of %s: rename the folder back, or remove it and make %s",
			path, made.Model, folder)
	}
	return nil
}

// hubCache is the folder in a model's folder in which the hub's client keeps its notes and
// partial files.
const hubCache = ".cache"

// Fingerprint is a hash of the names and sizes of a model's files, without the notes of the
// hub's client. A start-up depends on these, not on the weights' values, and reading the
// values would warm the page cache.
func Fingerprint(dir, folder string) (string, error) {
	hash := sha256.New()
	root := filepath.Join(dir, folder)
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && entry.Name() == hubCache:
			return filepath.SkipDir
		case entry.IsDir():
			return nil
		}
		info, err := os.Stat(path) // follows links, as in a hub's cache
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		fmt.Fprintf(hash, "%s %d\n", filepath.ToSlash(name), info.Size())
		return err
	})
	return hex.EncodeToString(hash.Sum(nil)), err
}
