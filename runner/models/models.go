// Package models manages the directory of the models: it lists them (List), checks that
// their files are complete (Check), downloads originals from the hub (Download), and makes
// stand-ins (Make) and copies (Copy).
//
//	keys ──Hub──▶ repositories: files, sizes, access ──Download──▶ folders
//
// A model is a folder as the hub lays it out, named by the catalogue's key. Doctor checks
// it before a measurement: an engine that finds an incomplete model may run into its time
// limit.
package models

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// A MissingError says that there is no folder of the model.
type MissingError struct{ Path string }

func (e *MissingError) Error() string { return fmt.Sprintf("%s: no such model folder", e.Path) }

// Check returns nil if the model in a folder of dir is complete: it has its configuration,
// a tokenizer, and every weight file that its index names. A stand-in must be this model's.
// A MissingError says that there is no folder.
func Check(dir, folder string) error {
	path := filepath.Join(dir, folder)
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &MissingError{Path: path}
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("%s: not a folder", path)
	}
	if err := checkAny(path, "configuration", "config.json"); err != nil {
		return err
	}
	if err := checkAny(path, "tokenizer", tokenizerFiles...); err != nil {
		return err
	}
	if err := checkStandIn(dir, folder); err != nil {
		return err
	}
	return checkWeights(path)
}

// tokenizerFiles are names of a tokenizer's file, in the order in which they are looked for.
var tokenizerFiles = []string{"tokenizer.json", "tokenizer.model", "vocab.json", "tiktoken.model", "qwen.tiktoken"}

// checkAny returns nil if one of the files is there and not empty.
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

func checkWeights(path string) error {
	for _, format := range weightFormats {
		text, err := os.ReadFile(filepath.Join(path, format.index))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		return checkShards(filepath.Join(path, format.index), text)
	}
	return checkAny(path, "weight file", "model.safetensors", "pytorch_model.bin", "model.tensors")
}

// checkShards checks the files that an index of weights names.
func checkShards(index string, text []byte) error {
	var listed struct {
		Files map[string]string `json:"weight_map"` // tensor to file
	}
	if err := json.Unmarshal(text, &listed); err != nil {
		return fmt.Errorf("%s is not a valid index of weights: %w", index, err)
	}
	if len(listed.Files) == 0 {
		return fmt.Errorf("%s names no weight files", index)
	}
	for _, name := range slices.Compact(slices.Sorted(maps.Values(listed.Files))) {
		if !filepath.IsLocal(name) {
			return fmt.Errorf("%s names %q, which is outside of the folder", index, name)
		}
		if err := checkFile(filepath.Dir(index), name); err != nil {
			return err
		}
	}
	return nil
}
