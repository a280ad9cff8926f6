package matrix

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coldstart/runner/catalogue"
)

// Of a file with more mistakes than anybody reads, the first are shown; and one that no
// lab has is refused before it is read.
func TestLimits(t *testing.T) {
	var many strings.Builder
	for i := range 80 {
		fmt.Fprintf(&many, "unknown%d: 1\n", i)
	}
	_, err := Parse("lab.yaml", []byte(many.String()), catalogue.Catalogue{})
	if err == nil || strings.Count(err.Error(), "lab.yaml:") != mostShown || !strings.Contains(err.Error(), "\nand 33 more") {
		t.Errorf("%v", err)
	}
	path := filepath.Join(t.TempDir(), "lab.yaml")
	if err := os.WriteFile(path, make([]byte, largestFile+1), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(path, catalogue.Catalogue{}); err == nil || !strings.Contains(err.Error(), "has more than 1048576 bytes") {
		t.Errorf("%v", err)
	}
}
