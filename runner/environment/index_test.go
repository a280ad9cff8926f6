package environment

import (
	"archive/zip"
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"strings"
	"sync/atomic"
	"testing"
)

// fakeIndex is a package index on this machine, of almost empty packages.
type fakeIndex struct {
	*httptest.Server
	wheels map[string][]byte      // by file name
	asked  atomic.Pointer[func()] // is called before a wheel is served; nil for nothing
}

// newIndex serves packages, each given as "name version requirement…".
func newIndex(t *testing.T, packages ...string) *fakeIndex {
	t.Helper()
	index := &fakeIndex{wheels: map[string][]byte{
		"other-1.0-py3-none-any.whl": wheel(t, "other", "1.1", nil), // not what its name says
	}}
	for _, p := range packages {
		words := strings.Fields(p)
		index.wheels[fmt.Sprintf("%s-%s-py3-none-any.whl", words[0], words[1])] = wheel(t, words[0], words[1], words[2:])
	}
	index.Server = httptest.NewServer(http.HandlerFunc(index.serve))
	t.Cleanup(index.Close)
	return index
}

// outOfReach is an index that cannot be reached. Another test could have got the port of one
// that was closed.
const outOfReach = "http://127.0.0.1:1/simple"

func (i *fakeIndex) url() string { return i.URL + "/simple" }

// whenAsked calls do before a wheel is served.
func (i *fakeIndex) whenAsked(do func()) { i.asked.Store(&do) }

func (i *fakeIndex) serve(w http.ResponseWriter, r *http.Request) {
	if content, found := i.wheels[path.Base(r.URL.Path)]; found {
		if asked := i.asked.Load(); asked != nil {
			(*asked)()
		}
		w.Write(content)
		return
	}
	found := false
	w.Header().Set("Content-Type", "text/html")
	for file := range i.wheels {
		if strings.HasPrefix(file, path.Base(r.URL.Path)+"-") {
			found = true
			fmt.Fprintf(w, "<a href=\"/files/%s\">%s</a>\n", file, file)
		}
	}
	if !found {
		http.NotFound(w, r)
	}
}

// wheel packs a package of one module and further files, each a name and its text.
func wheel(t *testing.T, name, version string, requires []string, further ...[2]string) []byte {
	t.Helper()
	var content bytes.Buffer
	archive := zip.NewWriter(&content)
	info := name + "-" + version + ".dist-info/"
	metadata := fmt.Sprintf("Metadata-Version: 2.1\nName: %s\nVersion: %s\n", name, version)
	for _, r := range requires {
		metadata += "Requires-Dist: " + r + "\n"
	}
	record := ""
	for _, file := range append(further, [][2]string{
		{name + ".py", ""},
		{info + "METADATA", metadata},
		{info + "WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"},
	}...) {
		write(t, archive, file[0], file[1])
		record += file[0] + ",,\n"
	}
	write(t, archive, info+"RECORD", record+info+"RECORD,,\n")
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return content.Bytes()
}

func write(t *testing.T, archive *zip.Writer, name, text string) {
	t.Helper()
	header := &zip.FileHeader{Name: name, Method: zip.Deflate}
	header.SetMode(0o755) // of scripts
	file, err := archive.CreateHeader(header)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
}

// realUV skips the test if there is no uv on this machine.
func realUV(t *testing.T) {
	t.Helper()
	apart(t)
	if err := exec.Command("uv", "--version").Run(); err != nil {
		t.Skipf("skipped: uv: %v", err)
	}
}

// apart keeps uv and pip to this machine and away from the user's caches.
func apart(t *testing.T) {
	t.Helper()
	for name, value := range map[string]string{
		"UV_CACHE_DIR": t.TempDir(), "UV_PYTHON_DOWNLOADS": "never", "UV_HTTP_RETRIES": "0", "UV_HTTP_TIMEOUT": "60",
		"PIP_NO_CACHE_DIR": "1", "PIP_RETRIES": "1", "PIP_CONFIG_FILE": os.DevNull, "PIP_FIND_LINKS": "", "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1",
	} {
		t.Setenv(name, value)
	}
}

// python is the release of python3, such as "3.11".
func python(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("python3", "-c", "import sys; print('%d.%d' % sys.version_info[:2])").Output()
	if err != nil {
		t.Skipf("skipped: python3: %v", err)
	}
	return strings.TrimSpace(string(out))
}
