//go:build pagecache

// A build tag of its own keeps these tests from dropping the page cache while those of
// another package measure.

package pagecache

import (
	"io"
	"os"
	"path/filepath"
	"testing"
)

// A model that was made a moment ago lies in the page cache as well, and not yet on
// the drive.
func TestDropWhatWasWrittenLately(t *testing.T) {
	if !Allowed(t.Context()) {
		t.Skip("this user may not drop the page cache")
	}
	file, err := os.Create(filepath.Join(t.TempDir(), "model.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	const written = 2 << 30
	if _, err := io.CopyN(file, zeros{}, written); err != nil {
		t.Fatal(err)
	}
	before := Life()
	if err := Drop(t.Context()); err != nil {
		t.Error(err)
	}
	if after := Life(); after == before {
		t.Errorf("the page cache was dropped, and is in life %q as before", after)
	}
	if left, err := cachedGiB(); err != nil || left > 1 {
		t.Errorf("%.1f GiB are left, %v", left, err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }
