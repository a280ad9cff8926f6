package models

import (
	"encoding/binary"
	"encoding/json"
)

// tensor is a tensor with what makes its values, one after the other in the order
// of rows.
type tensor struct {
	name  string
	shape []int
	next  func() float32
}

// safetensors lays tensors out in the format of that name, as bfloat16: the
// header's length in 8 bytes, the header in JSON, which gives each tensor's type,
// shape and place, and the raw values.
func safetensors(tensors []tensor) []byte {
	header := map[string]any{"__metadata__": map[string]string{"format": "pt"}}
	var values []byte
	for _, t := range tensors {
		begin := len(values)
		for range t.count() {
			values = binary.LittleEndian.AppendUint16(values, bfloat16(t.next()))
		}
		header[t.name] = map[string]any{"dtype": "BF16", "shape": t.shape, "data_offsets": []int{begin, len(values)}}
	}
	text, err := json.Marshal(header)
	if err != nil {
		panic(err) // names and numbers always can be
	}
	for len(text)%8 != 0 { // the values begin at a multiple of 8
		text = append(text, ' ')
	}
	file := binary.LittleEndian.AppendUint64(nil, uint64(len(text)))
	return append(append(file, text...), values...)
}

func (t tensor) count() int {
	n := 1
	for _, size := range t.shape {
		n *= size
	}
	return n
}
