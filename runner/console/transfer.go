package console

import (
	"fmt"
	"sync"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// Transfer shows how many bytes of a whole have come: on a terminal as a bar,
// elsewhere in a line every tenth.
type Transfer struct {
	console *Console
	what    string
	all     int64
	bars    *mpb.Progress // nil where no terminal is
	bar     *mpb.Bar

	mutex sync.Mutex // guards told
	told  int64      // tenths
}

// Transfer begins to show bytes. Stop ends it.
func (c *Console) Transfer(what string, all int64) *Transfer {
	t := &Transfer{console: c, what: what, all: all}
	if c.live {
		t.bars = mpb.New(mpb.WithOutput(c.Err), mpb.WithAutoRefresh())
		t.bar = t.bars.AddBar(0, mpb.BarRemoveOnComplete(),
			mpb.PrependDecorators(decor.Name(what+" "), decor.Counters(decor.SizeB1000(0), "% .1f of % .1f")),
			mpb.AppendDecorators(decor.AverageSpeed(decor.SizeB1000(0), "% .1f ")))
		t.bar.SetTotal(all, false)
	}
	return t
}

// Set tells how many bytes have come; several goroutines may.
func (t *Transfer) Set(done int64) {
	if t.bar != nil {
		t.bar.SetCurrent(done)
		return
	}
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if tenths := 10 * done / max(1, t.all); tenths > t.told && done < t.all {
		t.told = tenths
		fmt.Fprintf(t.console.Err, "%s: %.1f of %.1f GB\n", t.what, float64(done)/1e9, float64(t.all)/1e9)
	}
}

// Stop takes the bar away.
func (t *Transfer) Stop() {
	if t.bars != nil {
		t.bar.SetTotal(t.bar.Current(), true)
		t.bars.Wait()
	}
}
