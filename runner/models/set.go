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

// Folder is that of a configuration's model in a directory of models.
func Folder(c *result.Configuration) string { return cmp.Or(c.Directory, c.Model) }

// CheckAll checks every model of a set, each once, and tells all that lacks.
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

// checkStandIn is nil unless a folder has the stand-in of a model of another name: one
// that was copied or renamed is not of the shape that results would say.
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
	if folder != made.Model && !strings.HasPrefix(folder, made.Model+"-") { // a copy's name goes on
		return fmt.Errorf("%s: this is the stand-in of %s: give the folder its name back, or remove it and make %s", path, made.Model, folder)
	}
	return nil
}

// hubCache is the folder in a model's in which the hub's client notes what it has
// fetched, with halves of files.
const hubCache = ".cache"

// Fingerprint is a hash of the names and sizes of a model's files. What a start-up
// costs hangs on these; the weights' values do not matter to it, and to read them
// would warm the page cache up. What the hub's client notes beside them, in .cache, is
// no part of the model.
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
		info, err := os.Stat(path) // a hub's cache has links
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		fmt.Fprintf(hash, "%s %d\n", filepath.ToSlash(name), info.Size())
		return err
	})
	return hex.EncodeToString(hash.Sum(nil)), err
}
