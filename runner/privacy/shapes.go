package privacy

import (
	"bytes"
	"strings"
)

// A shape is what the secrets of a service look like, wherever they stand.
type shape struct {
	prefix string
	also   string // may stand between letters and digits
	length int    // at least, behind the prefix
	run    int    // of letters and digits: at least one is that long
	whole  bool   // the prefix is short and has to begin a word: disk-0123456789abcdef is no key
}

// shapes are those that services document; most prefixes and lengths are from
// https://github.com/gitleaks/gitleaks (config/gitleaks.toml, MIT licence). Its
// expressions themselves do not fit: they ask for a word's boundary on both sides, which
// escaped text and _ do not have, and name whole files beside secrets.
var shapes = []shape{
	// GitHub, GitLab
	{"ghp_", "", 20, 20, false}, {"gho_", "", 20, 20, false}, {"ghu_", "", 20, 20, false}, {"ghs_", "", 20, 20, false},
	{"ghr_", "", 20, 20, false}, {"github_pat_", "_", 20, 20, false}, {"glpat-", "_-", 20, 16, false},
	{"gldt-", "_-", 20, 16, false}, {"glrt-", "_-", 20, 16, false}, {"glcbt-", "_-", 20, 16, false},
	// models and data: Hugging Face, OpenAI and Anthropic, NVIDIA, Groq, Replicate, Perplexity, Databricks
	{"hf_", "", 30, 30, false}, {"api_org_", "", 30, 30, false}, {"sk-", "_-", 20, 16, true},
	{"nvapi-", "_-", 30, 16, false}, {"gsk_", "", 40, 40, false}, {"r8_", "", 30, 30, true},
	{"pplx-", "", 40, 40, false}, {"dapi", "", 32, 32, true},
	// packages: npm, PyPI, Docker, RubyGems
	{"npm_", "", 30, 30, false}, {"pypi-", "_-", 50, 16, false}, {"dckr_pat_", "_-", 20, 16, false},
	{"rubygems_", "", 40, 40, false},
	// clouds: AWS, Google, DigitalOcean, Vault, Alibaba
	{"AKIA", "", 16, 16, false}, {"ASIA", "", 16, 16, false}, {"ABIA", "", 16, 16, true}, {"ACCA", "", 16, 16, true},
	{"AIza", "_-", 35, 10, false}, {"ya29.", "_-", 20, 10, false}, {"dop_v1_", "", 40, 40, false},
	{"doo_v1_", "", 40, 40, false}, {"hvs.", "_-", 24, 16, false}, {"hvb.", "_-", 24, 16, false},
	{"LTAI", "", 20, 20, true},
	// others: Slack, Stripe, SendGrid, Grafana, Linear, Notion, Postman
	{"xoxa-", "-", 10, 8, false}, {"xoxb-", "-", 10, 8, false}, {"xoxe-", "-", 10, 8, false},
	{"xoxp-", "-", 10, 8, false}, {"xoxr-", "-", 10, 8, false}, {"xoxs-", "-", 10, 8, false},
	{"hooks.slack.com/", "/", 12, 8, false}, {"sk_live_", "", 10, 10, false}, {"sk_test_", "", 10, 10, false},
	{"rk_live_", "", 10, 10, false}, {"SG.", "_-.", 40, 10, true}, {"glsa_", "_", 32, 32, false},
	{"glc_", "+/", 32, 10, false}, {"lin_api_", "", 40, 40, false}, {"ntn_", "", 40, 40, false},
	{"PMAK-", "-", 40, 16, false},
	// JSON Web Tokens
	{"eyJ", "_-.", 24, 10, false},
}

// shapeAt is the end of the secret that its shape shows at i, or 0.
func shapeAt(line []byte, i int) int {
	const decisive = 128 // bytes; behind them a secret only goes on
	for _, shape := range stems.shapes[hashOf(line[i:])] {
		if !bytes.HasPrefix(line[i:], []byte(shape.prefix)) || shape.whole && joined(line, i) {
			continue
		}
		begin := i + len(shape.prefix)
		end, run, longest := begin, 0, 0
		for ; end < len(line) && (end < begin+decisive || longest >= shape.run); end++ {
			if isLetter(line[end]) || isDigit(line[end]) {
				run++
				longest = max(longest, run)
				continue
			}
			if run = 0; strings.IndexByte(shape.also, line[end]) < 0 {
				break
			}
		}
		if end-begin >= shape.length && longest >= shape.run {
			return end
		}
	}
	return 0
}

// joined tells whether a letter or digit stands before i that is no part of an escape.
func joined(line []byte, i int) bool {
	if i == 0 || !isLetter(line[i-1]) && !isDigit(line[i-1]) {
		return false
	}
	_, at := before(line, i)
	return at == i-1
}

const (
	keyBegins = "-----BEGIN"
	keyEnds   = "-----END"
	dashes    = "-----"
)

// privateKey hides a private key in PEM, of which a line may have only the beginning.
func (s *scan) privateKey(i int) (next int) {
	const longestLabel = 100
	begin := i + len(keyBegins)
	label := s.line[begin:min(len(s.line), begin+longestLabel)]
	label, _, found := bytes.Cut(label, []byte(dashes))
	if !found || !bytes.Contains(label, []byte("PRIVATE KEY")) {
		return begin
	}
	end, closed := s.keyEnd(begin)
	s.open.key = !closed
	return s.hide(i, i, end)
}

// keyEnd is behind the end of a private key, if this line has it.
func (s *scan) keyEnd(i int) (end int, closed bool) {
	_, at, found := bytes.Cut(s.line[i:], []byte(keyEnds))
	if !found {
		return s.lineEnd(), false
	}
	end = len(s.line) - len(at)
	if label := bytes.Index(at, []byte(dashes)); label >= 0 {
		return end + label + len(dashes), true
	}
	return s.lineEnd(), true
}
