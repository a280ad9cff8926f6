package models

import (
	"encoding/binary"
	"encoding/json"
	"io"
)

// tensor is a tensor of values of two bytes.
type tensor struct {
	name  string
	shape []int
}

// bytes is the size of the values.
func (t tensor) bytes() int {
	n := 2
	for _, size := range t.shape {
		n *= size
	}
	return n
}

// writeHeader writes the header of a safetensors file: its length in 8 bytes, then JSON
// with each tensor's type, shape and place. The raw values follow, in the same order.
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
