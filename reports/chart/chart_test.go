package chart

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"coldstart/reports/figure"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// read reads a figure of testdata.
func read(t testing.TB, number string) *figure.Data {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "figure"+number+".json"))
	if err != nil {
		t.Fatal(err)
	}
	d := new(figure.Data)
	if err := json.Unmarshal(b, d); err != nil {
		t.Fatal(err)
	}
	return d
}

var numbers = []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "17"}

// drawn lays d out and draws it on a canvas that remembers.
func drawn(t testing.TB, d *figure.Data) *sketch {
	t.Helper()
	c, err := New(d)
	if err != nil {
		t.Fatal(err)
	}
	w, h := c.Size()
	s := newSketch(w, h)
	c.Draw(draw.New(s))
	return s
}

func TestWhatAFigureSays(t *testing.T) {
	tests := map[string][]string{
		"1":  {"Figure 1 · Start-up time by vLLM version", "0.3.1 Feb 24", "8.17", "34.77", "vLLM Version", "Start Up Time (s)"},
		"2":  {"Start-up: 22.45 s", "Sum of the steps: 20.95 s", "4.84 s", "0.02 s", "In No Step", "1.50 s", "Graph Capturing (§2.6)", "Detect Platform (§2.1)", "CPU-dominant", "GPU-dominant"},
		"3":  {"Yi-6B (3.5)", "Llama3-3B (8.7)", "0.30", "r = 0.99", "Tokenizer Size (MB)", "Model (tokenizer size, MB)"},
		"4":  {"Yi-6B", "57.62", "r = 1.00", "Model Size (B)"},
		"7":  {"r = 0.96", "not fitted", "0.96", "DeepSeek-R1-Distill-Llama-8B"},
		"9":  {"3", "60", "1.88", "Number of Batch Sizes"},
		"10": {"Total Time", "1.20", "Normalized to node n1 values", "replayed from the paper's recorded measurements · session paper", "nodes gpu0 n1, gpu1 n2"},
		"12": {"Core ID", "Time (s)", "CPU usage (%)", "100"},
		"13": {"14.82", "1.00", "1.83"},
		"14": {"Safetensors", "Tensorizer", "Runai Streamer", "Falcon-7B", "3.29"},
		"15": {"Yi-9B (1693)", "22.63", "Size (KB)", "Model (compiled graph size, KB)"},
		"17": {"Predicted", "Truth", "Cross-validated", "RMSE = 5.56 s, cross-validated 1.01 s", "Llama3-3B"},
	}
	for number, want := range tests {
		t.Run(number, func(t *testing.T) {
			texts := drawn(t, read(t, number)).words()
			for _, w := range want {
				if !slices.Contains(texts, w) {
					t.Errorf("%q is nowhere; there is %q", w, texts)
				}
			}
		})
	}
}

// A stack whose runs do not tell the whole start-up says so, and has no rest.
func TestStartUpThatNobodyKnows(t *testing.T) {
	texts := drawn(t, odd(t)["a stack without a rest"]).words()
	for word, want := range map[string]bool{"Start-up: not in the logs": true, "Sum of the steps: 20.95 s": true, "In No Step": false} {
		if slices.Contains(texts, word) != want {
			t.Errorf("%q is there: %t, want %t", word, !want, want)
		}
	}
}

func TestEveryStepHasItsValueInTheStack(t *testing.T) {
	d := read(t, "2")
	texts := drawn(t, d).words()
	for _, p := range d.Series[0].Points {
		if want := fmt.Sprintf("%.2f s", p.Mean); !slices.Contains(texts, want) {
			t.Errorf("%s: %q is nowhere", p.Key, want)
		}
	}
}

