package models

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"coldstart/runner/paper"
)

// architecture is a model's configuration on the hub, besides its shape.
type architecture struct {
	class     string // as vLLM and transformers call it, such as "LlamaForCausalLM"
	modelType string // of config.json
	dtype     string // "bfloat16" or "float16"
	positions int    // longest input, tokens
	head      int    // width of a head; 0 is the layer's width divided by the heads
	tied      bool   // the output shares the weights of the embedding
	bias      bool   // queries, keys and values have one
	more      map[string]any
}

// architectures are those of the models that can be made: dense ones that name their
// weights as Llama or Falcon does. The values are those of their configurations on the hub.
var architectures = map[string]architecture{
	"qwen-0.5b":     qwen(true),
	"qwen-1.8b":     qwen(false),
	"qwen-4b":       qwen(false),
	"qwen-7b":       qwen(false),
	"qwen-14b":      qwen(false),
	"llama2-7b-hf":  llama("float16", 4096, nil),
	"llama2-13b-hf": llama("float16", 4096, nil),
	"llama3-3b": {
		class: "LlamaForCausalLM", modelType: "llama", dtype: "bfloat16", positions: 131072, head: 128, tied: true,
		more: llama3Rope("32.0"),
	},
	"deepseek-r1-distill-llama-8b": llama("bfloat16", 131072, llama3Rope("8.0")),
	"deepseek-r1-distill-qwen-7b": {
		class: "Qwen2ForCausalLM", modelType: "qwen2", dtype: "bfloat16", positions: 131072, bias: true,
		more: map[string]any{"rope_theta": 10000.0, "use_sliding_window": false},
	},
	"falcon-7b": falcon(2048, 64, true, map[string]any{"multi_query": true, "new_decoder_architecture": false}),
	"falcon-11b": falcon(8192, 128, false, map[string]any{
		"multi_query": true, "new_decoder_architecture": true, "num_kv_heads": 8, "num_ln_in_parallel_attn": 1,
		"ffn_hidden_size": 16384, "rope_theta": 500042.0,
	}),
	"yi-6b": llama("bfloat16", 4096, map[string]any{"rope_theta": 5000000.0}),
	"yi-9b": llama("bfloat16", 4096, map[string]any{"rope_theta": 10000.0}),
	"mistral-7b": {
		class: "MistralForCausalLM", modelType: "mistral", dtype: "bfloat16", positions: 32768,
		more: map[string]any{"rope_theta": 10000.0, "sliding_window": 4096},
	},
	"gemma-7b": {
		class: "GemmaForCausalLM", modelType: "gemma", dtype: "bfloat16", positions: 8192, head: 256, tied: true,
		more: map[string]any{"hidden_act": "gelu", "hidden_activation": "gelu_pytorch_tanh", "rope_theta": 10000.0},
	},
	"granite3.3-8b-instruct": {
		class: "GraniteForCausalLM", modelType: "granite", dtype: "bfloat16", positions: 131072, tied: true,
		more: map[string]any{
			"rope_theta": 10000000.0, "attention_multiplier": 0.0078125, "embedding_multiplier": 12.0,
			"logits_scaling": 16.0, "residual_multiplier": 0.22,
		},
	},
}

func llama(dtype string, positions int, more map[string]any) architecture {
	return architecture{
		class: "LlamaForCausalLM", modelType: "llama", dtype: dtype, positions: positions, more: more,
	}
}

// llama3Rope is Llama 3's encoding of positions, scaled by a factor.
func llama3Rope(factor json.Number) map[string]any {
	return map[string]any{"rope_theta": 500000.0, "rope_scaling": map[string]any{
		"factor": factor, "high_freq_factor": json.Number("4.0"), "low_freq_factor": json.Number("1.0"),
		"original_max_position_embeddings": 8192, "rope_type": "llama3",
	}}
}

// qwen is Qwen1.5.
func qwen(tied bool) architecture {
	return architecture{
		class: "Qwen2ForCausalLM", modelType: "qwen2", dtype: "bfloat16", positions: 32768, tied: tied, bias: true,
		more: map[string]any{"rope_theta": 1000000.0, "use_sliding_window": false},
	}
}

// falconType is Falcon's type in config.json. Its layers have one tensor for queries, keys
// and values, two for the feed-forward part, and norms with a bias.
const falconType = "falcon"

