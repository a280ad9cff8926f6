package pdf

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"

	"coldstart/reports/table"
)

// A narrow table breaks its header first, then its cells between words, and no word.
func TestGridBreaksTheHeaderFirst(t *testing.T) {
	numbers := tableOf([]string{"Model", "Loading weights time"}, "Llama3 3B", "57.62")
	width := func(text string) vg.Length { return beside.ink.Width(text) }
	bold := func(text string) vg.Length { return beside.ink.Bold().Width(text) }
	tests := map[string]struct {
		columns      [2]vg.Length
		header, cell []string // lines of the longer one of the header and of the cell
		fits         bool
	}{
		"wide":   {[2]vg.Length{width("Llama3 3B"), bold("Loading weights time")}, []string{"Loading weights time"}, []string{"Llama3 3B"}, true},
		"narrow": {[2]vg.Length{width("Llama3 3B"), bold("Loading")}, []string{"Loading", "weights", "time"}, []string{"Llama3 3B"}, true},
		"tight":  {[2]vg.Length{width("Llama3"), bold("Loading")}, []string{"Loading", "weights", "time"}, []string{"Llama3", "3B"}, true},
		"no":     {[2]vg.Length{width("Llama3"), bold("time")}, nil, nil, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			whole := test.columns[0] + test.columns[1] + beside.between + 0.1
			if got := fits(numbers, whole, beside); got != test.fits {
				t.Fatalf("fits: %v, want %v", got, test.fits)
			}
			if !test.fits {
				return
			}
			g := newGrid(numbers, whole, beside)
			if !slices.Equal(g.header.cells[1], test.header) || !slices.Equal(g.rows[0].cells[0], test.cell) {
				t.Errorf("got %q and %q, want %q and %q", g.header.cells[1], g.rows[0].cells[0], test.header, test.cell)
			}
		})
	}
}

// Numbers end at the right edge of their column.
func TestGridAligns(t *testing.T) {
	numbers := table.Table{Header: []string{"Model", "Time (s)"}, Align: []table.Align{table.Left, table.Right}}
	numbers.Add("a", "57.62")
	numbers.Add("b", "6.74")
	g := newGrid(numbers, 200, ofPage)
	got := content(t, func(c *canvas) { g.draw(c, vg.Point{Y: 100}) })
	end := g.columns[1] + g.widths[1]
	for _, cell := range []string{"57.62", "6.74"} {
		begin := fmt.Sprintf("%.2f ", end-ofPage.ink.Width(cell))
		if !strings.Contains(got, begin) {
			t.Errorf("%s does not begin at %s:\n%s", cell, begin, got)
		}
	}
}
