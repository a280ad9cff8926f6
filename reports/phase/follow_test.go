package phase

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A follower reports the progress of a start-up in the order of the log, however the
// bytes are divided.
func TestFollower(t *testing.T) {
	log := strings.Join([]string{
		"DEBUG 02-09 16:00:00.000 [__init__.py:28] No plugins for group vllm.platform_plugins found.",
		"INFO 02-09 16:00:01.000 [__init__.py:241] Automatically detected platform cuda.",
		"nothing to see here",
		"INFO 02-09 16:00:05.000 [default_loader.py:262] Loading weights took 1.25 seconds",
		"INFO 02-09 16:00:06.000 [core.py:214] init engine (profile, create kv cache, warmup model) took 1.00 seconds",
		"half a line: Graph capturing finished in 4 secs",
	}, "\n")
	want := []string{"detect_platform", "load_weights", "init_engine"}
	for _, size := range []int{1, 7, 1 << 20} {
		var told []string
		f := NewFollower(func(what string) { told = append(told, what) })
		for rest := log; rest != ""; {
			n := min(size, len(rest))
			if written, err := f.Write([]byte(rest[:n])); written != n || err != nil {
				t.Fatal(written, err)
			}
			rest = rest[n:]
		}
		if diff := cmp.Diff(want, told); diff != "" {
			t.Errorf("%d bytes at a time (-want +got):\n%s", size, diff)
		}
	}
}
