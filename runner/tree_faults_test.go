//go:build faults

package main

import (
	"fmt"
	"testing"
)

// trees is how many result trees are changed. Fuzzing tries fewer a second: it counts the
// coverage of the code, which seeds do not steer.
const trees = 300

func TestChangedTrees(t *testing.T) {
	t.Parallel()
	tree := newResultTree(t)
	for seed := range uint64(trees) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { tree.attack(t, seed) })
	}
}
