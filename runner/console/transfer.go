package console

import (
	"sync"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// Transfer shows how many bytes of a whole have arrived: on a terminal as a bar,
// elsewhere as a line per tenth.
type Transfer struct {
	console *Console
	what    string
	all     int64
	bar     *bar

	mutex sync.Mutex // guards told
	told  int64      // tenths
}

// Transfer begins to show bytes. Stop ends it.
func (c *Console) Transfer(what string, all int64) *Transfer {
	return &Transfer{console: c, what: what, all: all, bar: c.bar(all,
		mpb.PrependDecorators(decor.Name(what+" "), decor.Counters(decor.SizeB1000(0), "% .1f of % .1f")),
		mpb.AppendDecorators(decor.AverageSpeed(decor.SizeB1000(0), "% .1f ")))}
}

// Set says how many bytes have arrived. It may be called concurrently.
func (t *Transfer) Set(done int64) {
	if t.bar != nil {
		t.bar.bar.SetCurrent(done)
		return
	}
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if tenths := 10 * done / max(1, t.all); tenths > t.told && done < t.all {
		t.told = tenths
		t.console.Notef("%s: %.1f of %.1f GB", t.what, float64(done)/1e9, float64(t.all)/1e9)
	}
}

// Stop removes the bar.
func (t *Transfer) Stop() { t.bar.stop() }
