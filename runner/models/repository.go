package models

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// repository is one of the hub, as it is now.
type repository struct {
	Name     string   `json:"repository"` // such as "Qwen/Qwen1.5-0.5B"
	Page     string   `json:"page"`       // its address, for a browser
	Revision string   `json:"revision"`   // hash of the commit
	Files    []file   `json:"files"`
	Failure  *failure `json:"failure"` // why it cannot be fetched; nil if it can
}

var repositoryForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*$`)

// IsRepository tells whether a name has the form of a repository's: "Qwen/Qwen3-8B".
func IsRepository(name string) bool { return repositoryForm.MatchString(name) }

// file is a file of a repository.
type file struct {
	Name string `json:"name"` // with slashes
	Size int64  `json:"size"` // bytes
}

// failure is an answer of the hub's client that something failed.
type failure struct {
	Kind string `json:"kind"` // as python/hub.py has it, such as "gated"
	Says string `json:"says"` // the client's own first line
}

const again = "run the same command again to continue"

// remedies are what to do about a failure, by its kind.
var remedies = map[string]string{
	"gated":     "the model is gated: request access on its page, then set HF_TOKEN to a token of that account",
	"missing":   "no such repository, or it is private: set HF_TOKEN to a token of an account that may read it",
	"forbidden": "the hub denies access: let the token in HF_TOKEN read gated repositories, in its account's settings",
	"token":     "the hub rejects the token in HF_TOKEN: create another one in your account's settings, or unset it",
	"busy":      "the hub reports too many requests: wait or set HF_TOKEN, then " + again,
	"server":    "the hub reports an internal error: " + again + " later",
	"offline": "cannot reach the hub: connect this machine, or set HF_ENDPOINT to a mirror or HTTPS_PROXY to a proxy, " +
		"then " + again,
	"disabled":   "HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE forbids downloads: unset them",
	"cut":        "a file is incomplete: " + again,
	"disk":       "the disk is full: free some space, then " + again,
	"unwritable": "the directory is not writable: choose another with --models",
	"client":     "the environment has no huggingface_hub: choose another with --environment",
	"other":      "the hub's client failed: " + again,
}

func (f *failure) Error() string { return fmt.Sprintf("%s (%s)", remedies[f.Kind], f.Says) }

// weightFormats are the formats of weights that vLLM reads from the hub, in the order in
// which it looks for them: the files' pattern, and the index of several files.
var weightFormats = []struct{ pattern, index string }{
	{"model*.safetensors", "model.safetensors.index.json"},
	{"pytorch_model*.bin", "pytorch_model.bin.index.json"},
}

// weightExtensions are those of files of weights, whichever program reads them.
var weightExtensions = []string{
	".safetensors", ".bin", ".tensors", ".pt", ".pth", ".gguf", ".h5", ".msgpack", ".onnx", ".ot", ".tflite",
}

func isWeights(name string) bool { return slices.Contains(weightExtensions, path.Ext(name)) }

func isIndex(name string) bool { return strings.HasSuffix(name, ".index.json") }

// needed are the files of a repository that make up a model: those at its top, with the
// weights in one format alone, of which many repositories have several. There are none if
// vLLM reads no format that the repository has.
func needed(files []file) []file {
	for _, format := range weightFormats {
		ofFormat := func(f file) bool {
			matches, _ := path.Match(format.pattern, f.Name)
			return matches
		}
		if !slices.ContainsFunc(files, ofFormat) {
			continue
		}
		return slices.DeleteFunc(slices.Clone(files), func(f file) bool {
			return strings.Contains(f.Name, "/") || isWeights(f.Name) && !ofFormat(f) ||
				isIndex(f.Name) && f.Name != format.index
		})
	}
	return nil
}

// bytesOf is the size of files.
func bytesOf(files []file) (sum int64) {
	for _, f := range files {
		sum += f.Size
	}
	return sum
}

// present is how many bytes of files are in a folder, with the partial files that the
// client keeps beside them.
func present(dir string, files []file) (sum int64) {
	for _, f := range files {
		if info, err := os.Stat(filepath.Join(dir, f.Name)); err == nil {
			sum += min(info.Size(), f.Size)
		}
	}
	partial, _ := filepath.Glob(filepath.Join(dir, hubCache, "huggingface", "download", "*.incomplete"))
	for _, path := range partial {
		if info, err := os.Stat(path); err == nil {
			sum += info.Size()
		}
	}
	return min(sum, bytesOf(files))
}
