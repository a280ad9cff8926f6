package table_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/table"
	"coldstart/reports/testkit"
)

// awkward has what a table can trip over.
var awkward = table.Table{
	Header: []string{"phase", "seconds", "note"},
	Align:  []table.Align{table.Left, table.Right},
	Rows: [][]table.Cell{
		{{Text: "load_weights"}, {Text: "12.5"}, {Text: "2× slower | ≠ before"}},
		{{Text: "  torch.compile"}, {Text: "7", Mismatch: true}, {Text: "two\nlines"}},
		{{Text: "模型加载"}, {Text: "0.25"}, {Text: `a "quoted", <b>bold</b> *star* back\slash & so on`}},
		{{Text: "@you, #7"}, {}, {Text: "[a](b) ~~c~~ $d$"}},
		{{Text: "short row"}},
	},
}

func compare(t *testing.T, name string, write func(io.Writer) error) {
	t.Helper()
	var got bytes.Buffer
	if err := write(&got); err != nil {
		t.Fatal(err)
	}
	testkit.Golden(t, filepath.Join("testdata", name), got.String())
}

func terminal(t table.Table, width int) func(io.Writer) error {
	return func(w io.Writer) error { return t.Terminal(w, table.Screen{Width: width}) }
}

func TestAwkward(t *testing.T) {
	compare(t, "awkward.txt", terminal(awkward, 0))
	compare(t, "awkward-40.txt", terminal(awkward, 40))
	compare(t, "awkward-20.txt", terminal(awkward, 20))
	compare(t, "awkward.tsv", awkward.Lines)
	compare(t, "awkward.md", awkward.Markdown)
	compare(t, "awkward.csv", awkward.CSV)
}

// However narrow the terminal, no line is wider. Where columns fit, no letter is lost.
func TestTerminalFits(t *testing.T) {
	for _, width := range []int{80, 60, 40, 20} {
		var out bytes.Buffer
		if err := awkward.Terminal(&out, table.Screen{Width: width}); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(out.String()) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > width {
				t.Errorf("width %d: a line is %d wide: %s", width, n, line)
			}
		}
		if width < 40 {
			continue // blocks repeat the headers
		}
		if got, want := letters(out.String()), letters(strings.Join(cells(awkward), "")); got != want {
			t.Errorf("width %d: %d letters, want %d", width, got, want)
		}
	}
}

// letters counts what is neither space nor line.
func letters(text string) int {
	return len(strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \n─", r) {
			return -1
		}
		return 'x'
	}, text))
}

// cells are the texts of a table, the header's first.
func cells(t table.Table) []string {
	all := slices.Clone(t.Header)
	for _, row := range t.Rows {
		for _, cell := range row {
			all = append(all, cell.String())
		}
	}
	return all
}

// grouped has all that a table can ask of a terminal.
var grouped = table.Table{
	Header: []string{"Configuration", "Phase", "A (s)", "Runs", "p", "Verdict", "Remedy"},
	Align:  []table.Align{table.Left, table.Left, table.Right, table.Right, table.Right},
	Rows: [][]table.Cell{
		{
			{Text: "llama3-3b"}, {Text: "load_weights"}, {Text: "12.345 ± 0.678", Brief: "12.345"}, {Text: "5"}, {Text: "0.001"},
			{Text: "slower", Tone: table.Bad}, {Text: "rm -r the old cache && start again with --no-cache"},
		},
		{
			{}, {Text: "graph_capturing"}, {Text: "2.345 ± 0.678", Brief: "2.345"}, {Text: "5+4"}, {Text: "0.701"},
			{Text: "unsettled: ≈14 more runs", Brief: "unsettled", Tone: table.Doubtful},
		},
		{{Text: "yi-6b"}, {Text: "load_weights"}, {Text: "1.000"}, {Text: "1"}, {}, {Text: "one run"}},
	},
	Groups: true, Notes: true, Spare: []int{3, 4},
}

