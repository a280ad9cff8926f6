// Package testkit is what tests share: golden files, points written as text, and the real
// start-up logs that are kept beside the checkout.
package testkit

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// Artifact is the directory of the paper's artifact: its figure-* folders. If it is
// missing, the test is skipped.
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
