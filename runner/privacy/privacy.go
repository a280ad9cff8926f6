// Package privacy keeps out of kept logs what is nobody's business: secrets
// always, and who and where the machine is unless that is wanted.
//
// It stands between an engine and the log that measure keeps. vLLM prints its
// whole environment at DEBUG, keys among it, and paths and addresses in many of
// its lines.
package privacy

import (
	"bytes"
	"io"
	"net"
	"os"
	"regexp"
	"strings"
)

// Hidden stands for a secret's value.
const Hidden = "***"

// longestLine is what is looked at together, in bytes. A longer line goes
// through in pieces.
const longestLine = 1 << 20

// shortestSecret is how long a value must be to be hidden wherever it stands: a
// shorter one is found in words that are no secret.
const shortestSecret = 6

// secretName is a name one of whose words, between underscores, tells of a
// secret. VLLM_API_KEY has one, and tokenizer and num_tokens have none.
const secretName = `(?:[A-Z0-9]+_)*(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)(?:_[A-Z0-9]+)*` +
	`|(?:[a-z0-9]+_)*(?:api_key|access_key|secret_key|private_key|hf_token|auth_token|access_token|secret|password|passwd)`

var (
	secretValue = regexp.MustCompile(`(\b(?:` + secretName + `)['"]?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,;}'"]+)`)
	secretWord  = regexp.MustCompile(`^(?:` + secretName + `)$`)
	bearer      = regexp.MustCompile(`(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}`)
	homePath    = regexp.MustCompile(`/(home|Users)/[^/\s'":,]+`)
	// address is an IPv4 address where nothing else can stand: a release such as
	// 0.10.1.1 has the same form.
	address = regexp.MustCompile(`(://|@)(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})`)
)

// Filter rewrites lines.
type Filter struct {
	rules []func([]byte) []byte
}

// Secrets hides the values of whatever is named like a secret, and those that the
// process's environment (NAME=value) has of such names, wherever they stand.
func Secrets(environment []string) *Filter {
	f := &Filter{}
	for _, variable := range environment {
		name, value, _ := strings.Cut(variable, "=")
		if secretWord.MatchString(name) && len(value) >= shortestSecret {
			f.replace(value, Hidden)
		}
	}
	f.rules = append(f.rules,
		func(line []byte) []byte { return secretValue.ReplaceAll(line, []byte("${1}"+Hidden)) },
		func(line []byte) []byte { return bearer.ReplaceAll(line, []byte("${1} "+Hidden)) },
	)
	return f
}

// Identity is who and where a machine is.
type Identity struct {
	User      string
	Host      string
	Addresses []string
}

// ThisMachine is the identity of the machine that this runs on, as far as it
// tells.
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

// Identities makes the filter also put words for the names of users, hosts and
// addresses.
func (f *Filter) Identities(id Identity) *Filter {
	f.rules = append(f.rules,
		func(line []byte) []byte { return homePath.ReplaceAll(line, []byte("/${1}/user")) },
		func(line []byte) []byte { return address.ReplaceAll(line, []byte("${1}address")) },
	)
	if id.User != "" && id.User != "root" {
		f.replace("/"+id.User+"/", "/user/")
	}
	if len(id.Host) >= shortestSecret {
		f.replace(id.Host, "host")
	}
	for _, a := range id.Addresses {
		f.replace(a, "address")
	}
	return f
}

func (f *Filter) replace(old, with string) {
	f.rules = append(f.rules, func(line []byte) []byte { return bytes.ReplaceAll(line, []byte(old), []byte(with)) })
}

// Line rewrites a line.
func (f *Filter) Line(line []byte) []byte {
	for _, rule := range f.rules {
		line = rule(line)
	}
	return line
}

// Writer rewrites what is written to it, line by line, and hands it on. Close
// hands on a last line without an end; it closes nothing.
func (f *Filter) Writer(to io.Writer) io.WriteCloser { return &writer{filter: f, to: to} }

type writer struct {
	filter *Filter
	to     io.Writer
	line   []byte // begun, without its end
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

// Close hands on what is left.
func (w *writer) Close() error {
	if len(w.line) == 0 {
		return nil
	}
	_, err := w.to.Write(w.filter.Line(w.line))
	w.line = w.line[:0]
	return err
}
