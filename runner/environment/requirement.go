package environment

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// Requirement is a package as pip and uv name it on their command lines (PEP 508).
type Requirement struct {
	Name    string // normalized, such as "lm-format-enforcer"
	Version string // that it is pinned to; empty for a range or a URL
	Marker  string // when it applies, such as `python_version < "3.12"`; empty for always
}

var requirement = regexp.MustCompile(`^` +
	`([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)` + // name
	`\s*(?:\[\s*[A-Za-z0-9._-]+(?:\s*,\s*[A-Za-z0-9._-]+)*\s*\])?` + // extras
	`\s*(?:@\s*([a-z+]+://[^\s;]+)|((?:===|==|~=|!=|<=|>=|<|>)[^;]*))?` + // URL, or versions
	`\s*(?:;\s*(\S.*))?$`) // marker

var clause = regexp.MustCompile(`^(===|==|~=|!=|<=|>=|<|>)\s*([A-Za-z0-9][A-Za-z0-9._+!-]*(?:\.\*)?)$`)

// ParseRequirement reads a requirement.
func ParseRequirement(text string) (Requirement, error) {
	fault := fmt.Errorf("%q is not a requirement; write a package with its version, such as vllm==0.10.1.1, "+
		"or NAME @ URL", text)
	parts := requirement.FindStringSubmatch(text)
	if parts == nil {
		return Requirement{}, fault
	}
	r := Requirement{Name: normalize(parts[1]), Marker: parts[4]}
	if u, err := url.Parse(parts[2]); err != nil || hasSecret(u) {
		return Requirement{}, fmt.Errorf("package %s %w", r.Name, errCredentials)
	}
	if parts[3] == "" {
		return r, nil
	}
	clauses := strings.Split(parts[3], ",")
	for _, c := range clauses {
		words := clause.FindStringSubmatch(strings.TrimSpace(c))
		if words == nil {
			return Requirement{}, fault
		}
		if len(clauses) == 1 && strings.HasPrefix(words[1], "==") && !strings.HasSuffix(words[2], "*") {
			r.Version = words[2]
		}
	}
	return r, nil
}

var separators = regexp.MustCompile(`[-_.]+`)

// normalize is the one spelling for all spellings of a package's name (PEP 503).
func normalize(name string) string {
	return strings.ToLower(separators.ReplaceAllString(name, "-"))
}

// sameVersion tells whether an installed version is the declared one: 2.7.1+cu126 is also
// 2.7.1, unless the declaration names a build (PEP 440).
func sameVersion(declared, installed string) bool {
	if !strings.Contains(declared, "+") {
		installed, _, _ = strings.Cut(installed, "+")
	}
	return plainVersion(declared) == plainVersion(installed)
}

// plainVersion drops insignificant parts of a version: v1.0 is 1.
func plainVersion(version string) string {
	version = strings.TrimPrefix(strings.ToLower(version), "v")
	for strings.HasSuffix(version, ".0") {
		version = strings.TrimSuffix(version, ".0")
	}
	return version
}
