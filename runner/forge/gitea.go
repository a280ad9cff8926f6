package forge

import (
	"net/http"
	"strings"
)

// giteaAPI is the end of the address of Gitea's API.
const giteaAPI = "/api/v1"

// IsGitea recognizes Gitea, and servers like it, by the API's address.
func (r Repository) IsGitea() bool { return strings.HasSuffix(r.API, giteaAPI) }

// dialect is what differs between servers, apart from the runner's program.
type dialect struct {
	tokenMethod string // of the request for a registration token
	permission  string // that a token needs for a repository's runners
	notFound    string // a further meaning of 404
	strangers   string // what keeps a public repository's forks off its runners, and what does not
}

var (
	gitHub = dialect{
		tokenMethod: http.MethodPost,
		permission: "a fine-grained token needs the repository permission 'Administration: read and write', " +
			"a classic one the scope 'repo' and a user who administers the repository; a workflow's GITHUB_TOKEN never has it",
		strangers: `GitHub's default, approval for first-time contributors, does not protect: one merged typo ends it.
What protects: a private repository; or all of: approval for all external contributors (Settings, Actions,
General), an organization's runner group that only the workflow on the default branch may use, and
ephemeral runners (coldstart register --ephemeral).`,
	}
	gitea = dialect{
		tokenMethod: http.MethodGet,
		permission:  "the token needs the scope 'write:repository' and a user who administers the repository",
		notFound:    ", or this release of the server has no such call",
		strangers: `Gitea's approval does not protect: it is asked for once per user, then never again.
What protects: a private repository; ephemeral runners (coldstart register --ephemeral) limit the damage to one job.`,
	}
)

func (r Repository) dialect() dialect {
	if r.IsGitea() {
		return gitea
	}
	return gitHub
}

// TokenMethod is the method of the request for a registration token.
func (r Repository) TokenMethod() string { return r.dialect().tokenMethod }

// isOnline reads a runner's status: GitHub's online or offline, Gitea's idle, active
// or offline.
func isOnline(status string) bool {
	return status == "online" || status == "idle" || status == "active"
}