// Groups have headings, notes lines of their own, and what a narrow terminal leaves out is
// the spare columns from the last one on.
func TestGrouped(t *testing.T) {
	for _, width := range []int{80, 60, 44, 30} {
		compare(t, fmt.Sprintf("grouped-%d.txt", width), terminal(grouped, width))
	}
	compare(t, "grouped.tsv", grouped.Lines)
}

func TestColours(t *testing.T) {
	var coloured, plain strings.Builder
	if err := grouped.Terminal(&coloured, table.Screen{Width: 44, Colour: true}); err != nil {
		t.Fatal(err)
	}
	if err := grouped.Terminal(&plain, table.Screen{Width: 44}); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"\x1b[31mslower\x1b[0m", "\x1b[33munsettled\x1b[0m"} {
		if !strings.Contains(coloured.String(), part) {
			t.Errorf("%q is missing in %q", part, &coloured)
		}
	}
	if got := regexp.MustCompile("\x1b\\[[0-9]*m").ReplaceAllString(coloured.String(), ""); got != plain.String() {
		t.Errorf("without colours\n%s\nwant\n%s", got, &plain)
	}
}

func TestTerminalHasNoControlCharacters(t *testing.T) {
	evil := table.Table{Header: []string{"log"}}
	evil.Add("\x1b[31mred\x1b[0m\a\tend")
	var out bytes.Buffer
	if err := evil.Terminal(&out, table.Screen{Width: 80}); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(out.String(), "\x1b\a\t") {
		t.Errorf("control characters came through: %q", out.String())
	}
	if !strings.Contains(out.String(), "red") || !strings.Contains(out.String(), "end") {
		t.Errorf("text was lost: %q", out.String())
	}
}

// What a program reads back from the CSV is the table, whatever its cells hold.
func TestCSVKeepsCells(t *testing.T) {
	var out bytes.Buffer
	if err := awkward.CSV(&out); err != nil {
		t.Fatal(err)
	}
	in := csv.NewReader(&out)
	in.FieldsPerRecord = -1
	got, err := in.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(cells(awkward), slices.Concat(got...)); diff != "" {
		t.Errorf("read back otherwise (-want +got):\n%s", diff)
	}
}

func TestShare(t *testing.T) {
	for name, test := range map[string]struct{ needs, want []float64 }{
		"room for all":              {[]float64{10, 20}, []float64{10, 20}},
		"the wide share the rest":   {[]float64{10, 90, 90}, []float64{10, 45, 45}},
		"a middling one is content": {[]float64{10, 40, 90}, []float64{10, 40, 50}},
	} {
		if diff := cmp.Diff(test.want, table.Share(100, test.needs)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestEmptyTable(t *testing.T) {
	for name, write := range map[string]func(io.Writer) error{
		"terminal": terminal(table.Table{}, 80),
		"markdown": table.Table{}.Markdown,
	} {
		var out bytes.Buffer
		if err := write(&out); err != nil || out.Len() > 0 {
			t.Errorf("%s: wrote %q, %v; want nothing", name, out.String(), err)
		}
	}
}

func TestWriteErrorsAreReported(t *testing.T) {
	for name, write := range map[string]func(io.Writer) error{
		"terminal": terminal(awkward, 80),
		"markdown": awkward.Markdown,
		"csv":      awkward.CSV,
		"lines":    awkward.Lines,
	} {
		if err := write(fullDisk{}); !errors.Is(err, errFull) {
			t.Errorf("%s: got %v, want %v", name, err, errFull)
		}
	}
}

var errFull = errors.New("disk full")

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

// Neither has a CSV file, which is shown on terminals too, nor text that turns around.
func TestCSVHasNoControlCharacters(t *testing.T) {
	evil := table.Table{Header: []string{"\u009b31mred"}}
	evil.Add("\x1b[31mred\a", "two\nlines", "a\u202eb")
	var out strings.Builder
	if err := evil.CSV(&out); err != nil {
		t.Fatal(err)
	}
	if want := "\" 31mred\"\n\" [31mred \",\"two\nlines\",ab\n"; out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
}