// falcon is a Falcon with attention and feed-forward part in parallel.
func falcon(positions, head int, tied bool, more map[string]any) architecture {
	all := map[string]any{
		"alibi": false, "bias": false, "parallel_attn": true, "activation": "gelu", "layer_norm_epsilon": 1e-5,
	}
	maps.Copy(all, more)
	return architecture{
		class: "FalconForCausalLM", modelType: falconType, dtype: "bfloat16", positions: positions, head: head,
		tied: tied, more: all,
	}
}

// Makeable are the keys of the models that Make makes, in order.
func Makeable() []string { return slices.Sorted(maps.Keys(architectures)) }

// model is a model to be made.
type model struct {
	key string
	paper.Shape
	architecture
}

func (m *model) headWidth() int {
	if m.head > 0 {
		return m.head
	}
	return m.Hidden / m.Heads
}

// config is config.json.
func (m *model) config() map[string]any {
	config := map[string]any{
		"architectures": []string{m.class}, "model_type": m.modelType, "torch_dtype": m.dtype,
		"hidden_size": m.Hidden, "intermediate_size": m.Intermediate, "hidden_act": "silu",
		"num_hidden_layers": m.Layers, "num_attention_heads": m.Heads, "num_key_value_heads": m.KeyValues,
		"head_dim":                m.headWidth(),
		"max_position_embeddings": m.positions, "vocab_size": m.Vocabulary,
		"bos_token_id": 0, "eos_token_id": 1, "initializer_range": 0.02,
		"rms_norm_eps": 1e-6, "rope_theta": 10000.0, "tie_word_embeddings": m.tied, "use_cache": true,
	}
	maps.Copy(config, m.more)
	if m.modelType == falconType {
		delete(config, "head_dim") // Falcon's configuration computes it
	}
	return config
}

// tensors are the weights, in the order of the layers.
func (m *model) tensors() []tensor {
	if m.modelType == falconType {
		return m.falconTensors()
	}
	return m.llamaTensors()
}

func (m *model) falconTensors() (all []tensor) {
	add := func(name string, shape ...int) { all = append(all, tensor{name: name, shape: shape}) }
	norm := func(name string) {
		add(name+".weight", m.Hidden)
		add(name+".bias", m.Hidden)
	}
	add("transformer.word_embeddings.weight", m.Vocabulary, m.Hidden)
	for layer := range m.Layers {
		prefix := fmt.Sprintf("transformer.h.%d.", layer)
		norm(prefix + "input_layernorm")
		add(prefix+"self_attention.query_key_value.weight", (m.Heads+2*m.KeyValues)*m.headWidth(), m.Hidden)
		add(prefix+"self_attention.dense.weight", m.Hidden, m.Heads*m.headWidth())
		add(prefix+"mlp.dense_h_to_4h.weight", m.Intermediate, m.Hidden)
		add(prefix+"mlp.dense_4h_to_h.weight", m.Hidden, m.Intermediate)
	}
	norm("transformer.ln_f")
	if !m.tied {
		add("lm_head.weight", m.Vocabulary, m.Hidden)
	}
	return all
}

func (m *model) llamaTensors() (all []tensor) {
	add := func(name string, shape ...int) { all = append(all, tensor{name: name, shape: shape}) }
	head, norm := m.headWidth(), m.Hidden
	add("model.embed_tokens.weight", m.Vocabulary, m.Hidden)
	for layer := range m.Layers {
		prefix := fmt.Sprintf("model.layers.%d.", layer)
		add(prefix+"input_layernorm.weight", norm)
		for _, part := range []struct {
			name  string
			heads int
		}{{"q", m.Heads}, {"k", m.KeyValues}, {"v", m.KeyValues}} {
			add(prefix+"self_attn."+part.name+"_proj.weight", part.heads*head, m.Hidden)
			if m.bias {
				add(prefix+"self_attn."+part.name+"_proj.bias", part.heads*head)
			}
		}
		add(prefix+"self_attn.o_proj.weight", m.Hidden, m.Heads*head)
		add(prefix+"post_attention_layernorm.weight", norm)
		add(prefix+"mlp.gate_proj.weight", m.Intermediate, m.Hidden)
		add(prefix+"mlp.up_proj.weight", m.Intermediate, m.Hidden)
		add(prefix+"mlp.down_proj.weight", m.Hidden, m.Intermediate)
	}
	add("model.norm.weight", norm)
	if !m.tied {
		add("lm_head.weight", m.Vocabulary, m.Hidden)
	}
	return all
}
