package registration

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"strings"
	"time"

	"coldstart/runner/forge"
)

// official is GitHub's runner.
type official struct{ *Registration }

func (official) kind() string { return "actions/runner" }

// architectures are GitHub's names by Go's.
var architectures = map[string]string{"amd64": "x64", "arm64": "arm64"}

func (a official) possible() error {
	switch {
	case a.Agent != "":
		return fmt.Errorf("--agent is for Gitea, whose API ends in /api/v1; %s is GitHub's, "+
			"whose runner is downloaded or given with --runner-archive", a.Repository.API)
	case a.Archive != "":
		return nil
	case architectures[a.System.Arch] == "":
		return fmt.Errorf("GitHub has no runner for %s, only for amd64 and arm64", a.System.Arch)
	case a.Token.IsZero():
		return errors.New("asking the API for the runner's address takes a token in GITHUB_TOKEN: " +
			"give one, or the runner with --runner-archive")
	}
	return nil
}

func (a official) recipe(fresh string) (does string, shell []string) {
	archive := a.beside(".tar.gz")
	verify := "echo %s " + archive + " | sha256sum -c, or stop here"
	if a.Archive == "" {
		shell = []string{
			fmt.Sprintf("GET %s (authorized by GITHUB_TOKEN): the entry with os linux, architecture %s",
				a.Repository.Endpoint("/downloads"), cmp.Or(architectures[a.System.Arch], a.System.Arch)),
			"curl -L -o " + archive + " DOWNLOAD_URL",
			fmt.Sprintf(verify, "SHA256_CHECKSUM"),
		}
	} else {
		shell = []string{"cp " + quoted(a.Archive) + " " + archive}
		if a.SHA256 != "" {
			shell = append(shell, fmt.Sprintf(verify, a.SHA256))
		}
	}
	shell = append(shell, "install -d -m 750 "+fresh,
		"tar -xzf "+archive+" --no-same-owner -C "+fresh+", or stop if anything in it leads out")
	shell = append(append(shell, a.handOver(fresh)...), "rm "+archive)
	return fmt.Sprintf("Unpack GitHub's runner to %s, for %s alone", a.Dir, a.User), shell
}

// listener is the program within GitHub's runner that waits for jobs.
const listener = "bin/Runner.Listener"

func (a official) put(ctx context.Context, into *os.Root, now *state) error {
	from, err := a.source(ctx)
	if err != nil {
		return err
	}
	archive := a.beside(".tar.gz")
	sum, err := a.System.get(ctx, from, archive)
	if err != nil {
		return err
	}
	defer os.Remove(a.System.path(archive))
	file, err := os.Open(a.System.path(archive))
	if err != nil {
		return err
	}
	defer file.Close()
	if err := (unpacker{into}).unpack(file); err != nil {
		return fmt.Errorf("%s: %w", from.place(), err)
	}
	for _, script := range []string{"config.sh", "run.sh"} {
		if _, err := into.Stat(script); err != nil {
			return fmt.Errorf("%s is not an archive of GitHub's runner: it has no %s", from.place(), script)
		}
	}
	now.SHA256 = sum
	return runsOn(a.System.Arch, into, listener)
}

// update compares the archive that was given by its hash, and else the server's release.
func (a official) update(ctx context.Context, installed *state, release string) (bool, error) {
	if a.Archive != "" {
		file, err := os.Open(a.Archive)
		if err != nil {
			return false, err
		}
		defer file.Close()
		sum, err := hashOf(file)
		return sum != installed.SHA256, err
	}
	if a.Token.IsZero() {
		return false, nil
	}
	from, err := a.source(ctx)
	return older(release, releaseIn.FindString(from.Name)), err
}

func (official) version() []string { return []string{"./" + listener, "--version"} }

