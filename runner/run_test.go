package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"coldstart/reports/result"
	"coldstart/reports/table"
	"coldstart/reports/testkit"
	"coldstart/runner/console"
)

// ran is what a command left on the console.
type ran struct {
	code     int
	out, err string
}

// coldstart runs a command line in this process.
func coldstart(t testing.TB, args ...string) ran {
	t.Helper()
	return onScreen(t, 0, args...)
}

// onScreen runs a command line as on a terminal of so many columns; in a pipe if there are none.
func onScreen(t testing.TB, columns int, args ...string) ran {
	t.Helper()
	var out, err bytes.Buffer
	terminal := console.New(&out, &err)
	if columns > 0 {
		terminal.Screen = &table.Screen{Width: columns}
	}
	code := run(context.Background(), terminal, args)
	return ran{code: code, out: out.String(), err: err.String()}
}

// expectLost expects that an attack cost no finished run and no whole file. .ci/attack adds
// the numbers up.
func expectLost(t *testing.T, lost int) {
	t.Helper()
	t.Attr("lost", strconv.Itoa(lost))
	if lost != 0 {
		t.Errorf("%d runs or files were lost", lost)
	}
}

// names lists the files below a directory.
func names(t testing.TB, dir string) (all []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			name, _ := filepath.Rel(dir, path)
			all = append(all, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// figures are the names of those that a session planned.
func figures(t *testing.T, dir string) (names []string) {
	t.Helper()
	plan, err := result.ReadPlan(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range plan.Figures {
		names = append(names, f.Name)
	}
	return names
}

func TestReproduceLeavesTheWholeReport(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	got := coldstart(t, "reproduce", "--out", dir)
	if got.code != exitDone {
		t.Fatalf("exit %d: %s", got.code, got.err)
	}
	want := []string{"report.pdf", "hardware.md", "hardware.csv", "hardware.pdf", "summary.md", "data/claims.json"}
	for _, f := range figures(t, dir) {
		want = append(want, f+".pdf", "data/"+f+".json")
	}
	left := names(t, filepath.Join(dir, "report"))
	if len(left) != len(want) {
		t.Errorf("%d files, want %d: %q", len(left), len(want), left)
	}
	for _, name := range want {
		if info, err := os.Stat(filepath.Join(dir, "report", name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, part := range []string{"CPU\t", "2× Intel Xeon Gold 5520+ (2×28C)", "\n13\t", "×14.82", "Of the paper's 17 claims: 16 hold, 1 undecided.", "/report.pdf.\n"} {
		if !strings.Contains(got.out, part) {
			t.Errorf("the console lacks %q", part)
		}
	}
	if !strings.Contains(got.err, "figure11-cpu0-n1   shares the runs of figure10-gpu0-n1") {
		t.Error("the progress does not say that a cell shares runs")
	}
}

// The same input gives the same bytes.
func TestReproduceTwice(t *testing.T) {
	t.Parallel()
	first, second := t.TempDir(), t.TempDir()
	for _, dir := range []string{first, second} {
		if got := coldstart(t, "reproduce", "--out", dir); got.code != exitDone {
			t.Fatal(got.err)
		}
	}
	for _, name := range names(t, first) {
		a, _ := os.ReadFile(filepath.Join(first, name))
		b, err := os.ReadFile(filepath.Join(second, name))
		if err != nil || !bytes.Equal(a, b) {
			t.Errorf("%s differs from one run to the next (%v)", name, err)
		}
	}
}

func TestSourceDateEpoch(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("SOURCE_DATE_EPOCH", "0")
	if got := coldstart(t, "reproduce", "--figures", "2", "--out", dir); got.code != exitDone {
		t.Fatal(got.err)
	}
	pdf, _ := os.ReadFile(filepath.Join(dir, "report", "figure2.pdf"))
	if !bytes.Contains(pdf, []byte("D:19700101000000")) {
		t.Error("the PDF does not bear the date of SOURCE_DATE_EPOCH")
	}
	t.Setenv("SOURCE_DATE_EPOCH", "yesterday")
	if got := coldstart(t, "reproduce", "--figures", "2", "--out", dir); got.code != exitFailed || !strings.Contains(got.err, `SOURCE_DATE_EPOCH is "yesterday"`) {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
}

// What the paper never recorded costs its own cell and says where it was.
func TestNotRecordedCostsOnlyItsCell(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	got := coldstart(t, "reproduce", "--figures", "7", "--nodes", "n1,n2", "--out", dir)
	if got.code != exitFailed || !strings.Contains(got.err, "figure7-n2         not measured: the paper recorded no runs of no-torch-compile on n2, only on n1") {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
	report := filepath.Join(dir, "report")
	if _, err := os.Stat(filepath.Join(report, "figure7.pdf")); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(report, "figure7-n2.pdf")); err == nil {
		t.Error("a PDF of nothing was written")
	}
	summary, _ := os.ReadFile(filepath.Join(report, "summary.md"))
	if !strings.Contains(string(summary), "the paper recorded no runs of no-torch-compile on n2") {
		t.Error("the summary does not say why figure7-n2 is missing")
	}
}

// A report that lacks a figure must not keep an earlier report's. What somebody else
// has put beside it is not the report's to remove.
func TestEarlierFiguresAreRemoved(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	theirs := filepath.Join(dir, "report", "figure3-final.pdf")
	if err := os.MkdirAll(filepath.Dir(theirs), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(theirs, []byte("%PDF"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, figure := range []string{"1", "2"} {
		if got := coldstart(t, "reproduce", "--figures", figure, "--out", dir); got.code != exitDone {
			t.Fatal(got.err)
		}
	}
	for _, name := range names(t, filepath.Join(dir, "report")) {
		if strings.Contains(name, "figure1") {
			t.Errorf("%s is left from an earlier report", name)
		}
	}
	if _, err := os.Stat(theirs); err != nil {
		t.Error(err)
	}
}

// Cells measured one by one make a figure together.
func TestMeasureThenReport(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, cell := range [][]string{{"--node", "n1"}, {"--node", "n2", "--role", "gpu1"}} {
		if got := coldstart(t, append([]string{"measure", "--figure", "10", "--out", dir}, cell...)...); got.code != exitDone {
			t.Fatal(got.err)
		}
	}
	got := coldstart(t, "report", "--from", dir, "--out", filepath.Join(dir, "report"))
	if got.code != exitDone || !strings.Contains(got.out, "total ×0.99, most in Graph Capturing, ×1.20") {
		t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
	}
}

// Both roads to the figures give the same numbers.
func TestReportOfThePapersArtifact(t *testing.T) {
	t.Parallel()
	artifact := testkit.Artifact(t)
	dir := t.TempDir()
	if got := coldstart(t, "report", "--from", artifact, "--out", filepath.Join(dir, "artifact")); got.code != exitDone {
		t.Fatal(got.err)
	}
	if got := coldstart(t, "reproduce", "--out", dir); got.code != exitDone {
		t.Fatal(got.err)
	}
	for _, f := range figures(t, dir) {
		name := filepath.Join("data", f+".json")
		ours, theirs := numbers(t, filepath.Join(dir, "report", name)), numbers(t, filepath.Join(dir, "artifact", name))
		if ours != theirs {
			t.Errorf("%s: replayed\n%s\nfrom the artifact\n%s", name, ours, theirs)
		}
		if _, err := os.Stat(filepath.Join(dir, "artifact", f+".pdf")); err != nil {
			t.Error(err)
		}
	}
}

// numbers is a figure's data without its provenance and what else is left out.
func numbers(t *testing.T, path string, out ...string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var data map[string]any
	if err := json.Unmarshal(text, &data); err != nil {
		t.Fatal(err)
	}
	for _, key := range append(out, "engine", "session") {
		delete(data, key)
	}
	text, _ = json.Marshal(data)
	return string(text)
}

func BenchmarkReportOfThePapersArtifact(b *testing.B) {
	artifact := testkit.Artifact(b)
	dir := b.TempDir()
	b.ReportAllocs()
	for b.Loop() {
		if got := coldstart(b, "report", "--from", artifact, "--out", dir); got.code != exitDone {
			b.Fatal(got.err)
		}
	}
}

func BenchmarkReproduce(b *testing.B) {
	dir := b.TempDir()
	for b.Loop() {
		if got := coldstart(b, "reproduce", "--out", dir); got.code != exitDone {
			b.Fatal(got.err)
		}
	}
}
