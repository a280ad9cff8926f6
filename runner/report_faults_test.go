//go:build faults

package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// Killed at any instant, report leaves the earlier report or the new one, and no mixture.
func TestReportKilledAnywhere(t *testing.T) {
	t.Parallel()
	dir, out := t.TempDir(), filepath.Join(t.TempDir(), "report")
	theirs := filepath.Join(out, "theirs.txt")
	var reports [2]map[string]string
	var took time.Duration
	for i, figures := range []string{"2,7", "7,9"} {
		from := filepath.Join(dir, fmt.Sprint(i))
		if got := coldstart(t, "reproduce", "--figures", figures, "--out", from); got.code != exitDone {
			t.Fatal(got.err)
		}
		begun := time.Now()
		if out, err := process(t, "report", "--from", from, "--out", out).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		took = max(took, time.Since(begun))
		if err := os.WriteFile(theirs, []byte("somebody's"), 0o644); err != nil {
			t.Fatal(err)
		}
		reports[i] = contents(t, out)
	}
	random := rand.New(rand.NewPCG(3, 4))
	var left [2]int
	mixed := 0
	for try := range kills {
		cmd := process(t, "report", "--from", filepath.Join(dir, fmt.Sprint(try%2)), "--out", out)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(took/2 + time.Duration(random.Int64N(int64(took)))) // it writes in the second half
		cmd.Process.Kill()
		cmd.Wait()
		switch found := contents(t, out); {
		case maps.Equal(found, reports[0]):
			left[0]++
		case maps.Equal(found, reports[1]):
			left[1]++
		default:
			t.Logf("try %d left a mixture of %d files", try, len(found))
			mixed++
		}
	}
	amid, _ := filepath.Glob(filepath.Join(filepath.Dir(out), ".report.new-*"))
	t.Logf("%d kills, %d of them amid writing, left one report %d times and the other %d times",
		kills, len(amid), left[0], left[1])
	t.Attr("tries", strconv.Itoa(kills))
	expectLost(t, mixed)
}

// contents are the files below a directory.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, name := range names(t, dir) {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		found[name] = string(text)
	}
	return found
}
