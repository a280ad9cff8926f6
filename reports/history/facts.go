package history

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"coldstart/reports/hardware"
	"coldstart/reports/result"
	"coldstart/reports/table"
)

// facts are what runs took place in, by name: packages by theirs, and so on.
type facts map[string]string

// add adds a fact that is known.
func (f facts) add(name, value string) {
	if value != "" {
		f[name] = value
	}
}

// machine adds a machine's processors, system and drivers. Its memory is left out: the size
// that a system reports differs a little from one boot to the next.
func (f facts) machine(d hardware.Description) {
	for _, row := range hardware.Compare(d, d) {
		if row.Part == hardware.Processor || row.Part == hardware.System {
			f.add(row.Name, row.Declared)
		}
	}
}

// configuration adds how the engine was started.
func (f facts) configuration(set *result.Set, c *result.Configuration) {
	for _, variables := range []map[string]string{set.Variables, c.Variables} {
		for name, value := range variables {
			f[name] = strconv.Quote(value)
		}
	}
	for _, arg := range c.Args {
		name := "--" + arg.Name
		f[name] = strings.TrimSpace(f[name] + " " + valueOrSet(arg.Value)) // several are one fact
	}
	if set.DropPageCache {
		f["page cache"] = "dropped before every run"
	}
}

func valueOrSet(value string) string {
	if value == "" {
		return "set"
	}
	return value
}

// environment adds a Python environment with its packages and variables. What was built from
// the commit is left out, with the release if that is its version: another commit has another.
func (f facts) environment(e *result.InstalledEnvironment) {
	f.add("environment", e.Name)
	f.add("Python", e.Python)
	for name, value := range e.Variables {
		f[name] = strconv.Quote(value)
	}
	for _, p := range e.Packages {
		if p.Built() {
			if strings.HasPrefix(p.Version, f["release"]) {
				delete(f, "release")
			}
			continue
		}
		f[p.Name] = p.Version
		if p.Source != "" {
			f[p.Name] += " from " + p.Source
		}
	}
}

// digest is the SHA-256 of facts in the order of their names, its first 16 hexadecimal
// digits: enough to tell the environments of one history apart.
func digest(f facts) string {
	hash := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(f)) {
		fmt.Fprintf(hash, "%q %q\n", name, f[name])
	}
	return hex.EncodeToString(hash.Sum(nil))[:16]
}

// differences are the facts that differ, in words, in the order of their names: those that
// affect a start-up most come first.
func differences(a, b facts) (words []string) {
	names := maps.Clone(a)
	maps.Copy(names, b)
	for _, name := range slices.SortedFunc(maps.Keys(names), byTelling) {
		if a[name] != b[name] {
			words = append(words, shown(name)+": "+shown(a[name])+" → "+shown(b[name]))
		}
	}
	return words
}

// shown is a name or value that anybody may have written, short enough for a sentence.
func shown(text string) string { return table.OneLine(cmp.Or(text, "none"), 40) }

// telling are the facts that affect a start-up most, the first one most.
var telling = []string{"release", "GPU", "CPU", "CUDA", "vllm", "torch", "triton", "flashinfer-python", "transformers"}

func byTelling(a, b string) int {
	rank := func(name string) int {
		if i := slices.Index(telling, name); i >= 0 {
			return i
		}
		return len(telling)
	}
	if d := rank(a) - rank(b); d != 0 {
		return d
	}
	return strings.Compare(a, b)
}
