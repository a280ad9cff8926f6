package models

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"coldstart/reports/result"
)

// WithFacts is a model with what the files in its folder state and the model does not:
// layers, parameters, weights and tokenizer. What they do not state stays unknown.
func WithFacts(dir string, m result.Model) (result.Model, error) {
	path := filepath.Join(dir, FolderOf(&m))
	config, err := readConfig(path)
	if err != nil {
		return m, err
	}
	m.Layers = cmp.Or(m.Layers, config.layers())
	m.TokenizerMB = cmp.Or(m.TokenizerMB, tokenizerMB(path))
	stored, err := storedWeights(path)
	m.SizeB = cmp.Or(m.SizeB, float64(stored.parameters)/1e9)
	m.WeightsGiB = cmp.Or(m.WeightsGiB, float64(stored.loaded)/(1<<30))
	return m, err
}

// configuration is what config.json states of a model's shape, by the names that its
// architectures use. A model of several kinds of input has its language model apart.
type configuration struct {
	HiddenLayers int            `json:"num_hidden_layers"`
	NLayer       int            `json:"n_layer"`
	NLayers      int            `json:"n_layers"`
	NumLayers    int            `json:"num_layers"`
	Text         *configuration `json:"text_config"`
	Language     *configuration `json:"language_config"`
	LLM          *configuration `json:"llm_config"`
}

func readConfig(path string) (c configuration, err error) {
	name := filepath.Join(path, "config.json")
	text, err := os.ReadFile(name)
	if err == nil {
		if err = json.Unmarshal(text, &c); err != nil {
			err = fmt.Errorf("%s is not a valid configuration: %w", name, err)
		}
	}
	return c, err
}

func (c *configuration) layers() int {
	if c == nil {
		return 0
	}
	own := cmp.Or(c.HiddenLayers, c.NLayer, c.NLayers, c.NumLayers)
	return cmp.Or(own, c.Text.layers(), c.Language.layers(), c.LLM.layers())
}

// tokenizerMB is the size of the tokenizer's file, 10^6 bytes; 0 if there is none.
func tokenizerMB(path string) float64 {
	for _, name := range tokenizerFiles {
		if info, err := os.Stat(filepath.Join(path, name)); err == nil {
			return float64(info.Size()) / 1e6
		}
	}
	return 0
}

// stored is what files of weights hold.
type stored struct {
	parameters int64 // 0 if they are packed, or the files do not say
	loaded     int64 // bytes as vLLM loads them
}

// storedWeights reads the headers of the files of weights, or of other formats their sizes.
func storedWeights(path string) (all stored, err error) {
	files, err := filepath.Glob(filepath.Join(path, weightFormats[0].pattern))
	if err != nil || len(files) == 0 {
		size, err := weightsSize(path)
		return stored{loaded: size}, err
	}
	packed := false
	for _, file := range files {
		header, err := readHeader(file)
		if err != nil {
			return stored{}, err
		}
		for _, t := range header {
			n := t.count()
			all.parameters += n
			all.loaded += t.loaded()
			packed = packed || n > 1 && !slices.Contains(plainTypes, t.Type)
		}
	}
	if packed {
		all.parameters = 0
	}
	return all, nil
}

// plainTypes are the types of which one value is one parameter. Quantized weights are packed
// into whole numbers.
var plainTypes = []string{"F64", "F32", "F16", "BF16", "F8_E4M3", "F8_E5M2"}

// described is a tensor in the header of a safetensors file.
type described struct {
	Type   string   `json:"dtype"`
	Shape  []int64  `json:"shape"`
	Places [2]int64 `json:"data_offsets"`
}

func (t *described) count() int64 {
	n := int64(1)
	for _, size := range t.Shape {
		n *= size
	}
	return n
}

// loaded is the size on the GPU, bytes. vLLM loads numbers of 32 bits as ones of 16, unless
// told otherwise.
func (t *described) loaded() int64 {
	stored := t.Places[1] - t.Places[0]
	if t.Type == "F32" {
		return stored / 2
	}
	return stored
}

// longestHeader is safetensors' own limit, bytes.
const longestHeader = 100_000_000

// readHeader reads which tensors a safetensors file has.
func readHeader(path string) (tensors map[string]described, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var size uint64
	if err := binary.Read(file, binary.LittleEndian, &size); err != nil || size > longestHeader {
		return nil, errors.Join(fmt.Errorf("%s is not a safetensors file", path), err)
	}
	text, err := io.ReadAll(io.LimitReader(file, int64(size)))
	if err != nil {
		return nil, err
	}
	var entries map[string]json.RawMessage
	if err := json.Unmarshal(text, &entries); err != nil {
		return nil, fmt.Errorf("%s is not a safetensors file: %w", path, err)
	}
	tensors = map[string]described{}
	for name, entry := range entries {
		if strings.HasPrefix(name, "__") {
			continue // its metadata
		}
		var t described
		if err := json.Unmarshal(entry, &t); err != nil {
			return nil, fmt.Errorf("%s: tensor %q: %w", path, name, err)
		}
		tensors[name] = t
	}
	return tensors, nil
}
