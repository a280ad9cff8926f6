package models

// byteTokenizer is tokenizer.json of a tokenizer that knows single bytes only.
func byteTokenizer() map[string]any {
	vocabulary := map[string]int{tinyBegin: 0, tinyEnd: 1}
	for b, letter := range byteLetters() {
		vocabulary[string(letter)] = 2 + b
	}
	special := func(id int, text string) map[string]any {
		return map[string]any{"id": id, "content": text, "special": true, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false}
	}
	return map[string]any{
		"version": "1.0", "truncation": nil, "padding": nil, "normalizer": nil, "post_processor": nil,
		"added_tokens":  []any{special(0, tinyBegin), special(1, tinyEnd)},
		"pre_tokenizer": map[string]any{"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
		"decoder":       map[string]any{"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
		"model": map[string]any{
			"type": "BPE", "dropout": nil, "unk_token": nil, "continuing_subword_prefix": nil, "end_of_word_suffix": nil,
			"fuse_unk": false, "byte_fallback": false, "vocab": vocabulary, "merges": []string{},
		},
	}
}

func tokenizerConfig(longest int) map[string]any {
	return map[string]any{
		"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": tinyBegin, "eos_token": tinyEnd,
		"model_max_length": longest, "clean_up_tokenization_spaces": false,
	}
}

// byteLetters are the letters that a byte-level tokenizer writes bytes as: those
// of Latin-1 that show on paper as themselves, and the others as letters from
// U+0100 on, in their order.
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
