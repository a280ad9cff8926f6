// Package privacy hides secrets in kept logs, and on request the names of users, hosts and
// addresses.
//
// It stands between an engine and the log that measure keeps. vLLM prints its
// whole environment at DEBUG, keys included, and paths and addresses in many of
// its lines.
package privacy

import (
	"bytes"
	"cmp"
	"maps"
	"net"
	"os"
	"regexp"
	"slices"
	"strings"
)

// mask stands for a secret's value.
const mask = "***"

// shortestSecret is the length from which a value is hidden wherever it stands. A shorter
// one is also part of ordinary words.
const shortestSecret = 6

var (
	homePath = regexp.MustCompile(`/(home|Users)/[^/\s'":,]+`)
	// address matches an IPv4 address in a place where no release can stand: 0.10.1.1 has
	// the same form.
	address = regexp.MustCompile(`(://|@)(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})`)
)

// Filter rewrites lines.
type Filter struct {
	known []known
	names []rewrite // of users, hosts and addresses
}

// Secrets hides what follows the name of a secret, what looks like one, and wherever they
// stand the values that such names have in an environment (NAME=value).
func Secrets(environment []string) *Filter {
	f := &Filter{}
	for _, variable := range environment {
		name, value, _ := strings.Cut(variable, "=")
		if !isSecret(name, value) {
			continue
		}
		for line := range strings.Lines(value) { // a private key has several
			if line = strings.TrimSpace(line); len(line) >= shortestSecret {
				f.known = append(f.known, newKnown(line))
			}
		}
	}
	return f
}

// isSecret tells whether a variable's value is one.
func isSecret(variable, value string) bool {
	n := nameOf(variable)
	named := n.kind >= secret || n.kind == ambiguous && n.last && isRandom([]byte(value))
	return named && !isHarmless([]byte(value), n.kind)
}

// Variables are variables with the secrets in them hidden.
func Variables(variables map[string]string) map[string]string { return words.Variables(variables) }

// Variables are rewritten variables.
func (f *Filter) Variables(variables map[string]string) map[string]string {
	hidden := maps.Clone(variables)
	for name, value := range hidden {
		if isSecret(name, value) {
			hidden[name] = mask
		} else {
			hidden[name] = f.Text(value)
		}
	}
	return hidden
}

// Words are the words of a command line with the secrets in them hidden.
func Words(line []string) []string {
	hidden := slices.Clone(line)
	var flag name // of a secret
	for i, word := range line {
		switch isFlag := strings.HasPrefix(word, "-"); {
		case !isFlag && flag.kind >= secret:
			if !isHarmless([]byte(word), flag.kind) {
				hidden[i] = mask
			}
			if !flag.many {
				flag = name{}
			}
		case isFlag && !strings.Contains(word, "="):
			flag = nameOf(word)
		default:
			flag = name{}
			hidden[i] = words.Text(word)
		}
	}
	return hidden
}

// words hides secrets by their names alone.
var words = Secrets(nil)

// Text rewrites a text.
func (f *Filter) Text(text string) string { return string(f.line([]byte(text))) }

// Identity is the user, the host and the addresses of a machine.
type Identity struct {
	User      string
	Host      string
	Addresses []string
}

// ThisMachine is the identity of this machine, as far as it is known.
func ThisMachine() (id Identity) {
	id.User = os.Getenv("USER")
	id.Host, _ = os.Hostname()
	addresses, _ := net.InterfaceAddrs()
	for _, a := range addresses {
		if ip, ok := a.(*net.IPNet); ok && !ip.IP.IsLoopback() {
			id.Addresses = append(id.Addresses, ip.IP.String())
		}
	}
	return id
}

// Identities makes the filter also replace the names of users, hosts and addresses with
// words.
func (f *Filter) Identities(id Identity) *Filter {
	f.names = append(f.names,
		pattern(homePath, "/${1}/user", "/home/", "/Users/"),
		pattern(address, "${1}address", "://", "@"),
	)
	if id.User != "" && id.User != "root" {
		f.names = append(f.names, text("/"+id.User+"/", "/user/"))
	}
	if len(id.Host) >= shortestSecret {
		f.names = append(f.names, text(id.Host, "host"))
	}
	for _, a := range id.Addresses {
		f.names = append(f.names, text(a, "address"))
	}
	return f
}

// rewrite rewrites the lines that contain one of its hints; no other can match. The hints
// spare most lines the regular expressions.
type rewrite struct {
	hints []string
	apply func(line []byte) []byte
}

// pattern replaces each match with a text.
func pattern(matches *regexp.Regexp, with string, hints ...string) rewrite {
	return rewrite{hints, func(line []byte) []byte { return matches.ReplaceAll(line, []byte(with)) }}
}

// text replaces a text with another.
func text(old, with string) rewrite {
	return rewrite{[]string{old}, func(line []byte) []byte { return bytes.ReplaceAll(line, []byte(old), []byte(with)) }}
}

// line rewrites a line.
func (f *Filter) line(line []byte) []byte {
	spans, _ := f.secrets(line, open{})
	return f.rewritten(line, spans)
}

// secrets finds the secrets of a line, in order and apart from each other.
func (f *Filter) secrets(line []byte, before open) ([]span, open) {
	found := secretsOf(line, before)
	spans := found.spans
	for _, k := range f.known {
		spans = append(spans, k.in(line)...)
	}
	return merged(spans), found.open
}

// merged are spans in order, with those that overlap made one.
func merged(spans []span) (apart []span) {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.begin, b.begin) })
	for _, s := range spans {
		if last := len(apart) - 1; last >= 0 && s.begin < apart[last].end {
			apart[last].end = max(apart[last].end, s.end)
			apart[last].evidence = min(apart[last].evidence, s.evidence)
		} else {
			apart = append(apart, s)
		}
	}
	return apart
}

// rewritten is a line with its secrets hidden and its names replaced.
func (f *Filter) rewritten(line []byte, secrets []span) []byte {
	if len(secrets) > 0 {
		var hidden []byte
		from := 0
		for _, s := range secrets {
			hidden = append(append(hidden, line[from:s.begin]...), mask...)
			from = s.end
		}
		line = append(hidden, line[from:]...)
	}
	for _, names := range f.names {
		if slices.ContainsFunc(names.hints, func(hint string) bool { return bytes.Contains(line, []byte(hint)) }) {
			line = names.apply(line)
		}
	}
	return line
}
