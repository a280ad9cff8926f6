//go:build pdftools

package pdf

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// run runs a tool on a document. With this build tag the tools are required:
// a missing one fails the test.
func run(t *testing.T, document []byte, tool string, args ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "document.pdf")
	if err := os.WriteFile(file, document, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, a := range args {
		args[i] = strings.ReplaceAll(a, "{}", file)
	}
	var out bytes.Buffer
	cmd := exec.Command(tool, args...)
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", tool, err, out.Bytes())
	}
	return out.String()
}

func TestQPDFIsContent(t *testing.T) {
	for name, b := range documents(t) {
		t.Run(name, func(t *testing.T) {
			out := run(t, b, "qpdf", "--check", "{}")
			if !strings.Contains(out, "No syntax or stream encoding errors found") || strings.Contains(out, "WARNING") {
				t.Error(out)
			}
		})
	}
}

func TestFontsAreEmbeddedSubsets(t *testing.T) {
	for name, b := range documents(t) {
		t.Run(name, func(t *testing.T) {
			lines := strings.Split(strings.TrimSpace(run(t, b, "pdffonts", "{}")), "\n")[2:]
			if len(lines) == 0 {
				t.Error("no fonts")
			}
			for _, line := range lines {
				if !strings.Contains(line, "yes yes yes") {
					t.Errorf("not an embedded subset with its characters known: %s", line)
				}
			}
		})
	}
}

func TestTextCanBeFound(t *testing.T) {
	docs := documents(t)
	tests := map[string][]string{
		"figure2":  {"Figure 2 · Start-up breakdown of Llama3-3B", "Start-up: 22.45 s", "Sum of the steps: 20.95 s", "In No Step", "Graph Capturing (§2.6)"},
		"figure7":  {"r = 0.96", "KV Cache Profiling Time (s)", "replayed from the paper's recorded measurements · session paper · node n1"},
		"hardware": {"≠ L40S", "2× Intel Xeon Platinum 8568Y+ (2×48C)", "replayed from the paper's recorded measurements · session paper"},
		"report":   {"1 / 12", "12 / 12", "replayed from the paper's recorded measurements · session paper 12 / 12", "mean ± standard error over 5 iterations", "missing: 0.9.0 was not measured", "H. S. Kabakibo"},
	}
	for name, want := range tests {
		text := strings.Join(strings.Fields(run(t, docs[name], "pdftotext", "-layout", "{}", "-")), " ")
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s: %q is not found in\n%s", name, w, text)
			}
		}
	}
}

func TestBookmarks(t *testing.T) {
	out := run(t, documents(t)["report"], "qpdf", "--json", "--json-key=outlines", "{}")
	for _, want := range []string{`"title": "Summary"`, `"title": "Hardware"`, `"title": "The paper's claims"`, `"title": "Figure 7: KV cache profiling"`, `"title": "Provenance"`, `"destpageposfrom1": 12`} {
		if !strings.Contains(out, want) {
			t.Errorf("%s is missing in %s", want, out)
		}
	}
}
