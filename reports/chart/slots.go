package chart

import (
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const (
	labelSize  = vg.Length(10)
	labelLead  = labelSize * 1.15
	labelGap   = vg.Length(4)   // space above and below the labels
	labelLimit = vg.Length(160) // a longer label is cut
)

// slots are the places on the x axis and their labels. Labels are upright if they fit,
// else slanted; the closer they are, the steeper.
type slots struct {
	texts []string  // a text may have several lines
	at    []float64 // slots, ascending

	slanted []string    // each text on one line, cut to the limit
	lengths []vg.Length // of slanted, at label size
	upright vg.Length   // the widest line of texts
}

func newSlots(texts []string, at []float64) slots {
	s := slots{texts: texts, at: at}
	k := Letters(labelSize)
	for _, t := range texts {
		one := k.cut(strings.ReplaceAll(t, "\n", " "), labelLimit)
		s.slanted = append(s.slanted, one)
		s.lengths = append(s.lengths, k.Width(one))
		for line := range strings.SplitSeq(t, "\n") {
			s.upright = max(s.upright, min(k.Width(line), labelLimit))
		}
	}
	return s
}

// reach is the range of the x axis in slots, at least 4.
func (s slots) reach() (low, high float64) {
	const least = 4
	low, high = s.at[0]-0.6, s.at[len(s.at)-1]+0.6
	spare := max(0, least-(high-low)) / 2
	return low - spare, high + spare
}

// span is the length of the x axis, in slots.
func (s slots) span() float64 {
	low, high := s.reach()
	return high - low
}

// hand is the style of the labels if a slot is perSlot points wide.
func (s slots) hand(perSlot vg.Length) Ink {
	k := Letters(labelSize)
	if s.upright+4 <= perSlot {
		return k
	}
	for _, degrees := range []float64{30, 40, 55} {
		angle := degrees * math.Pi / 180
		if perSlot*vg.Length(math.Sin(angle)) >= labelSize*1.2 {
			return k.turned(angle)
		}
	}
	return k.turned(quarterTurn).Sized(min(labelSize, perSlot*0.8))
}

// height is the space that labels in the given style take below the axis.
func (s slots) height(k Ink) (h vg.Length) {
	for i, t := range s.texts {
		if k.Turn == 0 {
			h = max(h, labelLead*vg.Length(1+strings.Count(t, "\n")))
			continue
		}
		_, high := extent(s.length(i, k), k.Height(), k.Turn)
		h = max(h, high)
	}
	return labelGap + h + labelGap
}

func (s slots) length(i int, k Ink) vg.Length {
	return s.lengths[i] * k.Font.Size / labelSize
}

// overhang is how far slanted labels extend to the left of the axis; negative if none
// does.
func (s slots) overhang(perSlot vg.Length) vg.Length {
	k := s.hand(perSlot)
	if k.Turn == 0 {
		return 0
	}
	low, _ := s.reach()
	most := vg.Length(math.Inf(-1))
	for i := range s.texts {
		w, _ := extent(s.length(i, k), k.Height(), k.Turn)
		most = max(most, w-vg.Length(s.at[i]-low)*perSlot)
	}
	return most
}

// draw writes the labels below y; x converts slots into points.
func (s slots) draw(c draw.Canvas, k Ink, x func(float64) vg.Length, y vg.Length) {
	for i, t := range s.texts {
		at := vg.Point{X: x(s.at[i]), Y: y - labelGap}
		switch {
		case k.Turn == 0:
			for line := range strings.SplitSeq(t, "\n") {
				k.Draw(c, at, Center, Top, k.cut(line, labelLimit))
				at.Y -= labelLead
			}
		case k.Turn < quarterTurn:
			at.X += k.Height() * vg.Length(math.Sin(k.Turn)) / 2
			k.Draw(c, at, Right, Top, s.slanted[i])
		default:
			k.Draw(c, at, Right, Middle, s.slanted[i])
		}
	}
}
