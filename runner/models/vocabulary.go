package models

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
)

// A tokenizer of a made model has as many tokens as the model, and a file as large
// as the original's: to load one is to read its tokens and merges. Its tokens are
// words of letters, each made of two shorter ones: 2 letters long, 4, 8 and so on.

// lengths of the words, in letters. firstWords are as many of them as begin the
// longer ones.
const (
	letters     = 26
	secondWords = 26 * 26      // of two letters: all
	fourthWords = 4096         // of four letters
	longest     = 64           // letters
	entryBytes  = 2*1 + 10 + 4 // of a word's entries in the vocabulary and the merges, besides its letters
	firstToken  = 2 + 256      // after the marks and the bytes
)

// word is a word and the two that it is made of.
type word struct{ text, left, right string }

// words are so many words, whose entries come to about so many bytes.
func words(count, size int) []word {
	var all []word
	level := make([]string, 0, letters)
	for c := 'a'; c <= 'z'; c++ {
		level = append(level, string(c))
	}
	// Enough short words to make the long ones of; a small vocabulary has no more.
	for _, wanted := range []int{secondWords, fourthWords} {
		next := pairs(level, min(wanted, count-len(all)))
		all, level = append(all, next...), texts(next)
	}
	for length := 8; len(all) < count && length <= longest; length *= 2 {
		left := count - len(all)
		// As many of this length as keep the rest, of the next length, within the size.
		here := split(left, size-sizeOf(all), length)
		next := pairs(level, min(here, left))
		all, level = append(all, next...), texts(next)
	}
	return all
}

// split is how many of so many words are of a length, and the others of twice that,
// so that together they have a size.
func split(count, size, length int) int {
	short, long := bytesOf(length), bytesOf(2*length)
	if 2*length > longest {
		return count
	}
	here := math.Ceil(float64(count*long-size) / float64(long-short))
	// The longer ones are pairs of these: they must be enough.
	return int(max(here, math.Ceil(math.Sqrt(float64(count)))))
}

func bytesOf(length int) int { return 2*length + entryBytes }

func sizeOf(words []word) (size int) {
	for _, w := range words {
		size += bytesOf(len(w.text))
	}
	return size
}

// pairs are so many words, each of two of a level: no two alike, since all of a
// level are equally long.
func pairs(level []string, count int) (made []word) {
	for i := range level {
		for _, right := range level {
			if len(made) >= count {
				return made
			}
			made = append(made, word{level[i] + right, level[i], right})
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

// madeTokenizer is tokenizer.json of so many tokens and of so many MB, 10^6 bytes,
// filled up with blanks at its end.
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
		return nil, fmt.Errorf("a tokenizer of %d tokens came out with %d", tokens, len(vocabulary))
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
