package local

import (
	"testing"
	"time"
)

// Others used the cores' busy time less the run's own, but never a negative time.
func TestOthersBusy(t *testing.T) {
	s := look(nil)
	if !s.known {
		t.Skip("this machine does not tell how busy its cores are")
	}
	for end := time.Now().Add(500 * time.Millisecond); time.Now().Before(end); {
	}
	if all := *s.since(0).OthersBusy; all <= 0.1 {
		t.Errorf("others used %v cores beside an idle run, want about 1", all)
	}
	if none := *s.since(time.Hour).OthersBusy; none != 0 {
		t.Errorf("others used %v cores beside a run that used all, want 0", none)
	}
}
