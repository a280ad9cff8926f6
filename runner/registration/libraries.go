package registration

import (
	"context"
	"os"
	"slices"
	"strings"
)

// libraries are what .NET loads in GitHub's runner, by the start of their file's name. The
// runner's own configuration refuses a machine without the first.
var libraries = []struct {
	file, name, debian, fedora string
}{
	{"libicuuc.so.", "libicu", "'^libicu[0-9]+$'", "libicu"}, // Debian's package has the version in its name
	{"libssl.so.", "OpenSSL", "libssl3", "openssl-libs"},
	{"libstdc++.so.6", "libstdc++", "libstdc++6", "libstdc++"},
	{"libz.so.1", "zlib", "zlib1g", "zlib"},
}

// listed are the files of libraries in ldconfig's directories, as the runner's config.sh
// lists them: without the cache, which may be old.
var listed = []string{"sh", "-c", `ldconfig -NXv 2>/dev/null | grep -E '^\s*lib(icuuc|ssl|stdc\+\+|z)\.so'`}

// MissingLibraries names what GitHub's runner needs and this machine lacks, and how to
// install it. It is empty if nothing is missing.
func (s *System) MissingLibraries(ctx context.Context) (says, remedy string) {
	if !s.Has("ldconfig") {
		return "this machine has no ldconfig, which GitHub's runner needs", "install the C library's programs"
	}
	found, _ := s.Run(ctx, Command{Args: listed}) // it fails if there is none
	var names, debian, fedora []string
	for _, l := range libraries {
		if !strings.Contains(found, l.file) {
			names, debian, fedora = append(names, l.name), append(debian, l.debian), append(fedora, l.fedora)
		}
	}
	if len(names) == 0 {
		return "", ""
	}
	switch s.distribution() {
	case "debian":
		remedy = "sudo apt-get install " + strings.Join(debian, " ")
	case "fedora":
		remedy = "sudo dnf install " + strings.Join(fedora, " ")
	default:
		remedy = "install " + strings.Join(names, ", ")
	}
	return "GitHub's runner is a .NET program and needs " + strings.Join(names, ", "), remedy
}

// distribution is debian or fedora for those and their kin, else empty (os-release(5)).
func (s *System) distribution() string {
	text, _ := os.ReadFile(s.path("/etc/os-release"))
	var words []string
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		if name == "ID" || name == "ID_LIKE" {
			words = append(words, strings.Fields(strings.Trim(value, `"'`))...)
		}
	}
	for _, kin := range []string{"debian", "fedora"} {
		if slices.Contains(words, kin) {
			return kin
		}
	}
	return ""
}
