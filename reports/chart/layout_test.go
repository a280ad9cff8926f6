package chart

import (
	"slices"
	"testing"

	"coldstart/reports/figure"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

func TestTicks(t *testing.T) {
	tests := []struct {
		low, high float64
		n         int
		want      []string
	}{
		{0, 60, 6, []string{"0", "10", "20", "30", "40", "50", "60"}},
		{0, 0.35, 6, []string{"0.0", "0.1", "0.2", "0.3"}},
		{0, 1.3, 6, []string{"0.00", "0.25", "0.50", "0.75", "1.00", "1.25"}},
		{0, 12, 5, []string{"0.0", "2.5", "5.0", "7.5", "10.0"}},
		{-0.5, 1.2, 4, []string{"-0.5", "0.0", "0.5", "1.0"}},
		{0, 250000, 5, []string{"0", "50000", "100000", "150000", "200000", "250000"}},
	}
	for _, test := range tests {
		var got []string
		for _, m := range ticks(test.n)(test.low, test.high) {
			got = append(got, m.Label)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%v … %v in %d: got %q, want %q", test.low, test.high, test.n, got, test.want)
		}
	}
}

func TestTrendLabels(t *testing.T) {
	at := func(label string, x float64) figure.Point { return figure.Point{Key: "k", Label: label, X: &x} }
	tests := map[string]struct {
		points []figure.Point
		want   []string
		title  string
	}{
		"a size is in the name":      {[]figure.Point{at("Yi-6B", 6), at("Qwen-MoE-14.3B", 14.3)}, []string{"Yi-6B", "Qwen-MoE-14.3B"}, ""},
		"a file's size is not":       {[]figure.Point{at("Yi-6B", 3.5), at("Llama2-7B", 1.8)}, []string{"Yi-6B (3.5)", "Llama2-7B (1.8)"}, "Model (x, u)"},
		"all get it if one lacks it": {[]figure.Point{at("Yi-6B", 6), at("Llama2-7B", 1.8)}, []string{"Yi-6B (6)", "Llama2-7B (1.8)"}, "Model (x, u)"},
		"a number is its own x":      {[]figure.Point{at("3", 3), at("10", 10)}, []string{"3", "10"}, "X (u)"},
		"no x, nothing to be told":   {[]figure.Point{{Label: "Yi-6B"}}, []string{"Yi-6B"}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			texts, title := trendLabels(test.points, "X (u)")
			if !slices.Equal(texts, test.want) || title != test.title {
				t.Errorf("got %q, %q, want %q, %q", texts, title, test.want, test.title)
			}
		})
	}
}

func TestGridRunsAndSeams(t *testing.T) {
	g := quantise([][]float64{
		{0, 100, 100, 50, 0},
		{0, 0, 100, 0, 0},
		{100},
	})
	full, half := uint8(levels-1), uint8(levels/2)
	wantRuns := []run{
		{row: 0, from: 1, to: 3, cover: 4, level: full},
		{row: 0, from: 3, to: 4, cover: 4, level: half},
		{row: 1, from: 2, to: 3, cover: 3, level: full},
		{row: 2, from: 0, to: 1, cover: 1, level: full},
	}
	wantSeams := []run{{row: 0, from: 2, to: 3, cover: 3, level: full}}
	if d := cmp.Diff(wantRuns, g.runs(), cmp.AllowUnexported(run{})); d != "" {
		t.Errorf("runs (-want +got):\n%s", d)
	}
	if d := cmp.Diff(wantSeams, g.seams(), cmp.AllowUnexported(run{})); d != "" {
		t.Errorf("seams (-want +got):\n%s", d)
	}
	if g.columns != 5 {
		t.Errorf("%d columns, want 5", g.columns)
	}
}

func TestApart(t *testing.T) {
	tests := map[string]struct{ places, want []vg.Length }{
		"far enough":      {[]vg.Length{10, 30}, []vg.Length{10, 30}},
		"two together":    {[]vg.Length{50, 50}, []vg.Length{45, 55}},
		"at the floor":    {[]vg.Length{0, 1, 2}, []vg.Length{0, 10, 20}},
		"at the ceiling":  {[]vg.Length{100, 100}, []vg.Length{90, 100}},
		"nothing to move": {nil, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := apart(test.places, 10, 0, 100)
			for i := range got {
				if d := got[i] - test.want[i]; d > 0.01 || d < -0.01 {
					t.Fatalf("got %v, want %v", got, test.want)
				}
			}
		})
	}
}

// Every line of a hatch keeps within its rectangle, and rises at 45°.
func TestHatch(t *testing.T) {
	r := rect(3, 4, 50, 20)
	var lines vgLines
	hatch(draw.Canvas{Canvas: &lines}, stroke(1, black), r, 5)
	if len(lines.ends) < 10 {
		t.Errorf("only %d lines", len(lines.ends))
	}
	for _, l := range lines.ends {
		d := l[1].Sub(l[0])
		if d.X <= 0 || d.X-d.Y > 1e-9 || d.Y-d.X > 1e-9 {
			t.Errorf("%v is no rising line", l)
		}
		for _, p := range l {
			if p.X < r.Min.X-1e-9 || p.X > r.Max.X+1e-9 || p.Y < r.Min.Y-1e-9 || p.Y > r.Max.Y+1e-9 {
				t.Errorf("%v leaves %v", p, r)
			}
		}
	}
}

// vgLines remembers the ends of the lines drawn on it.
type vgLines struct {
	sketch
	ends [][2]vg.Point
}

func (l *vgLines) Stroke(p vg.Path) { l.ends = append(l.ends, [2]vg.Point{p[0].Pos, p[len(p)-1].Pos}) }

func TestValueGoesAboveABarTooShortForIt(t *testing.T) {
	se := 3.0
	g := &bargraph{bars: []bar{
		{at: 0, width: 0.8, fill: plain, value: 10},
		{at: 1, width: 0.8, fill: plain, value: 1},
		{at: 2, width: 0.8, fill: plain, value: 10, stderr: &se},
	}}
	x := func(v float64) vg.Length { return vg.Length(v * 40) }
	y := func(v float64) vg.Length { return vg.Length(v * 5) }
	pen := g.pen(40)
	for i, want := range []struct{ low, high vg.Length }{
		{0, 50},                   // in the bar
		{5, 20},                   // above it
		{0, 5 * vg.Length(10-se)}, // below the error bar
	} {
		if box := pen.place(g.bars[i], x, y).box; box.Min.Y < want.low || box.Max.Y > want.high {
			t.Errorf("bar %d: its value stands at %v … %v, want it in %v … %v", i, box.Min.Y, box.Max.Y, want.low, want.high)
		}
	}
}
