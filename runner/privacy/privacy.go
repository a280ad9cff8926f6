// Package privacy hides secrets in kept logs, and on request the names of users, hosts and
// addresses.
//
// It stands between an engine and the log that measure keeps. vLLM prints its
// whole environment at DEBUG, keys included, and paths and addresses in many of
// its lines.
package privacy

import (
	"bytes"
	"io"
	"maps"
	"net"
	"os"
	"regexp"
	"slices"
	"strings"
)

// mask stands for a secret's value.
const mask = "***"

// longestLine bounds a line, in bytes. A longer one is rewritten in pieces.
const longestLine = 1 << 20

// shortestSecret is the length from which a value is hidden wherever it stands. A shorter
// one is also part of ordinary words.
const shortestSecret = 6

// secretName matches the name of a secret, by a word between underscores or by its end:
// VLLM_API_KEY, PGPASSWORD and api_key, but not tokenizer, num_tokens and PWD.
const secretName = `[A-Z0-9_]*(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL)(?:_[A-Z0-9_]+)?` +
	`|[A-Z0-9_]*(?:KEYS|SECRETS|PASSWORDS|CREDENTIALS|CREDS|_PWD|_PASS|_PAT|_AUTH)(?:_[A-Z0-9_]+)?` +
	`|[a-z]+(?:Key|Token|Secret|Password)` +
	`|(?:[a-z0-9]+_)*(?:api_?key|access_key|secret_key|private_key|hf_token|auth_token|api_token|access_token|secret|password|passwd|passphrase)`

// countName matches the names among them that count the tokens of a text.
const countName = `[A-Z0-9_]*TOKEN_(?:[A-Z0-9]+_)*(?:THRESHOLD|LIMIT|COUNT|SIZE|LENGTH|LEN|BUDGET)`

// flag matches a command line's flag for a secret.
const (
	flagName = `(?:[a-z]+[-_])*(?:key|token|secret|password|passwd)`
	flag     = `--` + flagName
)

// given matches the value behind such a name: a list, in quotes, or one word.
const given = `\[[^\]]*\]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s,;}'"]+`

var (
	secretValue = regexp.MustCompile(`(\b(?:` + secretName + `)['"]?\s*[:=]\s*)(?:` + given + `)`)
	secretWord  = regexp.MustCompile(`^(?:` + secretName + `)$`)
	countWord   = regexp.MustCompile(`^` + countName + `(?:['"]?\s*[:=]|$)`)
	// secretFlag matches flags and headers: --api-key, X-Api-Key.
	secretFlag = regexp.MustCompile(`(?i)(` + flag + `(?:\s*[:=]\s*|\s+)|\b[a-z]+-` + flagName + `\s*[:=]\s*)(?:` + given + `)`)
	lastFlag   = regexp.MustCompile(`(?i)^` + flag + `$`)
	bearer     = regexp.MustCompile(`\b([Bb]earer|BEARER|[Bb]asic|BASIC)\s+[A-Za-z0-9._~+/=-]{8,}`)
	// urlUser matches the user of a URL, with or without a password: some servers take
	// a token as the user.
	urlUser  = regexp.MustCompile(`(://)[^\s/@'"]+@`)
	homePath = regexp.MustCompile(`/(home|Users)/[^/\s'":,]+`)
	// address matches an IPv4 address in a place where no release can stand: 0.10.1.1 has
	// the same form.
	address = regexp.MustCompile(`(://|@)(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})`)
)

// Filter rewrites lines.
type Filter struct{ rules []rule }

// rule rewrites the lines that contain one of its hints; no other can match. The hints
// spare most lines the regular expressions, which would cost more than everything else
// that a measurement does beside the engine.
type rule struct {
	hints   []string
	rewrite func(line []byte) []byte
}

// pattern is the rule that replaces each match with a text.
func pattern(matches *regexp.Regexp, with string, hints ...string) rule {
	return rule{hints, func(line []byte) []byte { return matches.ReplaceAll(line, []byte(with)) }}
}

// hideNamed hides what follows the name of a secret.
func hideNamed(line []byte) []byte {
	return secretValue.ReplaceAllFunc(line, func(found []byte) []byte {
		if count := countWord.FindIndex(found); count != nil {
			return slices.Concat(found[:count[1]], hideNamed(found[count[1]:]))
		}
		return secretValue.ReplaceAll(found, []byte("${1}"+mask))
	})
}

