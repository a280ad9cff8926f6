package chart

import (
	"image/color"
	"math"
	"slices"
	"testing"

	"coldstart/reports/figure"
	"coldstart/reports/phase"
	"coldstart/reports/segment"
)

func TestModelKeepsItsColour(t *testing.T) {
	for _, number := range []string{"3", "4", "5", "6", "7", "8", "9", "15"} {
		d := read(t, number)
		for i, b := range newTrend(d).(*bargraph).bars {
			key := d.Series[0].Points[i].Key
			if b.fill != modelColors[key] {
				t.Errorf("figure %s draws %s in %v, want %v", number, key, b.fill, modelColors[key])
			}
		}
	}
}

func TestModelColor(t *testing.T) {
	tests := map[string]color.RGBA{
		"llama2-7b-hf":                     modelColors["llama2-7b-hf"],
		"llama2-7b-hf_cuda-graph-sizes_56": modelColors["llama2-7b-hf"],
		"qwen-14b":                         modelColors["qwen-14b"],
		"a-lab/its-own-7b":                 strangers[0], // from run to run
	}
	for key, want := range tests {
		if got := modelColor(key); got != want {
			t.Errorf("%s is drawn in %v, want %v", key, got, want)
		}
	}
}

// A step's colour is its phase's: a step that is missing moves no other's.
func TestStepKeepsItsColour(t *testing.T) {
	whole, lacking := read(t, "2"), read(t, "2")
	lacking.Series[0].Points = slices.Delete(lacking.Series[0].Points, 3, 5)
	for name, d := range map[string]*figure.Data{"whole": whole, "two steps missing": lacking} {
		for i, p := range d.Series[0].Points {
			want := paleGrey
			if !p.Rest {
				want = stepColors[p.Key]
			}
			if got := newStack(d).(*stack).steps[i].fill; got != want || got == (color.RGBA{}) {
				t.Errorf("%s: %s is drawn in %v, want %v", name, p.Key, got, want)
			}
		}
	}
}

// Only a step has a colour of its own, and no whole start-up is a step.
func TestColoursAreOfSteps(t *testing.T) {
	for name := range stepColors {
		if p, err := phase.Parse(name); err != nil || p.IsWhole() {
			t.Errorf("%s has a colour, and is no step: %v", name, err)
		}
	}
}

// Two models of a figure must be told apart, and two steps; 0.05 is about three
// times what an eye can just tell in this space.
func TestColoursDiffer(t *testing.T) {
	for table, colours := range map[string]map[string]color.RGBA{
		"models": modelColors, "steps": stepColors, "segments": segmentColors,
	} {
		for a, ca := range colours {
			for b, cb := range colours {
				if distance := distance(ca, cb); a < b && distance < 0.05 {
					t.Errorf("%s: %s and %s look alike: %v, %v, distance %.3f", table, a, b, ca, cb, distance)
				}
			}
		}
	}
	for step, c := range stepColors {
		if distance := distance(c, paleGrey); distance < 0.05 {
			t.Errorf("%s looks like the rest: %v, distance %.3f", step, c, distance)
		}
	}
}

// Segments that follow each other differ in grey, too: 1.5 is seen on paper.
func TestNeighbouringSegmentsDifferInGrey(t *testing.T) {
	names := segment.Names()
	if len(names) != len(segmentColors) {
		t.Errorf("%d colours of %d segments", len(segmentColors), len(names))
	}
	for i := 1; i < len(names); i++ {
		if got := contrast(segmentColors[names[i-1]], segmentColors[names[i]]); got < 1.5 {
			t.Errorf("%s and %s have a contrast of %.2f", names[i-1], names[i], got)
		}
	}
}

func distance(a, b color.RGBA) float64 {
	la, lb := oklab(a.R, a.G, a.B), oklab(b.R, b.G, b.B)
	return math.Hypot(math.Hypot(la[0]-lb[0], la[1]-lb[1]), la[2]-lb[2])
}

// oklab is Björn Ottosson's perceptual colour space.
func oklab(r, g, b uint8) [3]float64 {
	R, G, B := linear(uint32(r)*0x101), linear(uint32(g)*0x101), linear(uint32(b)*0x101)
	l := math.Cbrt(0.4122214708*R + 0.5363325363*G + 0.0514459929*B)
	m := math.Cbrt(0.2119034982*R + 0.6806995451*G + 0.1073969566*B)
	s := math.Cbrt(0.0883024619*R + 0.2817188376*G + 0.6299787005*B)
	return [3]float64{
		0.2104542553*l + 0.7936177850*m - 0.0040720468*s,
		1.9779984951*l - 2.4285922050*m + 0.4505937099*s,
		0.0259040371*l + 0.7827717662*m - 0.8086757660*s,
	}
}

func TestContrast(t *testing.T) {
	if got := contrast(black, white); math.Abs(got-21) > 1e-9 {
		t.Errorf("black on white: %v, want 21", got)
	}
	for i := range 256 {
		c := hex(uint32(i) * 0x010101)
		if got := contrast(c, textOn(c)); got < 4.5 {
			t.Errorf("text on %v has a contrast of %.2f", c, got)
		}
	}
}

func TestScaleGrowsLighter(t *testing.T) {
	for i := 1; i < levels; i++ {
		if luminance(scale[i]) <= luminance(scale[i-1]) {
			t.Errorf("level %d is not lighter than level %d", i, i-1)
		}
	}
}
