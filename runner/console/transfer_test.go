package console

import (
	"bytes"
	"os"
	"testing"
)

func TestTransferInAPipe(t *testing.T) {
	var err bytes.Buffer
	p := New(&bytes.Buffer{}, &err).Transfer("yi-6b", 12_000_000_000)
	for _, done := range []int64{0, 100, 1_300_000_000, 1_400_000_000, 6_000_000_000, 12_000_000_000} {
		p.Set(done)
	}
	p.Stop()
	if got, want := err.String(), "yi-6b: 1.3 of 12.0 GB\nyi-6b: 6.0 of 12.0 GB\n"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestTransferOnATerminal(t *testing.T) {
	onTerminal(t, func(tty *os.File, shown *screen) {
		c := New(&bytes.Buffer{}, tty)
		c.live = true
		p := c.Transfer("yi-6b", 12_000_000_000)
		p.Set(6_000_000_000)
		shown.await(t, "6.0 GB of 12.0 GB [", " s left · yi-6b, ")
		p.Stop()
	})
}
