package result_test

import (
	"archive/zip"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coldstart/reports/result"
	"coldstart/reports/testkit"

	"github.com/google/go-cmp/cmp"
)

// pack puts files into an archive like one of GitHub's artifacts.
func pack(t *testing.T, path string, add func(*zip.Writer)) {
	t.Helper()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := zip.NewWriter(file)
	add(w)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
}

func addFile(t *testing.T, w *zip.Writer, header *zip.FileHeader, content io.Reader) {
	t.Helper()
	header.Method = zip.Deflate
	entry, err := w.CreateHeader(header)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(entry, content); err != nil {
		t.Fatal(err)
	}
}

// packTree packs a directory.
func packTree(t *testing.T, path, dir string) {
	t.Helper()
	pack(t, path, func(w *zip.Writer) {
		if err := w.AddFS(os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
	})
}

// Archives of artifacts are read without unpacking.
func TestReadArchives(t *testing.T) {
	measured, download := t.TempDir(), t.TempDir()
	attempt(t, measured, smallPlan("s1"), 1, noon, 1)
	packTree(t, filepath.Join(download, "coldstart-cell-figure7-n1-1.zip"), measured)
	results, err := result.Read(download)
	if err != nil {
		t.Fatal(err)
	}
	if cell := results.Cells["figure7-n1"]; cell == nil || len(cell.Runs) == 0 {
		t.Errorf("the cell in the archive is missing; warnings %q", results.Warnings)
	}
}

// A hostile archive is refused. Nothing of it is unpacked, and a file beyond the limit is
// not read to its end.
func TestReadHostileArchives(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret.json")
	if err := os.WriteFile(secret, []byte(`{"schema": 1, "session": "stolen"}`), 0o644); err != nil {
		t.Fatal(err)
	}
	link := &zip.FileHeader{Name: "plan.json"}
	link.SetMode(fs.ModeSymlink | 0o777)
	tests := map[string]struct {
		header  *zip.FileHeader
		content io.Reader
		err     string
	}{
		"absolute path":  {&zip.FileHeader{Name: "/plan.json"}, strings.NewReader(`{"schema": 1}`), `"/plan.json" leads out of the archive`},
		"parent's path":  {&zip.FileHeader{Name: "../plan.json"}, strings.NewReader(`{"schema": 1}`), `"../plan.json" leads out of the archive`},
		"link":           {link, strings.NewReader(secret), `"plan.json" is a link`},
		"bomb":           {&zip.FileHeader{Name: "plan.json"}, io.LimitReader(spaces{}, 100<<20), "plan.json: larger than 67108864 bytes, the limit for a file of results"},
		"deep name":      {&zip.FileHeader{Name: strings.Repeat("a/", 30000) + "plan.json"}, strings.NewReader(`{"schema": 1}`), `a/a/"… has a name of 60009 bytes`},
		"deep folders":   {&zip.FileHeader{Name: strings.Repeat("a/", 17) + "plan.json"}, strings.NewReader(`{"schema": 1}`), `a/plan.json" is in more than 16 folders`},
		"archive inside": {&zip.FileHeader{Name: "inner.zip"}, strings.NewReader("PK"), "no results found"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			pack(t, filepath.Join(dir, "a.zip"), func(w *zip.Writer) { addFile(t, w, test.header, test.content) })
			_, err := result.Read(dir)
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("error %v, want one that says %q", err, test.err)
			}
			if entries, _ := os.ReadDir(dir); len(entries) != 1 {
				t.Errorf("reading left %v behind", entries)
			}
		})
	}
}

// Many files that are small in an archive cost the archive, and are not read. Logs are never
// read, whatever their size.
func TestReadLargeArchives(t *testing.T) {
	for name, want := range map[string]string{
		"cells/x%d/cell.json": ": the files besides the logs have more than 268435456 bytes together; unpack the archive, and name its directory; it is left out",
		"cells/x/logs/1/%d":   "",
	} {
		dir := t.TempDir()
		measure(t, filepath.Join(dir, "good"), smallPlan("s1"), noon, 2)
		archive := filepath.Join(dir, "a.zip")
		plan, err := os.Open(filepath.Join(dir, "good", "plan.json"))
		if err != nil {
			t.Fatal(err)
		}
		defer plan.Close()
		pack(t, archive, func(w *zip.Writer) {
			addFile(t, w, &zip.FileHeader{Name: "plan.json"}, plan)
			for i := range 5 {
				// Of the size that it says, the entry has nothing.
				header := &zip.FileHeader{Name: fmt.Sprintf(name, i), UncompressedSize64: 60 << 20}
				if _, err := w.CreateRaw(header); err != nil {
					t.Fatal(err)
				}
			}
		})
		results, err := result.Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		if want != "" {
			want = archive + want
		}
		if got := strings.Join(results.Warnings, "\n"); got != want {
			t.Errorf("warnings %q, want %q", got, want)
		}
		if got := profiled(t, results); got != 2 {
			t.Errorf("the run took %v s, want 2", got)
		}
	}
}

