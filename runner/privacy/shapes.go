package privacy

import "regexp"

// shape matches what secrets of well-known services look like, wherever they stand. The
// forms are those that the services document; https://github.com/gitleaks/gitleaks lists
// many more, most of which are of no use without their names beside them.
var shape = regexp.MustCompile(`\b(?:` +
	`gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{20,}` + // GitHub, GitLab
	`|hf_[A-Za-z0-9]{20,}|sk-[A-Za-z0-9_-]{20,}|npm_[A-Za-z0-9]{30,}` + // Hugging Face, OpenAI and others, npm
	`|(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[A-Za-z0-9_-]{35}|xox[abeprs]-[A-Za-z0-9-]{10,}` + // AWS, Google, Slack
	`|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]+)?` + // JSON Web Tokens
	`)`)

// signature matches what signs a URL: an address with it opens to whoever has it.
var signature = regexp.MustCompile(
	`(?i)([?&](?:X-Amz-(?:Signature|Credential|Security-Token)|X-Goog-(?:Signature|Credential)|` +
		`Signature|sig|token|access_token|Policy)=)[^&\s'"]+`)

// header matches the headers that let somebody in: Authorization of any kind, and cookies.
var header = regexp.MustCompile(
	`(?i)\b((?:proxy-)?authorization['"]?\s*[:=]\s*(?:[a-z]+\s+)?|(?:set-)?cookie['"]?\s*:\s*)` +
		`(?:'[^']*'|"[^"]*"|[^'\r\n]+)`)

// shapes are the rules for secrets without a name of ours beside them.
func shapes() []rule {
	return []rule{
		pattern(shape, mask, "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "hf_", "sk-", "npm_",
			"AKIA", "ASIA", "AIza", "xox", "eyJ"),
		pattern(signature, "${1}"+mask, "ignature=", "sig=", "oken=", "olicy=", "redential="),
		pattern(header, "${1}"+mask, "uthorization", "UTHORIZATION", "ookie", "COOKIE"),
	}
}
