package local

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Without root it takes sudo's leave, and a refusal is told in sudo's words.
func TestSudoRefused(t *testing.T) {
	asRoot := isRoot
	isRoot = func() bool { return false }
	t.Cleanup(func() { isRoot = asRoot })
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "sudo"), []byte("#!/bin/sh\necho 'a password is required' >&2; exit 1\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	if MayDropPageCache(t.Context()) {
		t.Error("allowed, although sudo refuses")
	}
	err := DropPageCache(t.Context())
	for _, part := range []string{"the page cache cannot be dropped: sudo -n /usr/sbin/sysctl -q vm.drop_caches=3", "a password is required", "'coldstart doctor' prints the sudo rule to add"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("error %v lacks %q", err, part)
		}
	}
}

// What programs share counts as cached, but is not dropped.
func TestCachedGiB(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("HOST_PROC", dir)
	const meminfo = "MemTotal: 131981020 kB\nMemAvailable: 1 kB\nBuffers: 1048576 kB\nCached: 3145728 kB\nSReclaimable: 500 kB\nShmem: 1048576 kB\n"
	if err := os.WriteFile(filepath.Join(dir, "meminfo"), []byte(meminfo), 0o644); err != nil {
		t.Fatal(err)
	}
	if gib, err := cachedGiB(t.Context()); err != nil || math.Abs(gib-3) > 1e-9 {
		t.Errorf("%v GiB, %v; want 3", gib, err)
	}
}

// A command that succeeds has not dropped anything yet.
func TestGone(t *testing.T) {
	tests := []struct {
		before, after float64
		gone          bool
	}{
		{100, 0.2, true}, {0.5, 0.5, true}, {100, 99, false}, {100, 40, true}, {1.5, 1.4, false},
	}
	for _, test := range tests {
		if err := gone(test.before, test.after); (err == nil) != test.gone {
			t.Errorf("from %v to %v GiB: %v", test.before, test.after, err)
		}
	}
}

// A life is told by the machine's boot and the kernel's count of droppings, or not at
// all.
func TestLife(t *testing.T) {
	const counts = "nr_free_pages 12\ndrop_pagecache 3\ndrop_slab 4\n"
	lives := map[[2]string]string{
		{"a1\n", counts}: "a1/3", {"b2\n", counts}: "b2/3", {"a1\n", "drop_pagecache 4\n"}: "a1/4",
		{"a1\n", ""}: "", {"a1\n", "drop_slab 4\n"}: "", {"a1\n", "drop_pagecache many\n"}: "",
	}
	for told, want := range lives {
		if got := life(told[0], told[1]); got != want {
			t.Errorf("boot %q with events %q: life %q, want %q", told[0], told[1], got, want)
		}
	}
	events, _ := os.ReadFile(eventsFile)
	if known, got := strings.Contains(string(events), "drop_pagecache "), PageCacheLife(); known != (got != "") {
		t.Errorf("the kernel counts the droppings: %t; the page cache's life here: %q", known, got)
	}
}

// The rule allows one command and no other.
func TestRule(t *testing.T) {
	if got, want := SudoRule("runner"), "runner ALL=(root) NOPASSWD: /usr/sbin/sysctl -q vm.drop_caches=3"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
