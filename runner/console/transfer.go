package console

import (
	"fmt"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8/decor"
)

// Transfer shows how many bytes of a whole have arrived: on a terminal as a bar,
// elsewhere as a line per tenth.
type Transfer struct {
	console *Console
	what    string
	all     int64
	begun   time.Time
	bar     *bar

	mutex sync.Mutex // guards told
	told  int64      // tenths
}

// Transfer begins to show bytes. Stop ends it.
func (c *Console) Transfer(what string, all int64) *Transfer {
	t := &Transfer{console: c, what: what, all: all, begun: time.Now()}
	t.bar = c.bar(all, decor.Counters(decor.SizeB1000(0), "% .1f of % .1f"), t.words)
	return t
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

// words are how long the rest takes, what is transferred, and how fast.
func (t *Transfer) words(done int64) []string {
	if done == 0 {
		return []string{t.what}
	}
	perSecond := float64(done) / time.Since(t.begun).Seconds()
	left := time.Duration(float64(t.all-done) / perSecond * float64(time.Second))
	what := joined(" · ", leftWords(left), t.what)
	return []string{fmt.Sprintf("%s, % .1f/s", what, decor.SizeB1000(perSecond)), what}
}

// Stop removes the bar.
func (t *Transfer) Stop() { t.bar.stop() }
