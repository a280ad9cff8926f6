package models

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"
)

func TestTiny(t *testing.T) {
	dir := t.TempDir()
	if err := Tiny(filepath.Join(dir, "tiny")); err != nil {
		t.Fatal(err)
	}
	if err := Check(dir, "tiny"); err != nil {
		t.Error(err)
	}
	size := int64(0)
	sum := sha256.New()
	files, err := os.ReadDir(filepath.Join(dir, "tiny"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(filepath.Join(dir, "tiny", file.Name()))
		if err != nil {
			t.Fatal(err)
		}
		size += int64(len(text))
		sum.Write(text)
	}
	if size >= 1_000_000 {
		t.Errorf("%d bytes, want less than 1 MB", size)
	}
	// The model is the same everywhere, so that measurements can be compared.
	const want = "2fad3ddf"
	if got := hex.EncodeToString(sum.Sum(nil)[:4]); got != want {
		t.Errorf("the files' hash begins with %s, not %s", got, want)
	}
}

// The weights file is valid: the tensors follow each other without a gap, and fill it.
func TestTinyWeights(t *testing.T) {
	dir := t.TempDir()
	if err := Tiny(dir); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(filepath.Join(dir, "model.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	length := binary.LittleEndian.Uint64(file)
	if length%8 != 0 {
		t.Errorf("the header is of %d bytes, no multiple of 8", length)
	}
	var header map[string]struct {
		Type  string `json:"dtype"`
		Shape []int  `json:"shape"`
		Place [2]int `json:"data_offsets"`
	}
	if err := json.Unmarshal(file[8:8+length], &header); err != nil {
		t.Fatal(err)
	}
	delete(header, "__metadata__")
	sizes := map[int]int{} // by where they begin
	for name, tensor := range header {
		size := 2
		for _, n := range tensor.Shape {
			size *= n
		}
		if tensor.Type != "BF16" || tensor.Place[1]-tensor.Place[0] != size {
			t.Errorf("%s: %+v", name, tensor)
		}
		sizes[tensor.Place[0]] = size
	}
	end := 0
	for sizes[end] > 0 {
		end += sizes[end]
	}
	if want := len(file) - 8 - int(length); end != want || len(header) != 3+tiny.Layers*9 {
		t.Errorf("%d tensors fill %d bytes of %d", len(header), end, want)
	}
}

func TestBfloat16(t *testing.T) {
	for value, want := range map[float32]uint16{0: 0, 1: 0x3f80, -2: 0xc000, 1.00390625: 0x3f80, 1.01171875: 0x3f82, 0.0625: 0x3d80} {
		if got := bfloat16(value); got != want {
			t.Errorf("%v is %#x, want %#x", value, got, want)
		}
	}
}

// Each byte has its own token.
func TestByteLetters(t *testing.T) {
	seen := map[rune]bool{}
	for b, letter := range byteLetters() {
		if seen[letter] || letter <= ' ' || !utf8.ValidRune(letter) {
			t.Errorf("byte %d is %q", b, letter)
		}
		seen[letter] = true
	}
	letters := byteLetters()
	if letters['A'] != 'A' || letters[' '] != 'Ġ' || letters['\n'] != 'Ċ' || letters[0xad] != 'Ń' {
		t.Errorf("space %q, new line %q, soft hyphen %q", letters[' '], letters['\n'], letters[0xad])
	}
}
