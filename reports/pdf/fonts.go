package pdf

import (
	"fmt"
	"strings"
	"sync"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"github.com/signintech/gopdf"
	stdfont "golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"gonum.org/v1/plot/font"
)

// The two fonts of every document, by the names under which gopdf keeps them.
// They are the same files that gonum measures text with, so that a text is as
// wide on the page as the layout thought. Six letters and a plus before the
// name say, by the PDF standard, that only a subset is embedded.
const (
	regular = "COLDST+LiberationSans"
	bold    = "COLDST+LiberationSans-Bold"
)

// parsed holds the fonts as gopdf reads them; reading a font takes longer than
// drawing a figure, so all documents share one reading of it.
var parsed = sync.OnceValues(func() (*gopdf.FontContainer, error) {
	fonts := new(gopdf.FontContainer)
	option := gopdf.TtfOption{UseKerning: true}
	for family, ttf := range map[string][]byte{regular: liberationsansregular.TTF, bold: liberationsansbold.TTF} {
		if err := fonts.AddTTFFontDataWithOption(family, ttf, option); err != nil {
			return nil, fmt.Errorf("reading the font %s: %w", family, err)
		}
	}
	return fonts, nil
})

func family(f font.Font) string {
	if f.Weight >= stdfont.WeightBold {
		return bold
	}
	return regular
}

// drawable replaces what the font has no glyph for.
func drawable(face font.Face, s string) string {
	var buf sfnt.Buffer
	return strings.Map(func(r rune) rune {
		if glyph, err := face.Face.GlyphIndex(&buf, r); err != nil || glyph == 0 || r > 0xFFFF {
			return '?'
		}
		return r
	}, s)
}
