//go:build pagecache

// A build tag of its own keeps these tests from dropping the page cache while those of
// another package measure.

package local

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// A model that was made a moment ago lies in the page cache as well, and not yet on
// the drive.
func TestDropWhatWasWrittenLately(t *testing.T) {
	if !MayDropPageCache(t.Context()) {
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
	before := PageCacheLife()
	if err := DropPageCache(t.Context()); err != nil {
		t.Error(err)
	}
	if after := PageCacheLife(); after == before {
		t.Errorf("the page cache was dropped, and is in life %q as before", after)
	}
	if left, err := cachedGiB(t.Context()); err != nil || left > 1 {
		t.Errorf("%.1f GiB are left, %v", left, err)
	}
}

// What is not in the page cache is read from the drive, and counted.
func TestReadGiB(t *testing.T) {
	if _, known := readGiB(); !known || !MayDropPageCache(t.Context()) {
		t.Skip("the kernel does not count what is read, or this user may not drop the page cache")
	}
	path := filepath.Join(t.TempDir(), "model.safetensors")
	const size = 512 << 20
	file, err := os.Create(path)
	if err == nil {
		_, err = io.CopyN(file, zeros{}, size)
	}
	if err = errors.Join(err, file.Close()); err != nil {
		t.Fatal(err)
	}
	read := func() float64 {
		before, _ := readGiB()
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		if _, err := io.Copy(io.Discard, file); err != nil {
			t.Fatal(err)
		}
		after, _ := readGiB()
		return after - before
	}
	if err := DropPageCache(t.Context()); err != nil {
		t.Fatal(err)
	}
	if cold, warm := read(), read(); cold < 0.45 || warm > 0.1 {
		t.Errorf("of 0.5 GiB %.2f were read with the page cache dropped, and %.2f the next time", cold, warm)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }
