package pdf

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"coldstart/reports/figure"
	"coldstart/reports/result"
	"coldstart/reports/table"
)

// sample is a report with all test figures, one of them incomplete.
func sample(t testing.TB) *Contents {
	all := figures(t)
	all[0].Complete, all[0].Missing = false, []string{"0.9.0 was not measured"}
	return &Contents{
		Title:        "Cold start latency in vLLM",
		About:        []string{"The figures of the paper from the measurements of one session."},
		Credit:       "H. S. Kabakibo, A. Trivedi, L. Wang: a paper.",
		Origin:       replayed,
		Date:         date,
		Nodes:        [][2]string{{"n1", "H100"}},
		Verdicts:     []string{"Of the paper's 1 claim: 1 holds."},
		Glance:       tableOf([]string{"Figure", "Shows"}, "2", "a start-up"),
		Hardware:     hardware,
		Reproduction: []Section{{Title: "The paper's claims", Table: tableOf([]string{"Claim", "Verdict"}, "Everything grows", "holds")}},
		Figures:      all,
		Absent:       []string{"figure 16: there is no such figure"},
		Provenance:   []string{"line one", strings.Repeat("a long line ", 300)},
	}
}

var replayed = result.Origin{Engine: result.Replay, Session: "paper"}

// tableOf is a table of one row.
func tableOf(header []string, row ...string) table.Table {
	t := table.Table{Header: header}
	t.Add(row...)
	return t
}

var hardware = Section{
	Title: "Hardware",
	Table: table.Table{
		Header: []string{"", "n1", "n3"},
		Rows: [][]table.Cell{
			{{Text: "CPU"}, {Text: "AMD EPYC 9354 (32C)"}, {Text: "2× Intel Xeon Platinum 8568Y+ (2×48C)"}},
			{{Text: "GPU"}, {Text: "L40S", Mismatch: true}, {Text: "H100"}},
			{{Text: "SSD"}, {Text: "–"}},
		},
	},
	Notes: []string{"≠ was found to differ from what the matrix declares."},
}

// documents writes every kind of document that the package has.
func documents(t testing.TB) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	keep := func(name string, b *bytes.Buffer, err error) {
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out[name] = b.Bytes()
	}
	for _, d := range figures(t) {
		var b bytes.Buffer
		keep(d.Name, &b, Figure(&b, d, date))
	}
	var page, report bytes.Buffer
	keep("hardware", &page, Hardware(&page, hardware, replayed, date))
	keep("report", &report, Report(&report, sample(t)))
	return out
}

func TestDocuments(t *testing.T) {
	again := documents(t)
	for name, b := range documents(t) {
		t.Run(name, func(t *testing.T) {
			if !bytes.HasPrefix(b, []byte("%PDF-1.7")) || !bytes.HasSuffix(bytes.TrimSpace(b), []byte("%%EOF")) {
				t.Error("this is no whole PDF")
			}
			if !bytes.Equal(b, again[name]) {
				t.Error("a second writing gives other bytes")
			}
			if fonts, files := bytes.Count(b, []byte("/Subtype /Type0")), bytes.Count(b, []byte("/FontFile2")); fonts != 2 || files != 2 {
				t.Errorf("%d fonts and %d font files, want 2 and 2", fonts, files)
			}
			if !bytes.Contains(b, []byte("/CreationDate(D:20260517093000")) {
				t.Errorf("the date is not the one given: %s", regexp.MustCompile(`/CreationDate.*`).Find(b))
			}
			if limit := 300 << 10; len(b) > limit {
				t.Errorf("%d bytes, want at most %d", len(b), limit)
			}
		})
	}
}

func pages(b []byte) int { return len(regexp.MustCompile(`/Type /Page\n`).FindAll(b, -1)) }

func TestPages(t *testing.T) {
	docs := documents(t)
	for name, b := range docs {
		// summary, hardware, claims, a page for two figures, provenance
		if want := map[bool]int{true: 4 + 8, false: 1}[name == "report"]; pages(b) != want {
			t.Errorf("%s has %d pages, want %d", name, pages(b), want)
		}
	}
	titles := regexp.MustCompile(`/Parent 3 0 R\n(  /Prev.*\n)?(  /Next.*\n)?  /Dest`).FindAll(docs["report"], -1)
	if len(titles) != 20 {
		t.Errorf("%d bookmarks hang from the outline, want 20", len(titles))
	}
}