// isSecret tells whether a variable's name is that of a secret.
func isSecret(name string) bool { return secretWord.MatchString(name) && !countWord.MatchString(name) }

// text is the rule that replaces a text with another.
func text(old, with string) rule {
	return rule{[]string{old}, func(line []byte) []byte { return bytes.ReplaceAll(line, []byte(old), []byte(with)) }}
}

// Secrets hides what follows the name of a secret, and wherever they stand the values that
// such names have in an environment (NAME=value).
func Secrets(environment []string) *Filter {
	f := &Filter{}
	for _, variable := range environment {
		name, value, _ := strings.Cut(variable, "=")
		if !isSecret(name) {
			continue
		}
		for line := range strings.Lines(value) { // a private key has several
			if line = strings.TrimSpace(line); len(line) >= shortestSecret {
				f.rules = append(f.rules, hidden(line))
			}
		}
	}
	f.rules = append(f.rules,
		rule{[]string{"KEY", "TOKEN", "SECRET", "PASS", "CRED", "_PWD", "_PAT", "_AUTH",
			"_key", "apikey", "_token", "secret", "passw", "passphrase", "Key", "Token", "Secret", "Passw"}, hideNamed},
		pattern(secretFlag, "${1}"+mask, "_key", "_token", "_secret", "_passw", "-key", "-Key", "-KEY", "-token", "-Token", "-secret", "-Secret",
			"-passw", "-Passw"),
		pattern(bearer, "${1} "+mask, "earer", "EARER", "asic", "ASIC"),
		pattern(urlUser, "${1}"+mask+"@", "@"),
	)
	f.rules = append(f.rules, shapes()...)
	return f
}

// Variables are variables with the secrets in them hidden.
func Variables(variables map[string]string) map[string]string { return words.Variables(variables) }

// Variables are rewritten variables.
func (f *Filter) Variables(variables map[string]string) map[string]string {
	hidden := maps.Clone(variables)
	for name, value := range hidden {
		if isSecret(name) {
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
	for i := range hidden {
		if i > 0 && lastFlag.MatchString(line[i-1]) {
			hidden[i] = mask
		} else {
			hidden[i] = words.Text(line[i])
		}
	}
	return hidden
}

// words hides secrets by their names alone.
var words = Secrets(nil)

// Text rewrites a text.
func (f *Filter) Text(text string) string { return string(f.Line([]byte(text))) }

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
	f.rules = append(f.rules,
		pattern(homePath, "/${1}/user", "/home/", "/Users/"),
		pattern(address, "${1}address", "://", "@"),
	)
	if id.User != "" && id.User != "root" {
		f.rules = append(f.rules, text("/"+id.User+"/", "/user/"))
	}
	if len(id.Host) >= shortestSecret {
		f.rules = append(f.rules, text(id.Host, "host"))
	}
	for _, a := range id.Addresses {
		f.rules = append(f.rules, text(a, "address"))
	}
	return f
}

// Line rewrites a line.
func (f *Filter) Line(line []byte) []byte {
	for _, rule := range f.rules {
		if slices.ContainsFunc(rule.hints, func(hint string) bool { return bytes.Contains(line, []byte(hint)) }) {
			line = rule.rewrite(line)
		}
	}
	return line
}

// Writer rewrites what is written to it line by line and passes it on. Close passes on a
// last line without an end; it closes nothing.
func (f *Filter) Writer(to io.Writer) io.WriteCloser { return &writer{filter: f, to: to} }

type writer struct {
	filter *Filter
	to     io.Writer
	line   []byte // incomplete
}

func (w *writer) Write(p []byte) (int, error) {
	written := len(p)
	for len(p) > 0 {
		end := bytes.IndexByte(p, '\n') + 1
		if end == 0 {
			end = len(p)
		}
		w.line = append(w.line, p[:end]...)
		p = p[end:]
		if w.line[len(w.line)-1] == '\n' || len(w.line) >= longestLine {
			if err := w.Close(); err != nil {
				return written - len(p), err
			}
		}
	}
	return written, nil
}

func (w *writer) Close() error {
	if len(w.line) == 0 {
		return nil
	}
	_, err := w.to.Write(w.filter.Line(w.line))
	w.line = w.line[:0]
	return err
}
