package models

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
)

// The tiny model is of the Llama shape and as small as engines take it: its
// start-up is all but the reading of weights.
const (
	tinyHidden       = 128
	tinyIntermediate = 256
	tinyLayers       = 2
	tinyHeads        = 4
	tinyPositions    = 1024       // longest input, tokens
	tinyVocabulary   = 2 + 256    // the marks of beginning and end, and one token a byte
	tinySeed         = 0x636f6c64 // of the weights, any would do
	tinySpread       = 1.0 / 16   // weights are even in ±
	tinyBegin        = "<s>"      // token 0
	tinyEnd          = "</s>"     // token 1
)

// Tiny makes the tiny model's folder, as the hub would lay it out: 0.8 MB, with
// random weights that are the same wherever it is made. It stands in for the model that
// the folder is named for.
func Tiny(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("cannot make the tiny model: %w", err)
	}
	for _, file := range []struct {
		name    string
		content any
	}{
		{"config.json", tinyConfig()},
		{"generation_config.json", map[string]any{"bos_token_id": 0, "eos_token_id": 1}},
		{"tokenizer_config.json", tokenizerConfig(tinyPositions)},
		{"tokenizer.json", byteTokenizer()},
		{standInFile, map[string]any{"model": filepath.Base(dir)}},
	} {
		text, err := json.MarshalIndent(file.content, "", " ")
		if err != nil {
			return err
		}
		if err := writeTiny(dir, file.name, append(text, '\n')); err != nil {
			return err
		}
	}
	weights, err := tinyWeights()
	if err != nil {
		return err
	}
	return writeTiny(dir, "model.safetensors", weights)
}

// tinyWeights is the file of the weights, as bfloat16.
func tinyWeights() ([]byte, error) {
	var file bytes.Buffer
	tensors := tinyTensors()
	if err := writeHeader(&file, "BF16", tensors); err != nil {
		return nil, err
	}
	for _, t := range tensors {
		for range t.count() {
			file.Write(binary.LittleEndian.AppendUint16(nil, bfloat16(t.next())))
		}
	}
	return file.Bytes(), nil
}

func writeTiny(dir, name string, content []byte) error {
	if err := renameio.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
		return fmt.Errorf("cannot make the tiny model: %s: %w", filepath.Join(dir, name), err)
	}
	return nil
}

func tinyConfig() map[string]any {
	return map[string]any{
		"architectures": []string{"LlamaForCausalLM"}, "model_type": "llama", "torch_dtype": "bfloat16",
		"hidden_size": tinyHidden, "intermediate_size": tinyIntermediate, "hidden_act": "silu",
		"num_hidden_layers": tinyLayers, "num_attention_heads": tinyHeads, "num_key_value_heads": tinyHeads,
		"max_position_embeddings": tinyPositions, "vocab_size": tinyVocabulary,
		"bos_token_id": 0, "eos_token_id": 1, "initializer_range": tinySpread,
		"rms_norm_eps": 1e-6, "rope_theta": 10000.0, "tie_word_embeddings": false, "use_cache": true,
	}
}

// tinyTensors are the weights as a Llama names them.
func tinyTensors() (all []tensor) {
	random := rand.New(rand.NewPCG(tinySeed, tinySeed))
	matrix := func(name string, rows, columns int) {
		all = append(all, tensor{name, []int{rows, columns}, func() float32 {
			return float32((random.Float64()*2 - 1) * tinySpread)
		}})
	}
	norm := func(name string) {
		all = append(all, tensor{name, []int{tinyHidden}, func() float32 { return 1 }})
	}
	matrix("model.embed_tokens.weight", tinyVocabulary, tinyHidden)
	for layer := range tinyLayers {
		prefix := fmt.Sprintf("model.layers.%d.", layer)
		norm(prefix + "input_layernorm.weight")
		for _, part := range []string{"q", "k", "v", "o"} {
			matrix(prefix+"self_attn."+part+"_proj.weight", tinyHidden, tinyHidden)
		}
		norm(prefix + "post_attention_layernorm.weight")
		matrix(prefix+"mlp.gate_proj.weight", tinyIntermediate, tinyHidden)
		matrix(prefix+"mlp.up_proj.weight", tinyIntermediate, tinyHidden)
		matrix(prefix+"mlp.down_proj.weight", tinyHidden, tinyIntermediate)
	}
	norm("model.norm.weight")
	matrix("lm_head.weight", tinyVocabulary, tinyHidden)
	return all
}

// bfloat16 is the upper half of a float32, rounded to the nearest.
func bfloat16(value float32) uint16 {
	bits := math.Float32bits(value)
	return uint16((bits + 0x7fff + bits>>16&1) >> 16)
}
