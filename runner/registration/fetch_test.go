package registration

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A server that sends without end is left, is not asked again, and fills no disk.
func TestDownloadIsBounded(t *testing.T) {
	whole := largestArchive
	t.Cleanup(func() { largestArchive = whole })
	largestArchive = 3 << 20
	m := newMachine(t, newServer(t))
	times := 0
	m.server.faults["GET .tar.gz"] = func(w http.ResponseWriter, r *http.Request) {
		times++
		for r.Context().Err() == nil {
			w.Write(bytes.Repeat([]byte("x"), 1<<20))
		}
	}
	r, _ := m.registration()
	err := r.Run(t.Context())
	if want := "has more than 3 MB, which no runner has"; err == nil || !strings.Contains(err.Error(), want) || times != 1 {
		t.Errorf("error %v after %d requests, want %q", err, times, want)
	}
	filepath.Walk(m.Root, func(path string, info os.FileInfo, err error) error {
		if err == nil && info.Mode().IsRegular() && info.Size() > 1<<20 {
			t.Errorf("%s was left", path)
		}
		return err
	})
}
