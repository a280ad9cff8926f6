// Package recorded finds, for tests, real start-up logs that are kept beside
// the checkout and not in it. A test that wants them skips where they are
// missing.
package recorded

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// Artifact is the directory of the paper's artifact: its figure-* folders.
func Artifact(t testing.TB) string { return beside(t, "recorded") }

// Logs is the directory of logs of later vLLM releases.
func Logs(t testing.TB) string { return beside(t, "logs") }

func beside(t testing.TB, name string) string {
	t.Helper()
	_, self, _, ok := runtime.Caller(0)
	if !ok {
		t.Fatal("the test binary does not know its source")
	}
	checkout := filepath.Join(filepath.Dir(self), "..", "..")
	// CI keeps the folder beside its checkout, a developer one level up.
	for _, shared := range []string{filepath.Join(checkout, "..", "shared"), filepath.Join(checkout, "shared")} {
		dir := filepath.Join(shared, name)
		if _, err := os.Stat(dir); err == nil {
			return dir
		}
	}
	t.Skipf("no %s beside the checkout", name)
	return ""
}
