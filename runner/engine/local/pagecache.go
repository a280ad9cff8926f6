package local

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/shirou/gopsutil/v4/mem"
	"golang.org/x/sys/unix"

	"coldstart/runner/process"
)

// What is written to where to drop clean pages, dentries and inodes (the kernel's
// documentation of vm.drop_caches).
const (
	dropFile = "/proc/sys/vm/drop_caches"
	dropAll  = "3"
)

// dropCommand does the same, and nothing else, so that a sudo rule can allow it.
var dropCommand = []string{"/usr/sbin/sysctl", "-q", "vm.drop_caches=" + dropAll}

// isRoot is true if this process needs no sudo. Tests replace it.
var isRoot = func() bool { return os.Getuid() == 0 }

// MayDropPageCache tells whether this user may drop the page cache without a password: as
// root, or by a sudo rule for exactly one command.
func MayDropPageCache(ctx context.Context) bool {
	if isRoot() {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	return sudo(ctx, "-l") == nil
}

// SudoRule is the sudo rule that lets a user drop the page cache and nothing else.
func SudoRule(user string) string {
	return fmt.Sprintf("%s ALL=(root) NOPASSWD: %s", user, strings.Join(dropCommand, " "))
}

// DropPageCache drops the kernel's page cache and verifies that it is gone, so that the next
// start reads its weights from the drive: the paper's measurement set baseline-ssd. The
// kernel drops only what is on the drive, so what was written lately, such as a new model,
// is synced first.
func DropPageCache(ctx context.Context) error {
	unix.Sync()
	before, err := cachedGiB(ctx)
	if err != nil {
		return err
	}
	if err := writeDrop(ctx); err != nil {
		return fmt.Errorf("the page cache cannot be dropped: %w", err)
	}
	after, err := cachedGiB(ctx)
	if err != nil {
		return err
	}
	return gone(before, after)
}

func writeDrop(ctx context.Context) error {
	if isRoot() { // without sysctl, which small images lack
		return os.WriteFile(dropFile, []byte(dropAll), 0)
	}
	if err := sudo(ctx); err != nil {
		return fmt.Errorf("sudo -n %s: %w; 'coldstart doctor' prints the sudo rule to add",
			strings.Join(dropCommand, " "), err)
	}
	return nil
}

// sudo runs sudo with options and the command, without asking for a password. An error
// quotes what it printed.
func sudo(ctx context.Context, options ...string) error {
	program := process.Program{Args: slices.Concat([]string{"sudo", "-n"}, options, dropCommand)}
	printed := &process.Tail{Keep: 10}
	err := program.Run(ctx, printed)
	if said := printed.String(); err != nil && said != "" {
		err = fmt.Errorf("%w: %s", err, said)
	}
	return err
}

// leftGiB is what may be left right after dropping: what running programs have mapped,
// and what they read meanwhile.
const leftGiB = 1

// gone is an error if too much of the page cache is left.
func gone(before, after float64) error {
	if after > leftGiB && after > before/2 {
		return fmt.Errorf("the page cache was dropped, but still holds %.1f of %.1f GiB", after, before)
	}
	return nil
}

// cachedGiB is the size of the page cache, 2^30 bytes. gopsutil's Cached also includes
// the kernel's reclaimable memory, and shared memory, which cannot be dropped.
func cachedGiB(ctx context.Context) (float64, error) {
	m, err := mem.VirtualMemoryWithContext(ctx)
	if err != nil {
		return 0, fmt.Errorf("the size of the page cache is unknown: %w", err)
	}
	return (float64(m.Cached) + float64(m.Buffers) - float64(m.Sreclaimable) - float64(m.Shared)) / (1 << 30), nil
}
