package chart

import (
	"image/color"
	"math"
)

// levels is the number of colours; with few, more neighbours are equal and merge.
const levels = 64

// scale is the colour map, from dark blue through green to yellow. Its lightness is
// perceived as even, also in grey and by colour-blind readers. It interpolates
// matplotlib's viridis.
var scale = interpolate([]color.RGBA{
	hex(0x440154), hex(0x482878), hex(0x3E4A89), hex(0x31688E), hex(0x26828E), hex(0x1F9E89),
	hex(0x35B779), hex(0x6DCD59), hex(0xB4DE2C), hex(0xFDE725),
})

func interpolate(points []color.RGBA) (out [levels]color.RGBA) {
	for i := range out {
		at := float64(i) / (levels - 1) * float64(len(points)-1)
		k := min(int(at), len(points)-2)
		f := at - float64(k)
		mix := func(a, b uint8) uint8 { return uint8(math.Round(float64(a)*(1-f) + float64(b)*f)) }
		a, b := points[k], points[k+1]
		out[i] = color.RGBA{R: mix(a.R, b.R), G: mix(a.G, b.G), B: mix(a.B, b.B), A: 255}
	}
	return out
}

// A grid has one row of levels per core. Rows may differ in length; missing cells are
// background, which is level 0.
type grid struct {
	rows    [][]uint8
	columns int
}

func quantise(cores [][]float64) grid {
	g := grid{rows: make([][]uint8, len(cores))}
	for i, samples := range cores {
		g.columns = max(g.columns, len(samples))
		g.rows[i] = make([]uint8, len(samples))
		for j, s := range samples {
			g.rows[i][j] = uint8(min(max(s, 0), 100)/100*(levels-1) + 0.5)
		}
	}
	return g
}

// A run is cells of one level in a row, from … to−1. It is drawn up to cover, and the
// next run is drawn over the rest.
type run struct {
	row, from, to, cover int
	level                uint8
}

// runs are the runs that are not background, in drawing order.
func (g grid) runs() (out []run) {
	for i, row := range g.rows {
		for from := 0; from < len(row); {
			if row[from] == 0 {
				from++
				continue
			}
			end := endOf(row, from, func(level uint8) bool { return level != 0 })
			for from < end {
				to := endOf(row, from, func(level uint8) bool { return level == row[from] })
				out = append(out, run{row: i, from: from, to: to, cover: end, level: row[from]})
				from = to
			}
		}
	}
	return out
}

// seams are the parts of runs below which the next row is not background.
func (g grid) seams() (out []run) {
	for _, r := range g.runs() {
		if r.row+1 == len(g.rows) {
			break
		}
		below := g.rows[r.row+1]
		for from := r.from; from < min(r.to, len(below)); {
			to := min(r.to, endOf(below, from, func(level uint8) bool { return level != 0 }))
			if to == from {
				from++
				continue
			}
			out = append(out, run{row: r.row, from: from, to: to, cover: to, level: r.level})
			from = to
		}
	}
	return out
}

// endOf is the index after the wanted cells that begin at from.
func endOf(row []uint8, from int, wanted func(uint8) bool) int {
	to := from
	for to < len(row) && wanted(row[to]) {
		to++
	}
	return to
}
