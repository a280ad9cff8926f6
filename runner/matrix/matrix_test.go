package matrix_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/hardware"
	"coldstart/reports/testkit"
	"coldstart/runner/matrix"
	"coldstart/runner/paper"
)

// figures is the paper's catalogue.
var figures = paper.Catalogue()

// Each testdata/ok/CASE.yaml is read as CASE.json says.
func TestAccepts(t *testing.T) {
	for _, path := range inputs(t, "testdata/ok/*.yaml") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			m, err := matrix.Load(path, figures)
			if err != nil {
				t.Fatal(err)
			}
			got, err := json.MarshalIndent(m, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			testkit.Golden(t, strings.TrimSuffix(path, ".yaml")+".json", string(got)+"\n")
		})
	}
}

// Each testdata/err/CASE.yaml is refused as CASE.out says, which has every mistake.
func TestRefuses(t *testing.T) {
	for _, path := range inputs(t, "testdata/err/*.yaml") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			_, err = matrix.Parse(filepath.Base(path), data, figures)
			var mistakes matrix.Errors
			if !errors.As(err, &mistakes) {
				t.Fatalf("%v is not a list of mistakes", err)
			}
			var all strings.Builder
			for _, mistake := range mistakes {
				all.WriteString(mistake.Error() + "\n")
			}
			testkit.Golden(t, strings.TrimSuffix(path, ".yaml")+".out", all.String())
		})
	}
}

func inputs(t *testing.T, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("no %s: %v", pattern, err)
	}
	return paths
}

// The repository's own file declares the paper's hardware, and measures every
// figure.
func TestOwnFile(t *testing.T) {
	m, err := matrix.Load("../lab/paper.yaml", figures)
	if err != nil {
		t.Fatal(err)
	}
	var nodes []hardware.Node
	for _, node := range m.Nodes {
		nodes = append(nodes, hardware.Node{Name: node.Name, Declared: node.Declared})
	}
	var got bytes.Buffer
	if err := hardware.Table(nodes).CSV(&got); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("../../reports/hardware/testdata/paper.csv")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("not the paper's hardware (-want +got):\n%s", diff)
	}
	if known := len(figures.Figures); len(m.Figures) != known {
		t.Errorf("%d figures, want all %d", len(m.Figures), known)
	}
	if _, found := m.Node(m.DefaultNode); !found {
		t.Errorf("no default node %q", m.DefaultNode)
	}
}

// A file means the same whatever an editor makes of its ends of lines.
func TestLineEndsDoNotMatter(t *testing.T) {
	data, err := os.ReadFile("testdata/ok/everything.yaml")
	if err != nil {
		t.Fatal(err)
	}
	want, err := matrix.Parse("plain", data, figures)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"byte order mark":  append([]byte("\ufeff"), data...),
		"CRLF":             bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n")),
		"CR":               bytes.ReplaceAll(data, []byte("\n"), []byte("\r")),
		"no end of line":   bytes.TrimRight(data, "\n"),
		"end of document":  append(slices.Clone(data), "...\n"...),
		"directive before": append([]byte("%YAML 1.2\n---\n"), data...),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := matrix.Parse(name, data, figures)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("read otherwise (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPositionAfterCRLFAndByteOrderMark(t *testing.T) {
	_, err := matrix.Parse("lab.yaml", []byte("\ufeffdefault_node: n1\r\nnodes:\r\n  n1: {gpus: 1}\r\n"), figures)
	mistakes, _ := err.(matrix.Errors)
	if len(mistakes) == 0 {
		t.Fatalf("got %v, want matrix.Errors", err)
	}
	for _, e := range mistakes {
		if strings.Contains(e.Message, "gpus") && (e.Line != 3 || e.Column != 8 || e.Snippet != "  n1: {gpus: 1}") {
			t.Errorf("at %d:%d in %q, want 3:8", e.Line, e.Column, e.Snippet)
		}
	}
}

func TestLoadNamesWhatItCannotRead(t *testing.T) {
	_, err := matrix.Load("no-such.yaml", figures)
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want fs.ErrNotExist", err)
	}
	for _, part := range []string{"no-such.yaml", "--matrix"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q does not name %s", err, part)
		}
	}
}

// Whatever is written, Parse returns; and each mistake has its place.
func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"testdata/*/*.yaml", "../lab/paper.yaml"} {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			f.Fatalf("no %s: %v", pattern, err)
		}
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := matrix.Parse("fuzz.yaml", data, figures)
		if err == nil {
			if len(m.Nodes) == 0 || len(m.Figures) == 0 {
				t.Errorf("accepted a lab without nodes or figures: %+v", m)
			}
			return
		}
		errs, ok := err.(matrix.Errors)
		if !ok || len(errs) == 0 {
			t.Fatalf("got %#v, want Errors", err)
		}
		for _, e := range errs {
			if e.Line < 1 || e.Column < 1 || e.Message == "" {
				t.Errorf("a mistake without place or message: %+v", e)
			}
		}
	})
}
