package doctor

import (
	"context"
	"strings"
)

// checkRepository warns if strangers can run code on this node.
func checkRepository(ctx context.Context, n *Node) []Finding {
	if n.Public == nil {
		return nil
	}
	warning, err := n.Public(ctx)
	switch {
	case err != nil:
		return warn("it is unknown whether strangers can run code here: "+err.Error(), "")
	case warning != "":
		return warn(strings.ReplaceAll(warning, "\n", " "), "")
	}
	return pass("private, or not visible to strangers")
}
