package pagecache

import (
	"os"
	"strconv"
	"strings"
)

// What tells one life of the page cache from the next, and what was read.
const (
	bootFile   = "/proc/sys/kernel/random/boot_id"
	eventsFile = "/proc/vmstat"
)

// Life names the life that the page cache is in: one begins when the machine boots,
// and one whenever anybody drops the cache. What was read in another life may have to
// come from the drive again. Empty: the kernel does not tell.
func Life() string {
	boot, err := os.ReadFile(bootFile)
	if err != nil {
		return ""
	}
	events, err := os.ReadFile(eventsFile)
	if err != nil {
		return ""
	}
	return life(string(boot), string(events))
}

// life puts the id of a boot together with how often the page cache was dropped since
// then.
func life(boot, events string) string {
	drops, known := count(events, "drop_pagecache")
	if !known {
		return ""
	}
	return strings.TrimSpace(boot) + "/" + strconv.FormatUint(drops, 10)
}

// ReadGiB is how much this machine has read from its drives since it booted, 2^30
// bytes: all that was not in the page cache. known is false where the kernel does not
// tell. What comes over a network is not in it.
func ReadGiB() (gib float64, known bool) {
	events, err := os.ReadFile(eventsFile)
	if err != nil {
		return 0, false
	}
	kib, known := count(string(events), "pgpgin")
	return float64(kib) / (1 << 20), known
}

// count is one of the kernel's counts in /proc/vmstat, a line "name number" each
// (proc_vmstat(5)); pgpgin's unit is 2^10 bytes.
func count(events, name string) (n uint64, known bool) {
	for line := range strings.Lines(events) {
		if number, is := strings.CutPrefix(line, name+" "); is {
			n, err := strconv.ParseUint(strings.TrimSpace(number), 10, 64)
			return n, err == nil
		}
	}
	return 0, false
}
