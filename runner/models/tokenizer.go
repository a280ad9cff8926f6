package models

// The special tokens of every made model, with the IDs 0 and 1.
const (
	beginToken = "<s>"
	endToken   = "</s>"
)

var generationConfig = map[string]any{"bos_token_id": 0, "eos_token_id": 1}

// byteTokenizer is tokenizer.json of a tokenizer that knows only single bytes.
func byteTokenizer() map[string]any {
	vocabulary := map[string]int{beginToken: 0, endToken: 1}
	for b, letter := range byteLetters() {
		vocabulary[string(letter)] = 2 + b
	}
	special := func(id int, text string) map[string]any {
		return map[string]any{
			"id": id, "content": text, "special": true, "single_word": false, "lstrip": false, "rstrip": false,
			"normalized": false,
		}
	}
	byteLevel := map[string]any{"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true}
	return map[string]any{
		"version": "1.0", "truncation": nil, "padding": nil, "normalizer": nil, "post_processor": nil,
		"added_tokens":  []any{special(0, beginToken), special(1, endToken)},
		"pre_tokenizer": byteLevel, "decoder": byteLevel,
		"model": map[string]any{
			"type": "BPE", "dropout": nil, "unk_token": nil, "continuing_subword_prefix": nil, "end_of_word_suffix": nil,
			"fuse_unk": false, "byte_fallback": false, "vocab": vocabulary, "merges": []string{},
		},
	}
}

func tokenizerConfig(longest int) map[string]any {
	return map[string]any{
		"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": beginToken, "eos_token": endToken,
		"model_max_length": longest, "clean_up_tokenization_spaces": false,
	}
}

// byteLetters are the letters by which a byte-level tokenizer writes bytes: printable
// Latin-1 letters stand for themselves, the other bytes are letters from U+0100 on.
func byteLetters() (letters [256]rune) {
	next := rune(0x100)
	for b := range rune(256) {
		if '!' <= b && b <= '~' || '¡' <= b && b <= '¬' || '®' <= b {
			letters[b] = b
			continue
		}
		letters[b] = next
		next++
	}
	return letters
}
