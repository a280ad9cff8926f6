package comment

import (
	"fmt"
	"net/http"

	"coldstart/reports/forge"
)

// remedies are what a person can do about the API's refusals.
var remedies = forge.Remedies{
	http.StatusUnauthorized: "give a valid token in GITHUB_TOKEN",
	http.StatusForbidden: "the token lacks the permission to write to pull requests. In a workflow, the job needs 'permissions: pull-requests: write', " +
		"which a run for a fork never gets; a fine-grained token needs 'Pull requests: read and write', a classic one the scope 'repo'",
	http.StatusNotFound: "there is no such pull request, or the token may not see it. In a workflow, the job needs 'permissions: pull-requests: write'; " +
		"other tokens must have been given access to the repository",
}

// explain says what happened and what a person can do about it, without the
// requests in between.
func (p Place) explain(err error) error {
	return fmt.Errorf("cannot comment on %s/%s#%d: %w", p.Owner, p.Repo, p.Number, forge.Explain(err, remedies))
}