// odd are figures that no paper has but a lab may.
func odd(t testing.TB) map[string]*figure.Data {
	point := func(d *figure.Data) []figure.Point { return d.Series[0].Points }
	change := func(number string, f func(*figure.Data)) *figure.Data {
		d := read(t, number)
		f(d)
		return d
	}
	lastStep := func(d *figure.Data) int { return len(point(d)) - 2 } // before the rest
	return map[string]*figure.Data{
		"one bar": change("4", func(d *figure.Data) { d.Series[0].Points = point(d)[:1] }),
		"one point without x and stderr": change("4", func(d *figure.Data) {
			d.Series[0].Points = []figure.Point{{Key: "qwen-4b", Mean: 2, N: 1}}
		}),
		"no fit":       change("4", func(d *figure.Data) { d.Fit = nil }),
		"flat fit":     change("4", func(d *figure.Data) { d.Fit = &figure.Fit{Intercept: 20} }),
		"all excluded": change("4", func(d *figure.Data) { d.Fit.Excluded = keys(point(d)) }),
		"all zero": change("4", func(d *figure.Data) {
			for i := range point(d) {
				point(d)[i].Mean, *point(d)[i].StdErr = 0, 0
			}
		}),
		"tiny": change("4", func(d *figure.Data) {
			for i := range point(d) {
				point(d)[i].Mean *= 1e-4
			}
		}),
		"huge": change("4", func(d *figure.Data) {
			for i := range point(d) {
				point(d)[i].Mean *= 1e4
			}
		}),
		"descending": change("4", func(d *figure.Data) { slices.Reverse(point(d)) }),
		"wide errors": change("5", func(d *figure.Data) {
			for i := range point(d) {
				*point(d)[i].StdErr = point(d)[i].Mean * 0.9
			}
		}),
		"error beyond zero": change("10", func(d *figure.Data) { *point(d)[2].StdErr = 3 }),
		"negative":          change("10", func(d *figure.Data) { point(d)[2].Mean = -0.4 }),
		"only the total":    change("10", func(d *figure.Data) { d.Series[0].Points = point(d)[7:] }),
		"thirty bars": change("4", func(d *figure.Data) {
			for len(point(d)) < 30 {
				d.Series[0].Points = append(point(d), point(d)[len(point(d))-10])
			}
		}),
		"long labels": change("5", func(d *figure.Data) {
			for i := range point(d) {
				point(d)[i].Label = "an-organisation/" + strings.Repeat(point(d)[i].Label, 3)
			}
		}),
		"long words": change("14", func(d *figure.Data) {
			d.Title = strings.Repeat("a long title ", 20)
			d.YLabel = strings.Repeat("a long axis title ", 20)
			d.Series[0].Name = strings.Repeat("loader ", 30)
			d.Session = strings.Repeat("s", 200)
		}),
		"incomplete": change("7", func(d *figure.Data) {
			d.Complete, d.Missing = false, []string{"qwen-4b: 2 of 5 iterations", strings.Repeat("and so on ", 60)}
		}),
		"a series lacks a model":  change("14", func(d *figure.Data) { d.Series[1].Points = point(d)[2:] }),
		"a series without points": change("14", func(d *figure.Data) { d.Series[1].Points = nil }),
		"a stack of nothing": change("2", func(d *figure.Data) {
			for i := range point(d) {
				point(d)[i].Mean = 0
			}
		}),
		"a stack of slivers": change("2", func(d *figure.Data) {
			for i := range point(d) {
				point(d)[i].Mean = 0.01
			}
			point(d)[0].Mean = 30
		}),
		"a stack of slivers with a thin rest": change("2", func(d *figure.Data) {
			for i := range point(d) {
				point(d)[i].Mean = 0.01
			}
			point(d)[lastStep(d)].Mean = 30
		}),
		"a stack without a rest":       change("2", func(d *figure.Data) { d.Series[0].Points = point(d)[:lastStep(d)+1] }),
		"a stack of overlapping steps": change("2", func(d *figure.Data) { point(d)[lastStep(d)+1].Mean = -0.5 }),
		"a stack with much in no step": change("2", func(d *figure.Data) { point(d)[lastStep(d)+1].Mean = 150 }),
		"no samples":                   change("12", func(d *figure.Data) { d.Heatmap.Cores = [][]float64{{}} }),
		"one sample":                   change("12", func(d *figure.Data) { d.Heatmap.Cores = [][]float64{{50}} }),
		"ragged rows":                  change("12", func(d *figure.Data) { d.Heatmap.Cores = [][]float64{{50, 120, -3}, {}, {7}} }),
	}
}

