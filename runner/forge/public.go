package forge

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// askingPublic bounds the question whether a repository is public: no command waits for it.
const askingPublic = 10 * time.Second

// PublicWarning says what strangers can run on the runners of a public repository, and what
// prevents it. It is empty for a private repository. Without a token that may be sent, it
// asks as a stranger.
func PublicWarning(ctx context.Context, by *http.Client, of Repository, token Token) (string, error) {
	ctx, stop := context.WithTimeout(ctx, askingPublic)
	defer stop()
	if of.KeepsTokens() != nil {
		token = Token{}
	}
	client, err := newClient(by, of, token)
	if err != nil {
		return "", err
	}
	found, _, err := client.github.Repositories.Get(ctx, of.Owner, of.Name)
	if err == nil && found.Private == nil {
		err = notTheAPI
	}
	switch {
	case token.IsZero() && (isStatus(err, http.StatusNotFound) || isStatus(err, http.StatusUnauthorized)):
		return "", nil // strangers see nothing
	case err != nil:
		return "", client.explain("learn whether it is public", err)
	case found.GetPrivate():
		return "", nil
	}
	return fmt.Sprintf(publicly, of, of.dialect().strangers), nil
}

// publicly takes the repository, and what its server does with strangers' pull requests.
const publicly = `%s is public. Its runners run code of strangers: a pull request from a fork brings its own
workflow files, and no condition or label in your workflows can keep it off.
%s
To measure a pull request from a fork, read it, then dispatch the workflow on the default branch with its
number and the commit that you read.`
