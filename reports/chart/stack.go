package chart

import (
	"image/color"
	"slices"

	"coldstart/reports/figure"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

func init() { layouts[figure.Stack] = layout{checkPoints, newStack} }

const (
	stackHeight = vg.Length(280)
	stackBar    = vg.Length(78)
	stackLead   = vg.Length(56) // space for values beside the bar
	sumLead     = vg.Length(13)

	stackLegendAt = axisWidth + stackBar + stackLead
)

var sumInk = axisInk.Bold()

// A stack is one bar made of its steps, the first at the bottom and the rest on top. The
// legend beside it has the same order.
type stack struct {
	steps  []step
	height float64 // seconds
	sums   []string
	y      string
}

type step struct {
	name      string
	low, high float64 // seconds
	value     float64
	fill      color.Color
	texture   texture
}

func newStack(d *figure.Data) body {
	s := &stack{y: d.YLabel, sums: sumLines(d)}
	for _, p := range d.Points() {
		low := s.height
		s.height += max(p.Mean, 0)
		s.steps = append(s.steps, step{
			name: p.Label, low: low, high: s.height, value: p.Mean, fill: colorOf(p), texture: textureOf(p),
		})
	}
	return s
}

// sumLines are the two numbers above the bar.
func sumLines(d *figure.Data) []string {
	sums := d.Stack()
	startUp := "not in the logs"
	if sums.StartUp > 0 {
		startUp = secs(sums.StartUp)
	}
	return []string{"Start-up: " + startUp, "Sum of the steps: " + secs(sums.Steps)}
}

// colorOf is the step's colour; the rest is pale grey.
func colorOf(p figure.Point) color.Color {
	if p.Rest {
		return paleGrey
	}
	return stepColor(p.Key)
}

// textureOf shows what dominates a step; the rest is dotted.
func textureOf(p figure.Point) texture {
	switch {
	case p.Rest:
		return dotted
	case p.Resource == "CPU":
		return hatched
	}
	return smooth
}

func (s *stack) size() (width, height vg.Length) {
	needed := stackLegendLead*vg.Length(len(s.steps)+4) + 10
	return max(minWidth, stackLegendAt+s.legendWidth()), max(stackHeight, needed)
}

func (s *stack) draw(c draw.Canvas) {
	p := axes("", s.y, axisInk, tickInk)
	p.HideX()
	p.X.Min, p.X.Max = 0, 1
	p.Y.Min, p.Y.Max = 0, s.height*1.11
	if s.height == 0 {
		p.Y.Max = 1
	}
	p.Add(gridY{}, s)
	room := draw.Crop(c, 0, 0, 4, -4)
	room.Max.X = room.Min.X + axisWidth + stackBar
	p.Draw(room)
	s.drawLegend(draw.Crop(c, stackLegendAt, 0, 0, -4))
}

// Plot draws the bar.
func (s *stack) Plot(c draw.Canvas, p *plot.Plot) {
	_, y := p.Transforms(&c)
	for _, g := range s.steps {
		g.draw(c, rect(c.Min.X, y(g.low), c.Max.X, y(g.high)))
	}
	edge := stroke(0.6, black)
	for _, g := range s.steps {
		line(c, edge, c.Min.X, y(g.high), c.Max.X, y(g.high))
	}
	line(c, edge, c.Max.X, y(0), c.Max.X, y(s.height))
	line(c, edge, c.Min.X, y(0), c.Max.X, y(0))

	s.drawSums(c)
	s.drawValues(c, y)
}

func (g step) draw(c draw.Canvas, r vg.Rectangle) {
	fillRect(c, r, g.fill)
	g.texture.draw(c, r, textOn(g.fill))
}

// drawSums writes the start-up and the sum of the steps above the bar.
func (s *stack) drawSums(c draw.Canvas) {
	at := vg.Point{X: c.Min.X + 2, Y: c.Max.Y}
	for _, text := range s.sums {
		sumInk.Draw(c, at, Left, Top, text)
		at.Y -= sumLead
	}
}

// drawValues writes each value into its step, or beside the bar at the end of a thin
// line if the step is too low.
func (s *stack) drawValues(c draw.Canvas, y func(float64) vg.Length) {
	var beside []step
	k := Letters(valueSize).Bold()
	for _, g := range s.steps {
		if y(g.high)-y(g.low) < k.Height()+4 {
			beside = append(beside, g)
			continue
		}
		mid, half := (y(g.low)+y(g.high))/2, k.Width(secs(g.value))/2+2.5 // clear of the texture
		at := c.Center().X
		value{
			Ink: k, text: secs(g.value), back: white, // stands out on any colour and texture
			box: rect(at-half, mid-k.Height()/2-1, at+half, mid+k.Height()/2+1),
		}.draw(c)
	}
	heights := make([]vg.Length, len(beside))
	for i, g := range beside {
		heights[i] = (y(g.low) + y(g.high)) / 2
	}
	ceiling := c.Max.Y - sumLead*vg.Length(len(s.sums)) - k.Height()/2
	for i, at := range apart(heights, k.Height()+3, c.Min.Y+k.Height()/2, ceiling) {
		x := c.Max.X
		c.StrokeLines(stroke(0.5, grey), []vg.Point{
			{X: x, Y: heights[i]}, {X: x + 5, Y: heights[i]}, {X: x + 14, Y: at}, {X: x + 17, Y: at},
		})
		k.Draw(c, vg.Point{X: x + 19, Y: at}, Left, Middle, secs(beside[i].value))
	}
}

func secs(v float64) string { return number(v) + " s" }

// apart moves ascending places until they are a distance apart, between floor and
// ceiling.
func apart(places []vg.Length, distance, floor, ceiling vg.Length) []vg.Length {
	out := slices.Clone(places)
	for range 50 { // each neighbour moves by half, so that a group keeps its centre
		for i := 1; i < len(out); i++ {
			if push := (distance - (out[i] - out[i-1])) / 2; push > 0 {
				out[i-1] -= push
				out[i] += push
			}
		}
	}
	for i := range out {
		out[i] = max(out[i], floor)
		floor = out[i] + distance
	}
	for i := len(out) - 1; i >= 0; i-- {
		out[i] = min(out[i], ceiling)
		ceiling = out[i] - distance
	}
	return out
}