func TestLongTablesGoOn(t *testing.T) {
	r := sample(t)
	d := r.Figures[0]
	for len(d.Series[0].Points) < 90 {
		d.Series[0].Points = append(d.Series[0].Points, d.Series[0].Points[0])
	}
	for range 50 {
		r.Hardware.Table.Add("GPU", strings.Repeat("a long name ", 20), strings.Repeat("x", 500))
	}
	var b bytes.Buffer
	if err := Report(&b, r); err != nil {
		t.Fatal(err)
	}
	if n := pages(b.Bytes()); n < 16 {
		t.Errorf("only %d pages", n)
	}
}

// A figure whose numbers are too wide to stand beside its picture has them on the same page.
func TestNumbersStayWithTheirPicture(t *testing.T) {
	all := figures(t)
	of := func(number string) *figure.Data {
		return all[slices.IndexFunc(all, func(d *figure.Data) bool { return d.Figure == number })]
	}
	narrow, wide := of("14"), *of("4")
	wide.Series[0].Points[0].Label = strings.Repeat("wide", 20)
	points := wide.Series[0].Points
	for n := 1; n <= len(points); n++ {
		wide.Series = []figure.Series{{Points: points[:n]}}
		f := &flow{}
		f.begin("Summary")
		for _, d := range []*figure.Data{narrow, &wide} {
			if err := figurePart(f, d); err != nil {
				t.Fatal(err)
			}
		}
		for i, page := range f.pages {
			if len(page.parts) == 0 {
				t.Errorf("%d rows: page %d of %d has the rest of a figure", n, i+1, len(f.pages))
			}
		}
	}
}

func TestDegenerateReports(t *testing.T) {
	tests := map[string]*Contents{
		"nothing at all": {},
		"no rows":        {Title: "t", Hardware: Section{Title: "Hardware", Table: table.Table{Header: []string{"a"}}}},
		"long rows":      {Title: "t", Hardware: Section{Table: tableOf(nil, "a", "b", "c")}},
		"no date":        {Title: "t", Date: time.Time{}},
		"odd characters": {Title: "时间 (\\)", Origin: result.Origin{Session: "🚀"}, Provenance: []string{"\x00\xff"}},
	}
	for name, r := range tests {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := Report(&b, r); err != nil || pages(b.Bytes()) != 3 {
				t.Errorf("%d pages, %v; want 3", pages(b.Bytes()), err)
			}
		})
	}
}

func TestAFigureWithoutPointsIsAnError(t *testing.T) {
	d := &figure.Data{Figure: "4", Kind: figure.Trend}
	for name, write := range map[string]func(*bytes.Buffer) error{
		"figure": func(b *bytes.Buffer) error { return Figure(b, d, date) },
		"report": func(b *bytes.Buffer) error { return Report(b, &Contents{Figures: []*figure.Data{d}}) },
	} {
		var b bytes.Buffer
		err := write(&b)
		if err == nil || !strings.Contains(err.Error(), "figure 4: there are no points to draw") {
			t.Errorf("%s: %v", name, err)
		}
		if b.Len() > 0 {
			t.Errorf("%s: %d bytes were written all the same", name, b.Len())
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, fmt.Errorf("disk full") }

func TestWriteErrorsAreTold(t *testing.T) {
	for name, err := range map[string]error{
		"figure":   Figure(full{}, figures(t)[0], date),
		"hardware": Hardware(full{}, hardware, replayed, date),
		"report":   Report(full{}, sample(t)),
	} {
		if err == nil || !strings.Contains(err.Error(), "disk full") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Run with -race: documents are written side by side from shared fonts.
func TestSideBySide(t *testing.T) {
	want := documents(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for _, d := range figures(t) {
				var b bytes.Buffer
				if err := Figure(&b, d, date); err != nil || !bytes.Equal(b.Bytes(), want[d.Name]) {
					t.Errorf("%s: other bytes, %v", d.Name, err)
				}
			}
		})
	}
	wg.Wait()
}
