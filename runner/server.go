package main

import (
	"context"
	"os"

	"github.com/spf13/cobra"

	"coldstart/runner/console"
	"coldstart/runner/forge"
)

// serverFlags are the options that name the repository and its server.
type serverFlags struct {
	repo     string
	api      string
	insecure bool
}

func (f *serverFlags) addFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.repo, "repo", os.Getenv("GITHUB_REPOSITORY"), "repository, OWNER/REPO")
	flags.StringVar(&f.api, "api-url", os.Getenv("GITHUB_API_URL"), "address of the server's API (default: github.com's)")
	flags.BoolVar(&f.insecure, "insecure-http", false,
		"send tokens over http, where everybody on the way to the server can read them")
}

func (f *serverFlags) repository() (forge.Repository, error) {
	repository, err := forge.NewRepository(f.repo, f.api)
	repository.InsecureHTTP = f.insecure
	return repository, err
}

// githubToken is the token that asks the API. No child process inherits it.
func githubToken() forge.Token { return forge.NewToken(os.Getenv("GITHUB_TOKEN")) }

// warnPublic warns if strangers can run code on the repository's runners.
func warnPublic(ctx context.Context, out *console.Console, of forge.Repository) {
	warning, err := forge.PublicWarning(ctx, forge.Retrying(nil), of, githubToken())
	switch {
	case err != nil:
		out.Notef("warning: it is unknown whether strangers can run code on the runners: %v", err)
	case warning != "":
		out.Notef("WARNING: %s", warning)
	}
}
