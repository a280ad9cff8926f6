package local

import (
	"os"
	"strconv"
	"strings"
)

// eventsFile counts what happened since the machine booted (proc_vmstat(5)).
const eventsFile = "/proc/vmstat"

// PageCacheLife names the present life of the page cache. A new one begins when the machine boots
// and whenever anybody drops the cache: what was read in another life may have to come
// from the drive again. It is empty if the kernel does not say.
func PageCacheLife() string {
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	events, err := os.ReadFile(eventsFile)
	if err != nil {
		return ""
	}
	return life(string(boot), string(events))
}

// life joins the id of a boot and the number of times the page cache was dropped since.
func life(boot, events string) string {
	drops, known := count(events, "drop_pagecache")
	if !known {
		return ""
	}
	return strings.TrimSpace(boot) + "/" + strconv.FormatUint(drops, 10)
}

// readGiB is how much this machine has read from its drives since it booted, 2^30 bytes.
// It leaves out reads from the page cache and over a network. known is false if the
// kernel does not say.
func readGiB() (gib float64, known bool) {
	events, err := os.ReadFile(eventsFile)
	if err != nil {
		return 0, false
	}
	kib, known := count(string(events), "pgpgin")
	return float64(kib) / (1 << 20), known
}

// count is the number in the line "name number" of /proc/vmstat; pgpgin's unit is 2^10
// bytes.
func count(events, name string) (n uint64, known bool) {
	for line := range strings.Lines(events) {
		if number, is := strings.CutPrefix(line, name+" "); is {
			n, err := strconv.ParseUint(strings.TrimSpace(number), 10, 64)
			return n, err == nil
		}
	}
	return 0, false
}
