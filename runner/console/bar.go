package console

import (
	"io"
	"os"
	"unicode/utf8"

	"github.com/vbauerster/cupwriter"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"coldstart/reports/table"
)

// Widths of a bar with its brackets, in columns: the usual one, and that between words
// which would not fit beside the usual one.
const (
	usualBar = 14
	leastBar = 8
)

// bar is a progress bar on a terminal. Its methods do nothing on nil, which stands for
// a bar that nobody watches.
type bar struct {
	bars *mpb.Progress
	bar  *mpb.Bar
}

// bar shows a new bar between a counter and words; nil where Err is no terminal. words
// gives texts from the longest to the shortest: the first that fits the terminal is shown.
func (c *Console) bar(total int64, counter decor.Decorator, words func(done int64) []string) *bar {
	if !c.live {
		return nil
	}
	b := &bar{bars: mpb.New(mpb.WithConsoleWriter(newLineWriter(c.bars)), mpb.WithAutoRefresh())}
	// A bar that starts with a total of 0 is complete only when stop says so: once a bar
	// is complete, mpb stops drawing and drops later lines.
	b.bar = b.bars.AddBar(0, mpb.BarRemoveOnComplete(), mpb.BarWidth(usualBar), mpb.PrependDecorators(counter),
		mpb.AppendDecorators(decor.Any(func(s decor.Statistics) string {
			return fitting(words(s.Current), s.AvailableWidth-len("  "))
		})))
	b.bar.SetTotal(total, false)
	return b
}

// fitting is the first choice that fits beside a bar, or the beginning of the last one.
func fitting(choices []string, width int) string {
	for _, words := range choices {
		if utf8.RuneCountInString(words) <= width-usualBar {
			return words
		}
	}
	return table.Cut(choices[len(choices)-1], max(1, width-leastBar))
}

// newLineWriter writes bars to a terminal, beginning at the start of a line: whatever has
// been typed, such as ^C, was shown there.
func newLineWriter(to io.Writer) *cupwriter.Writer {
	w := cupwriter.New(fromLineStart{to}, false)
	if terminal, is := to.(*os.File); is {
		w.SetTermFd(int(terminal.Fd()))
	}
	return w
}

type fromLineStart struct{ to io.Writer }

func (f fromLineStart) Write(text []byte) (int, error) {
	_, err := f.to.Write(append([]byte("\r"), text...))
	return len(text), err
}

func (b *bar) increment() {
	if b != nil {
		b.bar.Increment()
	}
}

// stop removes the bar, and waits until the lines above it are printed.
func (b *bar) stop() {
	if b != nil {
		b.bar.SetTotal(b.bar.Current(), true)
		b.bars.Wait()
	}
}
