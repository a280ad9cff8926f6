//go:build diskfull

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// onSmallDisk runs a shell script with a file system of so many KB mounted at
// $DISK, which only it sees, and coldstart as $COLDSTART. That takes root, or sudo without a password.
func onSmallDisk(t *testing.T, kilobytes, script string) string {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	disk := filepath.Join(t.TempDir(), "disk")
	if err := os.Mkdir(disk, 0o755); err != nil {
		t.Fatal(err)
	}
	words := []string{"unshare", "--mount", "sh", "-ec", `mount -t tmpfs -o size="$1"k none "$2"; export DISK="$2" COLDSTART="$3" ` + asProgram + `=1 ` + lockDir + `="$2/.."; eval "$4"`, "sh", kilobytes, disk, binary, script}
	if os.Getuid() != 0 {
		words = append([]string{"sudo", "-n"}, words...)
	}
	out, err := exec.Command(words[0], words[1:]...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return string(out)
}

// A disk that fills up while measuring ends the session, which says where, and
// keeps what was finished: here figures 1 and 2, but not 3.
func TestDiskFullWhileMeasuring(t *testing.T) {
	out := onSmallDisk(t, "300", `
		"$COLDSTART" reproduce --out "$DISK/out" && exit 1
		test ! -e "$DISK/out/cells/figure3-n1/cell.json"
		rm -r "$DISK/out/cells/figure3-n1"
		"$COLDSTART" report --from "$DISK/out" --out "$DISK/../report" || true
		ls "$DISK/../report"`)
	for _, part := range []string{"no space left on device; the cells finished before are kept in", "figure1.pdf", "figure2.pdf", "22.45 s start-up; steps 20.95 s, 87 %"} {
		if !strings.Contains(out, part) {
			t.Errorf("%q is missing in\n%s", part, out)
		}
	}
	if strings.Contains(out, "figure3.pdf") {
		t.Errorf("a figure was drawn of an interrupted cell:\n%s", out)
	}
}

// A disk that fills up under finished runs ends the session too; with room made,
// it goes on where it was.
func TestDiskFullUnderFinishedRuns(t *testing.T) {
	out := onSmallDisk(t, "150", `
		here="$DISK/.."
		{ echo "engines: {vllm: {command: [`+fakeEngine(t)+`, --journal, $here/journal]}}"; cat `+papersLab+`; } >"$here/lab.yaml"
		measure() { "$COLDSTART" reproduce --engine vllm --matrix "$here/lab.yaml" --nodes n1 --figures 7 --iterations 2 --out "$here/out" --state "$DISK/state" "$@"; }
		measure && exit 1
		mount -o remount,size=10m "$DISK"
		measure --resume "$(ls "$DISK/state")" 2>&1
		sort "$here/journal" | uniq -d | wc -l`)
	for _, part := range []string{"no space left on device; the cells finished before are kept in", "goes on", "30 runs of no-torch-compile on n1, ", "finished before", "Complete"} {
		if !strings.Contains(out, part) {
			t.Errorf("%q is missing in\n%s", part, out)
		}
	}
	lines := strings.Fields(out)
	twice, err := strconv.Atoi(lines[len(lines)-1])
	if err != nil {
		t.Fatal(err)
	}
	expectLost(t, twice-1) // one found no room
}

// A disk that fills up while reporting leaves every file of the earlier report
// whole.
func TestDiskFullWhileReporting(t *testing.T) {
	out := onSmallDisk(t, "1000", `
		"$COLDSTART" reproduce --out "$DISK/../whole" >/dev/null 2>&1
		"$COLDSTART" report --from "$DISK/../whole" --out "$DISK/report" >/dev/null
		cp -r "$DISK/report" "$DISK/../before"
		head -c 2000000 /dev/zero >"$DISK/filler" || true
		SOURCE_DATE_EPOCH=0 "$COLDSTART" report --from "$DISK/../whole" --out "$DISK/report" && exit 1
		diff -rq "$DISK/report" "$DISK/../before" || true`)
	if !strings.Contains(out, "no space left on device") {
		t.Errorf("the disk was not full:\n%s", out)
	}
	expectLost(t, strings.Count(out, "\nFiles ")+strings.Count(out, "\nOnly in "))
}
