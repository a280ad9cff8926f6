package registration

import (
	"cmp"
	"path"
	"strings"

	"coldstart/reports/result"
	"coldstart/runner/forge"
)

// RegisterCommand is the command that registers a node's runner.
func RegisterCommand(node string, of forge.Repository) string {
	r := Runner{Node: result.Node{Name: node}, Dir: DefaultDir(node)}
	return r.command("register", of)
}

// command is a whole coldstart command about a runner, to paste.
func (r *Runner) command(verb string, of forge.Repository) string {
	words := []string{"sudo --preserve-env=GITHUB_TOKEN coldstart", verb, "--node", r.Node.Name, "--repo"}
	if of.Owner == "" { // not known
		return strings.Join(append(words, "OWNER/REPO"), " ")
	}
	words = append(words, of.String())
	if !strings.HasPrefix(of.API, "https://api.github.com") {
		words = append(words, "--api-url", of.API)
	}
	if derived, err := of.WithWeb(""); err != nil || derived.Web != of.Web {
		words = append(words, "--url", cmp.Or(of.Web, "URL"))
	}
	if r.Dir != DefaultDir(r.Node.Name) {
		words = append(words, "--dir", r.Dir)
	}
	return strings.Join(words, " ")
}

// repository is the one of a state, which has only its address. It is zero if that is not a
// repository's.
func (s *state) repository() forge.Repository {
	rest, name := path.Split(s.URL)
	web, owner := path.Split(strings.TrimSuffix(rest, "/"))
	web = strings.TrimSuffix(web, "/")
	api := web + "/api/v3"
	switch scheme, host, _ := strings.Cut(web, "://"); {
	case s.Agent == (actRunner{}).kind():
		api = web + "/api/v1"
	case host == "github.com" || strings.HasSuffix(host, ".ghe.com"):
		api = scheme + "://api." + host
	}
	found, err := forge.NewRepository(owner+"/"+name, api)
	if err != nil {
		return forge.Repository{}
	}
	found.Web = web
	return found
}
