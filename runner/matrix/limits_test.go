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
	path, large := filepath.Join(t.TempDir(), "lab.yaml"), make([]byte, largestFile+1)
	if err := os.WriteFile(path, large, 0o644); err != nil {
		t.Fatal(err)
	}
	for name, read := range map[string]func() (*Matrix, error){
		"a file":          func() (*Matrix, error) { return Load(path, catalogue.Catalogue{}) },
		"a commit's file": func() (*Matrix, error) { return Parse("of a commit", large, catalogue.Catalogue{}) },
	} {
		if _, err := read(); err == nil || !strings.HasSuffix(err.Error(), ":1:1: the file has more than 1048576 bytes") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
