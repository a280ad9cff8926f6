package local

import (
	"testing"
	"time"
)

// What the machine's cores did beyond the run itself was done by others; more than
// they did at all the run cannot have.
func TestOthersBusy(t *testing.T) {
	s := look(nil)
	if !s.known {
		t.Skip("this machine does not tell how busy its cores are")
	}
	for end := time.Now().Add(500 * time.Millisecond); time.Now().Before(end); {
	}
	if all := *s.since(0).OthersBusy; all <= 0.1 {
		t.Errorf("beside an idle run others used %v cores, and this test one", all)
	}
	if none := *s.since(time.Hour).OthersBusy; none != 0 {
		t.Errorf("beside a run that used everything others used %v cores", none)
	}
}
