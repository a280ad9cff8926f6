// Package recorded finds, for tests, real start-up logs that are kept beside the
// checkout. If they are missing, it skips the test.
package recorded

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// Artifact is the directory of the paper's artifact: its figure-* folders.
func Artifact(t testing.TB) string {
	t.Helper()
	_, self, _, ok := runtime.Caller(0)
	if !ok {
		t.Fatal("the test binary does not know its source")
	}
	checkout := filepath.Join(filepath.Dir(self), "..", "..")
	// CI keeps the folder beside its checkout, a developer one level up.
	for _, shared := range []string{filepath.Join(checkout, "..", "shared"), filepath.Join(checkout, "shared")} {
		dir := filepath.Join(shared, "recorded")
		if _, err := os.Stat(dir); err == nil {
			return dir
		}
	}
	t.Skip("no recorded logs beside the checkout")
	return ""
}
