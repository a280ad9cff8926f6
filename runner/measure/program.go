package measure

import (
	"cmp"
	"runtime/debug"
)

// Program is this program's version: that of its module, or the commit that it was built
// from with +dirty if files had changed; "unknown" if the build left no trace of either, as
// 'go run' and 'go test' do.
func Program() string {
	info, found := debug.ReadBuildInfo()
	if !found {
		return unknown
	}
	return programOf(info)
}

const unknown = "unknown"

func programOf(info *debug.BuildInfo) string {
	version := info.Main.Version
	if version != "" && version != "(devel)" {
		return version
	}
	commit := ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			commit = s.Value[:min(len(s.Value), 12)]
		case s.Key == "vcs.modified" && s.Value == "true" && commit != "":
			commit += "+dirty"
		}
	}
	return cmp.Or(commit, unknown)
}