func (a official) accepts(ctx context.Context, release string, built time.Time) error {
	says := a.unregistrable(release)
	refused := says != ""
	if a.Archive != "" { // the server offers none that is outdated
		var server *forge.Client
		if !a.Token.IsZero() {
			var err error
			if server, err = forge.NewClient(a.System.HTTP, a.Repository, a.Token); err != nil {
				return err
			}
		}
		says, refused = a.System.trouble(ctx, &a.Runner, server, release, built)
	}
	if refused {
		return errors.New(says + "; give a newer one with --runner-archive, or a token in GITHUB_TOKEN to download one")
	}
	if says != "" {
		fmt.Fprintf(a.Out, "warning: %s\n", says)
	}
	return nil
}

// source is where GitHub's runner comes from.
func (a official) source(ctx context.Context) (source, error) {
	if a.Archive != "" {
		return source{forge.Download{Name: path.Base(a.Archive), SHA256: a.SHA256}, a.Archive}, nil
	}
	client, err := forge.NewClient(a.System.HTTP, a.Repository, a.Token)
	if err != nil {
		return source{}, err
	}
	from, err := client.Download(ctx, architectures[a.System.Arch])
	if err != nil {
		return source{}, err
	}
	from.SHA256 = cmp.Or(a.SHA256, from.SHA256)
	switch {
	case from.SHA256 == "":
		return source{}, errors.New("the server names no SHA-256 of the runner: " +
			"give the one in its release notes with --runner-sha256")
	case strings.HasPrefix(a.Repository.API, "https:") && !strings.HasPrefix(from.URL, "https:"):
		return source{}, errors.New("the runner's address at the server is not https: give the archive with --runner-archive")
	}
	return source{Download: from}, nil
}

func (a official) labels() []string { return labelsOf(a.Node) }

// register replaces a runner of the same name, which the server may know after an
// interruption. It turns updates off: the runner would download and unpack a release of
// 200 MB as soon as the server has one, in the midst of a job and so of a measurement, and
// two measurements of one lab would run under different runners. An update is the
// administrator's act instead: the same register command, while the runner is idle.
func (a official) register() []string {
	args := []string{"./config.sh", "--unattended", "--url", a.Repository.URL(), "--name", a.Node.Name,
		"--labels", strings.Join(a.labels(), ","), "--work", "_work", "--replace", "--disableupdate"}
	if a.Ephemeral {
		args = append(args, "--ephemeral")
	}
	return args
}

// officialVariable: the runner also reads each input from a variable with this prefix, and
// removes that from its environment.
const officialVariable = "ACTIONS_RUNNER_INPUT_TOKEN"

func (official) tokenNote() string { return inEnvironment(officialVariable) }

func (a official) tokenRule() string {
	return fmt.Sprintf("a registration token is valid for an hour, and for %s alone", a.Repository)
}

func (official) tokenVariable(context.Context, *Account) (string, error) {
	return officialVariable, nil
}

func (official) replace(context.Context) error { return nil }

// files: a runner that the server moved elsewhere leaves the migrated ones.
func (official) files() (sure, all []string) {
	sure = []string{".runner", ".credentials"}
	return sure, append(sure, ".credentials_rsaparams", ".runner_migrated", ".credentials_migrated")
}

func (a official) start() string { return a.Dir + "/run.sh" }

// jobsEnvironment: only the service of GitHub's own scripts reads .path.
func (a official) jobsEnvironment() string {
	return "write lines NAME=VALUE to " + a.Dir + "/.env"
}

func (official) unitLines() []string {
	return []string{
		"# run.sh passes a stop on to the runner only if this is set.",
		"Environment=RUNNER_MANUALLY_TRAP_SIG=1",
		"# It exits with 143 after a stop, which is no failure.",
		"SuccessExitStatus=143",
		"# It exits with 7 if GitHub accepts its release no longer: a restart would not help.",
		"Environment=ACTIONS_RUNNER_RETURN_VERSION_DEPRECATED_EXIT_CODE=1",
		"RestartPreventExitStatus=" + deprecatedExit,
	}
}
