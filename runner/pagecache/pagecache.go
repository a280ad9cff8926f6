// Package pagecache drops the kernel's page cache, so that the next start reads
// its weights from the drive: the paper's measurement set baseline-ssd.
//
// That takes root, or a sudo rule for exactly one command. doctor tells whether
// this user has either, and which line to add.
package pagecache

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"coldstart/runner/process"
)

// The file whose reader is the kernel, and what makes it drop clean pages, dentries
// and inodes: its documentation of vm.drop_caches.
const (
	dropFile = "/proc/sys/vm/drop_caches"
	dropAll  = "3"
)

// command is what a sudo rule can allow: it does the same, and nothing else.
var command = []string{"/usr/sbin/sysctl", "-q", "vm.drop_caches=" + dropAll}

// isRoot tells whether this process needs no sudo.
var isRoot = func() bool { return os.Getuid() == 0 }

// asking is how long sudo may take to say whether it allows the command.
const asking = 5 * time.Second

// Allowed tells whether this user may drop the page cache without being asked
// for a password.
func Allowed(ctx context.Context) bool {
	if isRoot() {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, asking)
	defer cancel()
	return sudo(ctx, "-l") == nil
}

// Rule is the sudo rule that lets a user drop the page cache and nothing else.
func Rule(user string) string {
	return fmt.Sprintf("%s ALL=(root) NOPASSWD: %s", user, strings.Join(command, " "))
}

// Drop drops the page cache, and makes sure that it is gone. What was written lately,
// such as a model that was made or fetched, is put onto its drive first: the kernel
// drops no page before that.
func Drop(ctx context.Context) error {
	unix.Sync()
	before, err := cachedGiB()
	if err != nil {
		return err
	}
	if err := drop(ctx); err != nil {
		return fmt.Errorf("the page cache cannot be dropped: %w", err)
	}
	after, err := cachedGiB()
	if err != nil {
		return err
	}
	return gone(before, after)
}

func drop(ctx context.Context) error {
	if isRoot() { // who needs no sysctl, which small images lack
		return os.WriteFile(dropFile, []byte(dropAll), 0)
	}
	return dropBySudo(ctx)
}

func dropBySudo(ctx context.Context) error {
	if err := sudo(ctx); err != nil {
		return fmt.Errorf("sudo -n %s: %w; 'coldstart doctor' tells which sudo rule to add", strings.Join(command, " "), err)
	}
	return nil
}

// sudo runs sudo with options and the command, without asking for a password. An error
// has its words.
func sudo(ctx context.Context, options ...string) error {
	program := process.Program{Args: slices.Concat([]string{"sudo", "-n"}, options, command)}
	printed := &process.Tail{Keep: keptLines}
	err := program.Run(ctx, printed)
	if said := printed.String(); err != nil && said != "" {
		err = fmt.Errorf("%w: %s", err, said)
	}
	return err
}

// keptLines is how many lines of sudo can show why it refuses.
const keptLines = 10

// leftGiB is what a page cache may have right after it was dropped: what running
// programs have mapped, and what they read meanwhile.
const leftGiB = 1

// gone tells whether the page cache went with the dropping.
func gone(before, after float64) error {
	if after > leftGiB && after > before/2 {
		return fmt.Errorf("the page cache was dropped, and still has %.1f of %.1f GiB", after, before)
	}
	return nil
}

// cachedGiB is the size of the page cache.
func cachedGiB() (float64, error) {
	file, err := os.Open("/proc/meminfo")
	if err != nil {
		return 0, err
	}
	defer file.Close()
	return parseCached(file)
}

// parseCached adds up the page cache in /proc/meminfo (proc(5)): Cached and
// Buffers, less Shmem, which is in Cached and cannot be dropped.
func parseCached(meminfo io.Reader) (gib float64, err error) {
	text, err := io.ReadAll(meminfo)
	if err != nil {
		return 0, err
	}
	signs := map[string]float64{"Cached:": 1, "Buffers:": 1, "Shmem:": -1}
	found := 0
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) < 2 || signs[fields[0]] == 0 {
			continue
		}
		kib, err := strconv.ParseFloat(fields[1], 64)
		if err != nil {
			return 0, fmt.Errorf("/proc/meminfo: %q: %w", strings.TrimSpace(line), err)
		}
		gib += signs[fields[0]] * kib / (1 << 20)
		found++
	}
	if found < len(signs) {
		return 0, errors.New("/proc/meminfo does not tell the size of the page cache")
	}
	return gib, nil
}