func keys(points []figure.Point) (all []string) {
	for _, p := range points {
		all = append(all, p.Key)
	}
	return all
}

// every is all test figures, the paper's and the odd ones, by name.
func every(t testing.TB) map[string]*figure.Data {
	all := odd(t)
	for _, n := range numbers {
		all["figure "+n] = read(t, n)
	}
	maps.Copy(all, oddSegments(t))
	return all
}

func TestNothingOverlaps(t *testing.T) {
	for name, d := range every(t) {
		t.Run(name, func(t *testing.T) {
			s := drawn(t, d)
			for i, a := range s.texts {
				if !s.onPage(a.box) {
					t.Errorf("%q leaves the page", a.text)
				}
				for _, b := range s.texts[:i] {
					if a.box.overlaps(b.box) {
						t.Errorf("%q and %q overlap", a.text, b.text)
					}
				}
			}
		})
	}
}

func TestTextIsReadable(t *testing.T) {
	for name, d := range every(t) {
		t.Run(name, func(t *testing.T) {
			for _, x := range drawn(t, d).texts {
				if got := contrast(x.color, x.ground); got < 4.5 {
					t.Errorf("%q has a contrast of %.2f, want 4.5", x.text, got)
				}
				if x.size < 5 {
					t.Errorf("%q has %.1f points, want 5", x.text, x.size)
				}
			}
		})
	}
}

// A column of a paper is 3.3 inches wide: pictures are made smaller to fit into it.
func TestReadableInAColumn(t *testing.T) {
	const column, least = vg.Length(3.3 * 72), vg.Length(6)
	pictures := map[string]*sketch{
		"segments": drawn(t, readSegments(t, "models")),
		"history":  drawnHistory(t, steps(t, 40))[0],
	}
	for _, number := range numbers {
		pictures["figure "+number] = drawn(t, read(t, number))
	}
	for name, s := range pictures {
		for _, x := range s.texts {
			if got := x.size * column / s.w; got < least {
				t.Errorf("%s: %q has %.1f points, want %v", name, x.text, got, least)
			}
		}
	}
}

func TestInsetCoversNothing(t *testing.T) {
	for name, d := range every(t) {
		t.Run(name, func(t *testing.T) {
			s := drawn(t, d)
			box, ok := s.inset()
			if want := d.Kind == figure.Trend && len(d.Series[0].Points) > 1; ok != want {
				t.Fatalf("has an inset: %v, want %v", ok, want)
			}
			for _, r := range s.before(box) {
				if overlap(r.Rectangle, box.Rectangle) {
					t.Errorf("the inset covers a mark in %v: %v", r.color, r.Rectangle)
				}
			}
		})
	}
}

func overlap(a, b vg.Rectangle) bool {
	const eps = 1e-6
	return a.Min.X < b.Max.X-eps && b.Min.X < a.Max.X-eps && a.Min.Y < b.Max.Y-eps && b.Min.Y < a.Max.Y-eps
}

