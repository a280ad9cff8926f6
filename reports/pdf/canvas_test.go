package pdf

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"image/color"
	"io"
	"math"
	"regexp"
	"strings"
	"testing"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"

	"coldstart/reports/chart"
)

func TestTransform(t *testing.T) {
	quarter := rotation(math.Pi / 2)
	tests := map[string]struct {
		t       transform
		p, want vg.Point
	}{
		"identity":                    {identity, vg.Point{X: 3, Y: 4}, vg.Point{X: 3, Y: 4}},
		"translation":                 {translation(vg.Point{X: 10, Y: 20}), vg.Point{X: 3, Y: 4}, vg.Point{X: 13, Y: 24}},
		"rotation is anticlockwise":   {quarter, vg.Point{X: 1}, vg.Point{Y: 1}},
		"scaling":                     {scaling(2, 3), vg.Point{X: 1, Y: 1}, vg.Point{X: 2, Y: 3}},
		"the last one works first":    {translation(vg.Point{X: 10}).after(quarter), vg.Point{X: 1}, vg.Point{X: 10, Y: 1}},
		"and the other way round":     {quarter.after(translation(vg.Point{X: 10})), vg.Point{X: 1}, vg.Point{Y: 11}},
		"rotation, scaling, together": {quarter.after(scaling(2, 3)), vg.Point{X: 1, Y: 1}, vg.Point{X: -3, Y: 2}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := test.t.apply(test.p); distance(got, test.want) > 1e-9 {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestFlatten(t *testing.T) {
	var square vg.Path
	square.Move(vg.Point{})
	square.Line(vg.Point{X: 10})
	square.Line(vg.Point{X: 10, Y: 10})
	square.Close()
	square.Line(vg.Point{Y: 5}) // begins where the square did

	got := flatten(square, translation(vg.Point{X: 1}))
	if len(got) != 2 || !got[0].closed || got[1].closed {
		t.Fatalf("got %v, want a closed and an open polyline", got)
	}
	if got[1].points[0] != (vg.Point{X: 1}) {
		t.Errorf("the second begins at %v, want the first's begin", got[1].points[0])
	}
}

func TestFlattenKeepsToACircle(t *testing.T) {
	for _, radius := range []vg.Length{0.5, 3, 100} {
		var circle vg.Path
		circle.Arc(vg.Point{X: 5}, radius, 1, 2*math.Pi)
		points := flatten(circle, identity)[0].points
		for i := 1; i < len(points); i++ {
			mid := points[i].Add(points[i-1]).Scale(0.5)
			if off := float64(radius) - distance(mid, vg.Point{X: 5}); off > 0.0101 {
				t.Errorf("radius %v: a line is %.4f off", radius, off)
			}
		}
		if d := distance(points[0], points[len(points)-1]); d > 1e-9 {
			t.Errorf("radius %v: the circle is open by %v", radius, d)
		}
	}
}

// content is what draw leaves in a page's content stream; the page is 100
// points high.
func content(t *testing.T, draw func(*canvas)) string {
	t.Helper()
	doc, err := newDocument("test", date)
	if err != nil {
		t.Fatal(err)
	}
	draw(doc.addPage(100, 100))
	var b bytes.Buffer
	if err := doc.writeTo(&b); err != nil {
		t.Fatal(err)
	}
	return inflate(t, streams(t, b.Bytes(), `<<\n/Filter/FlateDecode/Length \d+\n>>\n`)[0])
}

// streams are the streams whose dictionary matches the pattern.
func streams(t *testing.T, document []byte, dictionary string) (all [][]byte) {
	t.Helper()
	for _, at := range regexp.MustCompile(dictionary+`stream\n`).FindAllIndex(document, -1) {
		end := bytes.Index(document[at[1]:], []byte("endstream"))
		all = append(all, document[at[1]:at[1]+end])
	}
	if len(all) == 0 {
		t.Fatalf("no stream matches %s", dictionary)
	}
	return all
}

func inflate(t *testing.T, b []byte) string {
	t.Helper()
	r, err := zlib.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestCanvasDraws(t *testing.T) {
	face := func(size vg.Length) font.Face {
		k := chart.Letters(size)
		return font.DefaultCache.Lookup(k.Font, size)
	}
	segment := func(x0, y0, x1, y1 vg.Length) (p vg.Path) {
		p.Move(vg.Point{X: x0, Y: y0})
		p.Line(vg.Point{X: x1, Y: y1})
		return p
	}
	tests := map[string]struct {
		draw       func(*canvas)
		want, lack []string
	}{
		"a line": {
			draw: func(c *canvas) { c.Stroke(segment(10, 20, 30, 40)) },
			want: []string{"10.00 20.00 m 30.00 40.00 l S", "1.00 w", "0.000 0.000 0.000 RG"},
		},
		"a transformed line": {
			draw: func(c *canvas) {
				c.Push()
				c.Translate(vg.Point{X: 50, Y: 50})
				c.Scale(2, 2)
				c.Stroke(segment(0, 0, 10, 0))
				c.Pop()
				c.Stroke(segment(0, 0, 10, 0))
			},
			want: []string{"50.00 50.00 m 70.00 50.00 l S", "2.00 w", "0.00 0.00 m 10.00 0.00 l S", "1.00 w"},
		},
		"no line without width": {
			draw: func(c *canvas) { c.SetLineWidth(0); c.Stroke(segment(10, 20, 30, 40)) },
			lack: []string{" l S"},
		},
		"dashes go on around a corner": {
			draw: func(c *canvas) {
				c.SetLineDash([]vg.Length{4, 2}, 1)
				p := segment(0, 0, 10, 0)
				p.Line(vg.Point{X: 10, Y: 10})
				c.Stroke(p)
			},
			want: []string{"[4.00 2.00] 1.00 d", "[4.00 2.00] 5.00 d"},
		},
		"dashes end": {
			draw: func(c *canvas) {
				c.SetLineDash([]vg.Length{4, 2}, 0)
				c.Stroke(segment(0, 0, 10, 0))
				c.SetLineDash(nil, 0)
				c.Stroke(segment(0, 5, 10, 5))
			},
			want: []string{"[4.00 2.00] 0.00 d", "[] 0.00 d"},
		},
		"an open polyline stays open": {
			draw: func(c *canvas) {
				p := segment(0, 0, 10, 0)
				p.Line(vg.Point{X: 10, Y: 10})
				c.Stroke(p)
			},
			want: []string{"0.00 0.00 m 10.00 0.00 l 10.00 10.00 l 10.00 0.00 l  s"},
		},
		"a rectangle": {
			draw: func(c *canvas) {
				c.SetColor(color.RGBA{R: 255, A: 255})
				c.Fill(vg.Rectangle{Min: vg.Point{X: 10, Y: 20}, Max: vg.Point{X: 40, Y: 60}}.Path())
			},
			want: []string{"1.000 0.000 0.000 rg", "10.00 20.00 30.00 40.00 re f"},
		},
		"a fill after a text has its own colour": {
			draw: func(c *canvas) {
				box := vg.Rectangle{Max: vg.Point{X: 5, Y: 5}}.Path()
				c.SetColor(color.RGBA{R: 255, A: 255})
				c.Fill(box)
				c.SetColor(color.Black)
				c.FillString(face(10), vg.Point{}, "x")
				c.SetColor(color.RGBA{R: 255, A: 255})
				c.Fill(box)
			},
			want: []string{"ET\n1.000 0.000 0.000 rg\n"},
		},
		"text": {
			draw: func(c *canvas) { c.FillString(face(10), vg.Point{X: 10, Y: 20}, "x") },
			want: []string{"10.00 20.00 TD", "/F1 10 Tf"},
		},
		"turned and scaled text": {
			draw: func(c *canvas) {
				c.Translate(vg.Point{X: 50, Y: 50})
				c.Rotate(math.Pi / 2)
				c.Scale(2, 2)
				c.FillString(face(10), vg.Point{X: 5}, "x")
			},
			want: []string{"0.00000 1.00000 -1.00000\n 0.00000 50.00 60.00 cm", "50.00 60.00 TD", "/F1 20 Tf", "ET\nQ\n"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			// A mark that all have, so that no page is without a content stream.
			got := content(t, func(c *canvas) {
				test.draw(c)
				c.state = state{transform: identity}
				c.Fill(vg.Rectangle{Max: vg.Point{X: 1, Y: 1}}.Path())
			})
			for _, w := range test.want {
				if !strings.Contains(got, w) {
					t.Errorf("%q is missing in\n%s", w, got)
				}
			}
			for _, l := range test.lack {
				if strings.Contains(got, l) {
					t.Errorf("%q is in\n%s", l, got)
				}
			}
		})
	}
}

// What the canvas cannot draw is an error of the document.
func TestCanvasRefuses(t *testing.T) {
	var curve vg.Path
	curve.Move(vg.Point{})
	curve.QuadTo(vg.Point{X: 20, Y: 20}, vg.Point{X: 30})
	for name, draw := range map[string]func(*canvas){
		"pop without push":     (*canvas).Pop,
		"a translucent colour": func(c *canvas) { c.SetColor(color.NRGBA{A: 128}) },
		"a curve to stroke":    func(c *canvas) { c.Stroke(curve) },
		"a curve to fill":      func(c *canvas) { c.Fill(curve) },
		"an image":             func(c *canvas) { c.DrawImage(vg.Rectangle{}, nil) },
	} {
		doc, err := newDocument("test", date)
		if err != nil {
			t.Fatal(err)
		}
		draw(doc.addPage(100, 100))
		if err := doc.writeTo(io.Discard); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// What gonum measured must be what gopdf writes, else centred text is not.
func TestWidthsAgree(t *testing.T) {
	doc, err := newDocument("test", date)
	if err != nil {
		t.Fatal(err)
	}
	doc.addPage(100, 100)
	for _, k := range []chart.Ink{chart.Letters(10), chart.Letters(10).Bold()} {
		for _, s := range []string{"Llama2-13B (1.8)", "AVATAR Tokenizer", "×±§·–…µ≠", "20.95 s", "DeepSeek-R1-Distill-Qwen-7B"} {
			face := font.DefaultCache.Lookup(k.Font, k.Font.Size)
			if got := drawable(face, s); got != s {
				t.Errorf("%q is drawn as %q", s, got)
			}
			if err := doc.pdf.SetFont(family(k.Font), "", 10.0); err != nil {
				t.Fatal(err)
			}
			got, err := doc.pdf.MeasureTextWidth(s)
			if err != nil {
				t.Fatal(err)
			}
			want := float64(k.Width(s))
			if off := math.Abs(got - want); off > 0.01*want {
				t.Errorf("%s %q: gopdf %.2f, gonum %.2f", family(k.Font), s, got, want)
			}
		}
	}
}

func TestDrawableReplacesWhatTheFontLacks(t *testing.T) {
	k := chart.Letters(10)
	face := font.DefaultCache.Lookup(k.Font, 10)
	for s, want := range map[string]string{"Zeit 时间": "Zeit ??", "🚀 go": "? go", "a\nb": "a?b", "µ≠×": "µ≠×"} {
		if got := drawable(face, s); got != want {
			t.Errorf("%q: got %q, want %q", s, got, want)
		}
	}
	got := content(t, func(c *canvas) { c.FillString(face, vg.Point{}, "时🚀x") })
	if n := strings.Count(got, "TD"); n != 1 {
		t.Errorf("%d texts in %s", n, fmt.Sprintf("%q", got))
	}
}
