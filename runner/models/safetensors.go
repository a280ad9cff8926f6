package models

import (
	"encoding/binary"
	"encoding/json"
	"io"
)

// tensor is a tensor of two bytes a value. next makes its values, one after the
// other in the order of rows; without it a writer of its own fills the bytes.
type tensor struct {
	name  string
	shape []int
	next  func() float32
}

func (t tensor) count() int {
	n := 1
	for _, size := range t.shape {
		n *= size
	}
	return n
}

// bytes is how many bytes the values take.
func (t tensor) bytes() int { return 2 * t.count() }

// writeHeader writes the head of a file in the format safetensors: the header's
// length in 8 bytes, then the header in JSON, which gives each tensor's type, shape
// and place. The raw values follow, in the same order.
func writeHeader(to io.Writer, dtype string, tensors []tensor) error {
	header := map[string]any{"__metadata__": map[string]string{"format": "pt"}}
	place := 0
	for _, t := range tensors {
		header[t.name] = map[string]any{"dtype": dtype, "shape": t.shape, "data_offsets": []int{place, place + t.bytes()}}
		place += t.bytes()
	}
	text, err := json.Marshal(header)
	if err != nil {
		return err
	}
	for len(text)%8 != 0 { // the values begin at a multiple of 8
		text = append(text, ' ')
	}
	_, err = to.Write(append(binary.LittleEndian.AppendUint64(nil, uint64(len(text))), text...))
	return err
}
