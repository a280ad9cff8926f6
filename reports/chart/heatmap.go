package chart

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"

	"coldstart/reports/figure"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

func init() { layouts[figure.Heatmap] = layout{checkSamples, newHeatmap} }

const (
	heatHeight = vg.Length(270)
	heatBar    = vg.Length(58) // width of the colour bar with its labels
)

// A heatmap is the utilisation of every core over time.
type heatmap struct {
	cells    grid
	interval float64 // seconds
	x, y     string
}

func newHeatmap(d *figure.Data) body {
	return &heatmap{
		cells:    quantise(d.Heatmap.Cores),
		interval: d.Heatmap.Interval,
		x:        cmp.Or(d.XLabel, "Time (s)"),
		y:        cmp.Or(d.YLabel, "Core ID"),
	}
}

func (h *heatmap) size() (width, height vg.Length) { return minWidth, heatHeight }

func (h *heatmap) draw(c draw.Canvas) {
	p := axes(h.x, h.y, axisInk, tickInk)
	p.X.Min, p.X.Max = 0, max(float64(h.cells.columns)*h.interval, h.interval)
	p.Y.Min, p.Y.Max = -0.5, float64(len(h.cells.rows))-0.5
	p.Y.Scale = plot.InvertedScale{Normalizer: plot.LinearScale{}}
	p.Y.Tick.Marker = plot.TickerFunc(coreTicks)
	p.Add(h)
	room := draw.Crop(c, 0, -heatBar, 0, -4)
	p.Draw(room)
	area := p.DataCanvas(room)
	closeFrame{}.Plot(area, p)
	drawScale(area)
}

// coreTicks marks whole cores only.
func coreTicks(_, high float64) []plot.Tick {
	var marks []plot.Tick
	for _, m := range ticks(7)(0, high) {
		if core := int(m.Value); float64(core) == m.Value {
			marks = append(marks, plot.Tick{Value: m.Value, Label: strconv.Itoa(core)})
		}
	}
	return marks
}

// Plot draws the background, the seams, and one rectangle per run.
//
// If two rectangles share an edge, a viewer that smooths edges shows the background
// between them. So a run extends below the runs after it, and a seam lies below the edge
// between two rows.
func (h *heatmap) Plot(c draw.Canvas, p *plot.Plot) {
	fillRect(c, c.Rectangle, scale[0])
	x, y := p.Transforms(&c)
	cell := func(r run, up, down float64) vg.Rectangle {
		row := float64(r.row)
		return rect(x(float64(r.from)*h.interval), y(row-up), x(float64(r.cover)*h.interval), y(row+down))
	}
	for _, r := range h.cells.seams() {
		fillRect(c, cell(r, -0.25, 0.75), scale[r.level])
	}
	for _, r := range h.cells.runs() {
		fillRect(c, cell(r, 0.5, 0.5), scale[r.level])
	}
}

// drawScale draws the colour bar to the right of the cells.
func drawScale(area draw.Canvas) {
	const gap, width = vg.Length(12), vg.Length(11)
	x, low, high := area.Max.X+gap, area.Min.Y, area.Max.Y
	at := func(percent float64) vg.Length { return low + (high-low)*vg.Length(percent/100) }
	for i, col := range scale {
		fillRect(area, rect(x, at(100*float64(i)/levels), x+width, high), col)
	}
	edge := stroke(0.7, black)
	outline(area, edge, rect(x, low, x+width, high))
	for _, t := range ticks(5)(0, 100) {
		y := at(t.Value)
		line(area, edge, x+width, y, x+width+3, y)
		tickInk.Draw(area, vg.Point{X: x + width + 5, Y: y}, Left, Middle, t.Label)
	}
	words := axisInk.turned(quarterTurn)
	words.Draw(area, vg.Point{X: x + heatBar - gap - 3, Y: (low + high) / 2}, Center, Bottom, "CPU usage (%)")
}

// checkSamples refuses a figure without samples, and samples that are not finite.
func checkSamples(d *figure.Data) error {
	h := d.Heatmap
	if h == nil || len(h.Cores) == 0 {
		return errors.New("there are no cores to draw")
	}
	if !finite(h.Interval) || h.Interval <= 0 {
		return fmt.Errorf("the sampling interval is %v s; it must be above 0", h.Interval)
	}
	for core, samples := range h.Cores {
		for i, s := range samples {
			if !finite(s) {
				return fmt.Errorf("core %d, sample %d: utilisation is not finite: %v", core, i, s)
			}
		}
	}
	return nil
}
