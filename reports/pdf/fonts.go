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

// The two fonts of every document, by their names in gopdf. gonum measures text with the
// same files, so text is as wide on the page as in the layout. By the PDF standard, six
// letters and a plus before the name mean that only a subset is embedded.
const (
	regular = "COLDST+LiberationSans"
	bold    = "COLDST+LiberationSans-Bold"
)

// parsed reads the fonts once for all documents, because reading a font takes longer than
// drawing a figure.
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

// drawable replaces characters without a glyph by "?".
func drawable(face font.Face, s string) string {
	var buf sfnt.Buffer
	return strings.Map(func(r rune) rune {
		if glyph, err := face.Face.GlyphIndex(&buf, r); err != nil || glyph == 0 || r > 0xFFFF {
			return '?'
		}
		return r
	}, s)
}
