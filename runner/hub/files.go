package hub

import (
	"path"
	"slices"
	"strings"
)

// formats are those of weights that vLLM reads, in the order in which it looks for
// them, by the pattern of their files and the index of several.
var formats = []struct{ pattern, index string }{
	{"model*.safetensors", "model.safetensors.index.json"},
	{"pytorch_model*.bin", "pytorch_model.bin.index.json"},
}

// otherWeights are what files of weights end with, whoever reads them.
var otherWeights = []string{".safetensors", ".bin", ".pt", ".pth", ".gguf", ".h5", ".msgpack", ".onnx", ".ot", ".tflite"}

// Needed are the files of a repository that make up a model: everything at its top,
// but of weights, which many repositories have several times, one format alone. There
// are none where it has no weights that vLLM reads.
func Needed(files []File) []File {
	for _, format := range formats {
		ofFormat := func(f File) bool { return matches(format.pattern, f.Name) }
		if !slices.ContainsFunc(files, ofFormat) {
			continue
		}
		return slices.DeleteFunc(slices.Clone(files), func(f File) bool {
			return strings.Contains(f.Name, "/") || isWeights(f.Name) && !ofFormat(f) || isIndex(f.Name) && f.Name != format.index
		})
	}
	return nil
}

func matches(pattern, name string) bool {
	ok, _ := path.Match(pattern, name) // the patterns are sound
	return ok
}

func isWeights(name string) bool { return slices.Contains(otherWeights, path.Ext(name)) }

func isIndex(name string) bool { return strings.HasSuffix(name, ".index.json") }
