package process

import (
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"
)

func TestParseStat(t *testing.T) {
	const rest = " 0 -1 4194560 107 0 0 0 0 0 0 0 20 0 1 0 4242 2375680 226" // from the terminal on
	tests := []struct {
		text string
		want Stat
		ok   bool
	}{
		{"12 (sh) S 1 12 11" + rest, Stat{12, "sh", 12, 11, 4242, 'S'}, true},
		{"12 (a) b) Z 1 7 12" + rest + "\n", Stat{12, "a) b", 7, 12, 4242, 'Z'}, true},
		{"", Stat{}, false},
		{"12 (sh", Stat{}, false},
		{"12 (sh) S 1 12 11", Stat{}, false},
		{"12 sh) S 1 12 11" + rest, Stat{}, false},
		{"12 (sh) S 1 -12 11" + rest, Stat{}, false},
	}
	for _, test := range tests {
		if got, ok := parseStat([]byte(test.text)); ok != test.ok || ok && got != test.want {
			t.Errorf("%q: %v, %t", test.text, got, ok)
		}
	}
}

// When a process began is known to a kernel's tick, by the wall clock.
func TestStatBegan(t *testing.T) {
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("skipped: there is no /proc")
	}
	cmd := exec.Command("sleep", "60")
	before := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	after := time.Now()
	defer func() { cmd.Process.Kill(); cmd.Wait() }()
	stat, found := ReadStat(strconv.Itoa(cmd.Process.Pid))
	if !found || !stat.Runs() || stat.Name != "sleep" {
		t.Fatalf("%+v, found %t", stat, found)
	}
	began := stat.At(Boot())
	if began.Before(before.Add(-2*tick)) || began.After(after.Add(2*tick)) {
		t.Errorf("began %v, started between %v and %v", began, before, after)
	}
}
