package models

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"

	"coldstart/runner/paper"
)

// tiny is as small as engines accept a Llama: its start-up is all but the reading of
// weights.
var tiny = &model{
	Shape:        paper.Shape{Layers: 2, Hidden: 128, Intermediate: 256, Heads: 4, KeyValues: 4, Vocabulary: firstToken},
	architecture: architecture{class: "LlamaForCausalLM", modelType: "llama", dtype: "bfloat16", positions: 1024},
}

const (
	tinySeed   = 0x636f6c64 // of the weights; any would do
	tinySpread = 1.0 / 16   // the weights are uniform in ±tinySpread
)

// Tiny makes the tiny model's folder, as the hub would lay it out: 0.8 MB, with random
// weights that are the same on every machine. It is a stand-in for the model that the
// folder is named after.
func Tiny(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("cannot make the tiny model: %w", err)
	}
	config := tiny.config()
	config["initializer_range"] = tinySpread
	delete(config, "head_dim")
	for name, content := range map[string]any{
		"config.json": config, "generation_config.json": generationConfig,
		"tokenizer_config.json": tokenizerConfig(tiny.positions), "tokenizer.json": byteTokenizer(),
		standInFile: map[string]any{"model": filepath.Base(dir)},
	} {
		if err := writeJSON(dir, name, content); err != nil {
			return fmt.Errorf("cannot make the tiny model: %w", err)
		}
	}
	weights, err := tinyWeights()
	if err != nil {
		return err
	}
	if err := renameio.WriteFile(filepath.Join(dir, "model.safetensors"), weights, 0o644); err != nil {
		return fmt.Errorf("cannot make the tiny model: %w", err)
	}
	return nil
}

// tinyWeights is the file of the weights, as bfloat16.
func tinyWeights() ([]byte, error) {
	var file bytes.Buffer
	tensors := tiny.tensors()
	if err := writeHeader(&file, "BF16", tensors); err != nil {
		return nil, err
	}
	random := rand.New(rand.NewPCG(tinySeed, tinySeed))
	for _, t := range tensors {
		for range t.bytes() / 2 {
			value := float32(1)
			if !isNorm(t.name) {
				value = float32((random.Float64()*2 - 1) * tinySpread)
			}
			file.Write(binary.LittleEndian.AppendUint16(nil, bfloat16(value)))
		}
	}
	return file.Bytes(), nil
}

// bfloat16 is the upper half of a float32, rounded to the nearest.
func bfloat16(value float32) uint16 {
	bits := math.Float32bits(value)
	return uint16((bits + 0x7fff + bits>>16&1) >> 16)
}
