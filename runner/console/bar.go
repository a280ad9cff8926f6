package console

import "github.com/vbauerster/mpb/v8"

// bar is a progress bar on a terminal. Its methods do nothing on nil, which stands for
// a bar that nobody watches.
type bar struct {
	bars *mpb.Progress
	bar  *mpb.Bar
}

// bar shows a new bar; nil where Err is no terminal.
func (c *Console) bar(total int64, options ...mpb.BarOption) *bar {
	if !c.live {
		return nil
	}
	b := &bar{bars: mpb.New(mpb.WithOutput(c.bars), mpb.WithAutoRefresh())}
	// A bar that starts with a total of 0 is complete only when stop says so: once a bar
	// is complete, mpb stops drawing and drops later lines.
	b.bar = b.bars.AddBar(0, append(options, mpb.BarRemoveOnComplete())...)
	b.bar.SetTotal(total, false)
	return b
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