// An archive in a cell's artifact is nobody's: it cannot be another artifact.
func TestReadArchivesInArtifacts(t *testing.T) {
	dir, measured := t.TempDir(), t.TempDir()
	create(t, dir, smallPlan("s1"))
	attempt(t, measured, smallPlan("s1"), 1, noon, 1)
	artifact := filepath.Join(dir, "coldstart-cell-figure8-n1-1")
	if err := os.Mkdir(artifact, 0o755); err != nil {
		t.Fatal(err)
	}
	archive := filepath.Join(artifact, "coldstart-cell-figure7-n1-1.zip")
	packTree(t, archive, measured)
	results, err := result.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{archive + ": an archive in the artifact of a cell; it is left out"}
	if diff := cmp.Diff(want, results.Warnings); diff != "" || len(results.Cells) > 0 {
		t.Errorf("cells %v, warnings (-want +got):\n%s", results.Cells, diff)
	}
}

// spaces is the content of a bomb, which compresses a thousandfold.
type spaces struct{}

func (spaces) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// A link in an artifact leads to a file of this machine, and is not followed.
func TestReadFollowsNoLinks(t *testing.T) {
	dir := t.TempDir()
	measure(t, dir, smallPlan("s1"), noon, 1)
	path := filepath.Join(dir, "cells", "figure7-n1", "cell.json")
	elsewhere := filepath.Join(t.TempDir(), "cell.json")
	if err := os.Rename(path, elsewhere); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(elsewhere, path); err != nil {
		t.Skip(err)
	}
	results, err := result.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if results.Cells["figure7-n1"] != nil || !strings.Contains(strings.Join(results.Warnings, "\n"), "cell.json: not a plain file; it is left out") {
		t.Errorf("cells %v, warnings %q", results.Cells, results.Warnings)
	}
}

// The error of a broken download names it.
func TestReadBrokenArchive(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "half.zip"), []byte("PK\x03\x04"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := result.Read(dir); err == nil || !strings.Contains(err.Error(), "half.zip: zip: not a valid zip file; download the artifact again") {
		t.Errorf("error %v", err)
	}
}

// A broken or hostile archive, or a directory that cannot be read, costs itself and not
// the results beside it.
func TestReadBesideBrokenArchives(t *testing.T) {
	dir := t.TempDir()
	measure(t, filepath.Join(dir, "good"), smallPlan("s1"), noon, 2)
	if err := os.WriteFile(filepath.Join(dir, "half.zip"), []byte("PK\x03\x04"), 0o644); err != nil {
		t.Fatal(err)
	}
	pack(t, filepath.Join(dir, "out.zip"), func(w *zip.Writer) {
		addFile(t, w, &zip.FileHeader{Name: "../plan.json"}, strings.NewReader(`{"schema": 1}`))
	})
	results, err := result.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		filepath.Join(dir, "half.zip") + ": zip: not a valid zip file; download the artifact again; it is left out",
		filepath.Join(dir, "out.zip") + `: "../plan.json" leads out of the archive, which is not an artifact of coldstart; it is left out`,
	}
	if diff := cmp.Diff(want, results.Warnings); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
	if got := profiled(t, results); got != 2 {
		t.Errorf("the run took %v s, want 2", got)
	}
}

// With its SHA-256, the plan counts whatever other plans are like.
func TestReadPlanned(t *testing.T) {
	dir := t.TempDir()
	measure(t, filepath.Join(dir, "good"), smallPlan("s1"), noon, 2)
	sum, err := result.PlanSum(filepath.Join(dir, "good"))
	if err != nil {
		t.Fatal(err)
	}
	testkit.WriteFiles(t, dir, map[string]string{
		"broken/plan.json":   "{",
		"another/plan.json":  `{"schema":1,"session":"s2"}`,
		"folder/plan.json/x": "",
	})
	results, err := result.ReadPlanned(dir, sum, 1)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(*smallPlan("s1"), results.Plan); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
	if _, err := result.ReadPlanned(dir, strings.Repeat("0", 64), 1); err == nil || !strings.Contains(err.Error(), "no plan has the SHA-256 000") {
		t.Errorf("a SHA-256 that no plan has: %v", err)
	}
}
