package result

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// GPUs are those of a node that an engine may use, by nvidia-smi's index: "0", or "0,1" for
// several. The zero GPUs are all of the node. In JSON they are an index, or a list.
type GPUs string

// MostGPUs bounds the GPUs of a node, and their indices.
const MostGPUs = 64

// GPUsOf are the GPUs of indices.
func GPUsOf(indices ...int) GPUs {
	words := make([]string, len(indices))
	for i, index := range indices {
		words[i] = strconv.Itoa(index)
	}
	return GPUs(strings.Join(words, ","))
}

// Indices are the GPUs' indices, in their order; none for all.
func (g GPUs) Indices() (indices []int) {
	for word := range strings.SplitSeq(string(g), ",") {
		if index, err := strconv.Atoi(word); err == nil {
			indices = append(indices, index)
		}
	}
	return indices
}

// Has tells whether an engine may use the GPU of an index.
func (g GPUs) Has(index int) bool { return g == "" || slices.Contains(g.Indices(), index) }

// String is "GPU 1", or "GPUs 0,1"; empty for all.
func (g GPUs) String() string {
	switch len(g.Indices()) {
	case 0:
		return ""
	case 1:
		return "GPU " + string(g)
	}
	return "GPUs " + string(g)
}

// MarshalJSON writes an index, or a list of several.
func (g GPUs) MarshalJSON() ([]byte, error) {
	if indices := g.Indices(); len(indices) != 1 {
		return json.Marshal(indices)
	}
	return []byte(g), nil
}

// UnmarshalJSON reads an index, or a list.
func (g *GPUs) UnmarshalJSON(data []byte) error {
	var one int
	indices := []int{}
	if err := json.Unmarshal(data, &one); err == nil && string(data) != "null" {
		indices = append(indices, one)
	} else if err := json.Unmarshal(data, &indices); err != nil {
		return fmt.Errorf("GPUs must be an index or a list of indices, not %.40s", data)
	}
	if fault := CheckGPUs(indices); fault != nil {
		return fault
	}
	*g = GPUsOf(indices...)
	return nil
}

// CheckGPUs checks that indices can be those of one node's GPUs, each once.
func CheckGPUs(indices []int) error {
	for i, index := range indices {
		switch {
		case index < 0 || index >= MostGPUs:
			return fmt.Errorf("the index of a GPU must be from 0 to %d, not %d", MostGPUs-1, index)
		case slices.Contains(indices[:i], index):
			return fmt.Errorf("GPU %d is listed twice", index)
		}
	}
	return nil
}
