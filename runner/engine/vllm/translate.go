package vllm

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"coldstart/reports/result"
)

const (
	graphSizes   = "cuda-graph-sizes"
	captureSizes = "cudagraph-capture-sizes"
)

// translated are the arguments as a release of vLLM has them; launcher.py does the same for
// an engine. One changed: --cuda-graph-sizes, which takes a list of sizes or the largest
// size, is --cudagraph-capture-sizes since 0.13, which takes only a list.
func translated(args []result.Arg, release string) []result.Arg {
	if !takesCaptureSizes(release) {
		return args
	}
	args = slices.Clone(args)
	for i, arg := range args {
		if arg.Name == graphSizes {
			args[i] = result.Arg{Name: captureSizes, Value: listed(arg.Value)}
		}
	}
	return args
}

// takesCaptureSizes tells whether a release has lost --cuda-graph-sizes. A build of a
// checkout without tags calls itself 0.1; such checkouts are of today.
func takesCaptureSizes(release string) bool {
	var major, minor int
	if n, _ := fmt.Sscanf(release, "%d.%d", &major, &minor); n < 2 {
		return false
	}
	return major > 0 || minor >= 13 || minor == 1
}

// listed are the sizes up to a single one, as 0.10 expands it, or several sizes.
func listed(value string) string {
	largest, err := strconv.Atoi(strings.TrimSpace(value))
	if err != nil {
		return value
	}
	sizes := "1 2 4"
	for size := 8; size <= largest; size += 8 {
		sizes += " " + strconv.Itoa(size)
	}
	return sizes
}
