package models

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
)

// The tokenizer of a made model has as many tokens as the model, and a file as large as
// the original's, since loading a tokenizer means reading its tokens and merges. Its tokens
// are words of letters, each made of two shorter ones: 2 letters long, 4, 8 and so on.

// Sizes of the vocabulary.
const (
	letters     = 26
	secondWords = 26 * 26      // of two letters: all
	fourthWords = 4096         // of four letters
	longest     = 64           // letters
	entryBytes  = 2*1 + 10 + 4 // of a word's entries in the vocabulary and the merges, besides its letters
	firstToken  = 2 + 256      // after the special tokens and the bytes
)

// word is a word and the two that it is made of.
type word struct{ text, left, right string }

// words are count words, whose entries take about size bytes.
func words(count, size int) []word {
	var all []word
	level := make([]string, 0, letters)
	for c := 'a'; c <= 'z'; c++ {
		level = append(level, string(c))
	}
	// Enough short words to make the long ones from; a small vocabulary has no others.
	for _, wanted := range []int{secondWords, fourthWords} {
		next := pairs(level, min(wanted, count-len(all)))
		all, level = append(all, next...), texts(next)
	}
	for length := 8; len(all) < count && length <= longest; length *= 2 {
		left := count - len(all)
		// The rest, of the next length, must fit within the size.
		here := split(left, size-sizeOf(all), length)
		next := pairs(level, min(here, left))
		all, level = append(all, next...), texts(next)
	}
	return all
}

// split is how many of count words have the length, and the others twice that, so that
// together they take size bytes.
func split(count, size, length int) int {
	short, long := entrySize(length), entrySize(2*length)
	if 2*length > longest {
		return count
	}
	here := math.Ceil(float64(count*long-size) / float64(long-short))
	// The longer ones are pairs of these.
	return int(max(here, math.Ceil(math.Sqrt(float64(count)))))
}

func entrySize(length int) int { return 2*length + entryBytes }

func sizeOf(words []word) (size int) {
	for _, w := range words {
		size += entrySize(len(w.text))
	}
	return size
}

// pairs are count words, each of two words of a level. They all differ, since the words of
// a level have the same length.
func pairs(level []string, count int) (made []word) {
	for _, left := range level {
		for _, right := range level {
			if len(made) >= count {
				return made
			}
			made = append(made, word{left + right, left, right})
		}
	}
	return made
}

func texts(words []word) (all []string) {
	for _, w := range words {
		all = append(all, w.text)
	}
	return all
}

// madeTokenizer is a tokenizer.json with that many tokens and MB (10^6 bytes), filled up
// with blanks at its end.
func madeTokenizer(tokens int, sizeMB float64) ([]byte, error) {
	document, size := byteTokenizer(), int(sizeMB*1e6)
	rest, err := json.Marshal(document)
	if err != nil {
		return nil, err
	}
	vocabulary := document["model"].(map[string]any)["vocab"].(map[string]int)
	var merges []string
	for i, w := range words(tokens-firstToken, size-len(rest)) {
		vocabulary[w.text] = firstToken + i
		merges = append(merges, w.left+" "+w.right)
	}
	if len(vocabulary) != tokens {
		return nil, fmt.Errorf("cannot make a tokenizer of %d tokens: it has %d", tokens, len(vocabulary))
	}
	document["model"].(map[string]any)["merges"] = merges
	text, err := json.Marshal(document)
	if err != nil {
		return nil, err
	}
	if missing := size - len(text); missing > 0 {
		text = append(text, bytes.Repeat([]byte(" "), missing)...)
	}
	return text, nil
}
