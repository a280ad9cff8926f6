package chart

import (
	"cmp"
	"image/color"
	"strings"
	"unicode/utf8"

	stdfont "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"

	"coldstart/reports/table"
)

// capHeight is the height of a digit or a capital ÷ the font size. Text aligned by it
// looks centred; text aligned by the font's ascent and descent does not.
const capHeight = 0.72

// Alignments: which part of the text's box is at the given point.
const (
	Left, Center, Right = 0.0, 0.5, 1.0
	Bottom, Middle, Top = 0.0, 0.5, 1.0
)

// An Ink is a style of text, in the typeface of all figures and reports. It measures, cuts,
// wraps and draws text on any gonum canvas.
type Ink struct {
	Font  font.Font
	Color color.Color
	Turn  float64 // radians, anticlockwise
}

// Letters is black upright text of the given size.
func Letters(size vg.Length) Ink {
	return Ink{Font: font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}, Color: color.Black}
}

func (k Ink) Bold() Ink { k.Font.Weight = stdfont.WeightBold; return k }

// In is k in another colour.
func (k Ink) In(c color.Color) Ink { k.Color = c; return k }

func (k Ink) Sized(s vg.Length) Ink { k.Font.Size = s; return k }

// turned is k at an angle in radians.
func (k Ink) turned(angle float64) Ink { k.Turn = angle; return k }

// Width is the width of s before it is turned.
func (k Ink) Width(s string) vg.Length {
	face := k.face()
	return face.Width(s)
}

// Height is the height of a digit or a capital.
func (k Ink) Height() vg.Length { return k.Font.Size * capHeight }

func (k Ink) face() font.Face { return font.DefaultCache.Lookup(k.Font, k.Font.Size) }

// Draw writes one line of text, aligned at a point by ax and ay, and turned around it.
func (k Ink) Draw(c vg.Canvas, at vg.Point, ax, ay float64, s string) {
	if s == "" {
		return
	}
	face := k.face()
	offset := vg.Point{X: -vg.Length(ax) * face.Width(s), Y: -vg.Length(ay) * k.Height()}
	c.SetColor(k.Color)
	if k.Turn == 0 {
		c.FillString(face, at.Add(offset), s)
		return
	}
	c.Push()
	c.Translate(at)
	c.Rotate(k.Turn)
	c.FillString(face, offset, s)
	c.Pop()
}

// style is k for gonum's own text.
func (k Ink) style(x text.XAlignment, y text.YAlignment) text.Style {
	return text.Style{Color: k.Color, Font: k.Font, Rotation: k.Turn, XAlign: x, YAlign: y, Handler: plot.DefaultTextHandler}
}

// cut shortens s to the width and marks the cut with "…".
func (k Ink) cut(s string, width vg.Length) string {
	if k.Width(s) <= width {
		return s
	}
	for s != "" {
		_, last := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-last]
		if k.Width(s+"…") <= width {
			break
		}
	}
	return strings.TrimRight(s, " ") + "…"
}

// Wrap breaks s between words into at most the given number of lines, and a word that is wider
// than width, too. The last line is cut if there would be more.
func (k Ink) Wrap(s string, width vg.Length, lines int) []string {
	words := table.Words(strings.TrimSpace(s))
	if one := strings.Join(words, " "); one != "" && k.Width(one) <= width {
		return []string{one}
	}
	var out []string
	for len(words) > 0 && len(out) < lines-1 {
		if parts := strings.Fields(words[0]); len(parts) > 1 && k.Width(words[0]) > width { // a number and its unit
			words = append(parts, words[1:]...)
			continue
		}
		if begin, rest := k.split(words[0], width); rest != "" {
			out, words[0] = append(out, begin), rest
			continue
		}
		n := k.fitting(words, width)
		out = append(out, strings.Join(words[:n], " "))
		words = words[n:]
	}
	if len(words) > 0 {
		out = append(out, k.cut(strings.Join(words, " "), width))
	}
	return out
}

// split is the beginning of a word that fits, one letter at least, and the rest of it. It ends
// behind a hyphen, a slash or an underscore if there is one.
func (k Ink) split(word string, width vg.Length) (begin, rest string) {
	end, good := 0, 0
	for end < len(word) {
		_, size := utf8.DecodeRuneInString(word[end:])
		if end > 0 && k.Width(word[:end+size]) > width {
			return word[:cmp.Or(good, end)], word[cmp.Or(good, end):]
		}
		end += size
		if strings.ContainsAny(word[end-size:end], "-/_") {
			good = end
		}
	}
	return word, ""
}

// fitting is the number of words that fit on a line, at least one.
func (k Ink) fitting(words []string, width vg.Length) int {
	used, space := k.Width(words[0]), k.Width(" ")
	for n, w := range words[1:] {
		used += space + k.Width(w)
		if used > width {
			return n + 1
		}
	}
	return len(words)
}
