package paper

import "sync"

// Shape is the form of a dense model: what its start-up costs hangs on it.
type Shape struct {
	Layers       int
	Hidden       int // width of a layer's input and output
	Intermediate int // width of the feed-forward part
	Heads        int // of attention
	KeyValues    int // heads of keys and values
	Vocabulary   int // tokens
}

// Shapes are the shapes of the paper's models by their keys; opt-6.7b, of which the
// paper gives none, is not among them.
var Shapes = sync.OnceValue(func() map[string]Shape {
	all := map[string]Shape{}
	for _, row := range table(modelsCSV) {
		if row["layers"] == "" {
			continue
		}
		all[row["model"]] = Shape{
			Layers: int(row.number("layers")), Hidden: int(row.number("hidden_size")),
			Intermediate: int(row.number("ffn_dim")),
			Heads:        int(row.number("attention_heads")), KeyValues: int(row.number("key_value_heads")),
			Vocabulary: int(row.number("vocab_size")),
		}
	}
	return all
})