func TestNewRefuses(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	point := func(p figure.Point) []figure.Series { return []figure.Series{{Points: []figure.Point{p}}} }
	tests := map[string]struct {
		d    figure.Data
		want string
	}{
		"an unknown kind":               {figure.Data{Figure: "4", Kind: "pie"}, `figure 4: no chart is drawn for kind "pie"`},
		"no points":                     {figure.Data{Figure: "4", Kind: figure.Trend}, "figure 4: there are no points to draw"},
		"an empty series":               {figure.Data{Figure: "2", Kind: figure.Stack, Series: []figure.Series{{}}}, "figure 2: there are no points to draw"},
		"a mean of NaN":                 {figure.Data{Figure: "4", Kind: figure.Bars, Series: point(figure.Point{Key: "k", Mean: nan})}, `figure 4: point "k"`},
		"an infinite stderr":            {figure.Data{Figure: "4", Kind: figure.Bars, Series: point(figure.Point{Key: "k", StdErr: &inf})}, `figure 4: point "k"`},
		"an infinite x":                 {figure.Data{Figure: "4", Kind: figure.Trend, Series: point(figure.Point{Key: "k", X: &inf})}, `figure 4: point "k"`},
		"a fit of NaN":                  {figure.Data{Figure: "4", Kind: figure.Trend, Series: point(figure.Point{}), Fit: &figure.Fit{Slope: nan}}, "figure 4: the fitted line"},
		"an RMSE of NaN":                {figure.Data{Figure: "17", Kind: figure.Prediction, Series: point(figure.Point{}), RMSE: &nan}, "figure 17: the root mean square error"},
		"a cross-validated RMSE of NaN": {figure.Data{Figure: "17", Kind: figure.Prediction, Series: point(figure.Point{}), RMSECrossValidated: &nan}, "figure 17: the root mean square error"},
		"no heatmap":                    {figure.Data{Figure: "12", Kind: figure.Heatmap}, "figure 12: there are no cores to draw"},
		"no interval":                   {figure.Data{Figure: "12", Kind: figure.Heatmap, Heatmap: &figure.Samples{Cores: [][]float64{{1}}}}, "figure 12: the sampling interval is 0 s"},
		"a utilisation of ∞%":           {figure.Data{Figure: "12", Kind: figure.Heatmap, Heatmap: &figure.Samples{Interval: 1, Cores: [][]float64{{0}, {1, inf}}}}, "figure 12: core 1, sample 1"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := New(&test.d)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want an error that begins %q", err, test.want)
			}
		})
	}
}

// Steps that no log tells of are named where the picture would show them.
func TestNotLoggedSaysSoOnItsFace(t *testing.T) {
	d := read(t, "2")
	d.NotLogged = []string{"Graph Capturing (§2.6)"}
	if s := drawn(t, d); !slices.Contains(s.words(), "not logged: Graph Capturing (§2.6)") {
		t.Errorf("nothing says what is not logged: %q", s.words())
	}
}

func TestIncompleteSaysSoOnItsFace(t *testing.T) {
	d := read(t, "7")
	d.Complete, d.Missing = false, []string{"n2 was not measured"}
	if s := drawn(t, d); !slices.Contains(s.words(), "missing: n2 was not measured") {
		t.Errorf("nothing says what is missing: %q", s.words())
	}
}

func TestSource(t *testing.T) {
	tests := map[string]struct {
		d    figure.Data
		want string
	}{
		"replayed": {figure.Data{Engine: "replay", Session: "s", Nodes: map[string]string{"": "n1"}}, "replayed from the paper's recorded measurements · session s · node n1"},
		"measured": {figure.Data{Engine: "vllm", Session: "s", Nodes: map[string]string{"gpu1": "n2", "gpu0": "n1"}}, "measured with vllm · session s · nodes gpu0 n1, gpu1 n2"},
		"found":    {figure.Data{Engine: "logs", Session: "their/logs", Nodes: map[string]string{"": "n1"}}, "from logs in their/logs, not measured by coldstart · node n1"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := strings.Join(source(&test.d), " · "); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func BenchmarkDraw(b *testing.B) {
	for _, n := range numbers {
		d := read(b, n)
		b.Run("figure"+n, func(b *testing.B) {
			for b.Loop() {
				drawn(b, d)
			}
		})
	}
}
