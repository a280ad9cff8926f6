// Package models is the directory that holds the models: it tells which are there
// (List) and whether all of their files are (Check), fetches originals (Download), and
// makes stand-ins (Make) and copies (Copy).
//
// A model is a folder as the hub lays it out, named like the catalogue's key.
// Before a measurement, doctor asks here; an engine that finds half a model would
// cost its time limit first.
package models

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// A MissingError says that a model's folder is not there at all.
type MissingError struct{ Path string }

func (e *MissingError) Error() string { return fmt.Sprintf("%s: no such model folder", e.Path) }

// Check is nil if the model in a folder of dir is complete: its configuration, a
// tokenizer, and every weight file that its index names; and a stand-in if it is this
// model's. A MissingError says that there is no folder; any other error says what is
// wrong with it.
func Check(dir, folder string) error {
	path := filepath.Join(dir, folder)
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &MissingError{Path: path}
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("%s: no folder", path)
	}
	if err := checkAny(path, "configuration", "config.json"); err != nil {
		return err
	}
	if err := checkAny(path, "tokenizer", "tokenizer.json", "tokenizer.model", "vocab.json", "tiktoken.model", "qwen.tiktoken"); err != nil {
		return err
	}
	if err := checkStandIn(dir, folder); err != nil {
		return err
	}
	return checkWeights(path)
}

// checkAny is nil if one of the files is there and not empty.
func checkAny(path, what string, names ...string) error {
	for _, name := range names {
		if checkFile(path, name) == nil {
			return nil
		}
	}
	return fmt.Errorf("%s: its %s is missing (%s)", path, what, names[0])
}

func checkFile(path, name string) error {
	info, err := os.Stat(filepath.Join(path, name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s is missing", filepath.Join(path, name))
	case err != nil:
		return err
	case info.Size() == 0:
		return fmt.Errorf("%s is empty", filepath.Join(path, name))
	}
	return nil
}

// weightFiles are where weights lie in one file, and weightIndexes what lists
// several, in the order in which an engine looks for them.
var (
	weightFiles   = []string{"model.safetensors", "pytorch_model.bin", "model.tensors"}
	weightIndexes = []string{"model.safetensors.index.json", "pytorch_model.bin.index.json"}
)

func checkWeights(path string) error {
	for _, index := range weightIndexes {
		text, err := os.ReadFile(filepath.Join(path, index))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		return checkShards(path, index, text)
	}
	return checkAny(path, "weight file", weightFiles...)
}

// checkShards checks the files that an index of weights names.
func checkShards(path, index string, text []byte) error {
	var listed struct {
		Files map[string]string `json:"weight_map"` // tensor to file
	}
	if err := json.Unmarshal(text, &listed); err != nil {
		return fmt.Errorf("%s: %w", filepath.Join(path, index), err)
	}
	var names []string
	for _, name := range listed.Files {
		names = append(names, name)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) == 0 {
		return fmt.Errorf("%s names no weight files", filepath.Join(path, index))
	}
	for _, name := range names {
		if !filepath.IsLocal(name) {
			return fmt.Errorf("%s names %q, which leads out of the folder", filepath.Join(path, index), name)
		}
		if err := checkFile(path, name); err != nil {
			return err
		}
	}
	return nil
}
