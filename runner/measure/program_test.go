package measure

import (
	"runtime/debug"
	"testing"
)

func TestProgram(t *testing.T) {
	commit := func(more ...debug.BuildSetting) *debug.BuildInfo {
		return &debug.BuildInfo{
			Main:     debug.Module{Version: "(devel)"},
			Settings: append([]debug.BuildSetting{{Key: "vcs.revision", Value: "0123456789abcdef0123"}}, more...),
		}
	}
	for want, info := range map[string]*debug.BuildInfo{
		"v1.2.3":             {Main: debug.Module{Version: "v1.2.3"}},
		"0123456789ab":       commit(debug.BuildSetting{Key: "vcs.modified", Value: "false"}),
		"0123456789ab+dirty": commit(debug.BuildSetting{Key: "vcs.modified", Value: "true"}),
		"unknown":            {},
	} {
		if got := programOf(info); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
