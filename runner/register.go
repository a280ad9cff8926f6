package main

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"coldstart/reports/hardware"
	"coldstart/reports/result"
	"coldstart/runner/console"
	"coldstart/runner/forge"
	prober "coldstart/runner/hardware"
	"coldstart/runner/registration"
)

// repositoryFlags are the options of commands that know the nodes of a repository.
type repositoryFlags struct {
	serverFlags
	matrix string
	web    string
}

func (f *repositoryFlags) addFlags(cmd *cobra.Command) {
	addMatrixFlag(cmd, &f.matrix)
	f.serverFlags.addFlags(cmd)
	cmd.Flags().StringVar(&f.web, "url", "",
		"address of the server for people and runners (default: derived from --api-url)")
}

func (f *repositoryFlags) repository() (forge.Repository, error) {
	repository, err := f.serverFlags.repository()
	if err == nil {
		repository, err = repository.WithWeb(f.web)
	}
	if err != nil {
		return repository, usageError{err}
	}
	return repository, nil
}

// runnerFlags are the options that name a runner on this machine.
type runnerFlags struct {
	repositoryFlags
	node string
	dir  string
}

func (f *runnerFlags) addFlags(cmd *cobra.Command) {
	f.repositoryFlags.addFlags(cmd)
	cmd.Flags().StringVar(&f.node, "node", "", "name of this machine in hardware-matrix.yaml")
	cmd.Flags().StringVar(&f.dir, "dir", "", "directory of the runner (default: "+registration.DefaultDir("NODE")+")")
}

func (f *runnerFlags) runner(user string) (registration.Runner, error) {
	repository, err := f.repository()
	if err != nil {
		return registration.Runner{}, err
	}
	if f.node == "" {
		return registration.Runner{}, usagef("name the node that this machine is: --node NAME")
	}
	node, err := openNode(f.matrix, f.node)
	if err != nil {
		return registration.Runner{}, err
	}
	runner, err := registration.NewRunner(node.Node, repository, f.dir, user)
	if err != nil {
		return runner, usageError{err}
	}
	return runner, nil
}

// registerOptions are the options of the command register.
type registerOptions struct {
	runnerFlags
	user       string
	tokenStdin bool
	archive    string
	sha256     string
	agent      string
	tokenArgv  bool
	ephemeral  bool
	noService  bool
	force      bool
	dryRun     bool
}

func newRegister(out *console.Console) *cobra.Command {
	o := &registerOptions{}
	cmd := &cobra.Command{
		Use:   "register --node NAME --repo OWNER/REPO",
		Short: "Make this machine a node's self-hosted runner",
		Long: `Make this machine the self-hosted runner of a node: download GitHub's runner,
verify it, register it with the node's labels from hardware-matrix.yaml, and have
systemd run it as a user of its own. --dry-run prints every step, and needs neither
root nor a token. Run it again to finish an interrupted registration, to change the
labels, or to update the runner, which keeps its registration; otherwise it changes
nothing, and never while a job runs.

The runner does not update itself, because that would disturb a measurement: run this
again once a month, since GitHub gives no jobs to a runner 30 days after a newer
release. coldstart status and coldstart doctor say when.

The token comes from the environment variable GITHUB_TOKEN and must be allowed to
administer the repository; a workflow's own token never is. A registration token will
do instead (GitHub's is valid for an hour): give it in RUNNER_REGISTRATION_TOKEN or on
standard input, and the runner with --runner-archive. Tokens are never arguments and
never written to a file.

Jobs see the service's variables, not those of a login shell. The last lines that this
command prints say where to add some, such as a PATH with CUDA's programs.

Gitea (an --api-url that ends in /api/v1) has a runner of its own: give its
act_runner with --agent. GitHub's rules about releases do not hold for it.`,
		Example: `  coldstart register --node n1 --repo me/vllm --dry-run
  sudo --preserve-env=GITHUB_TOKEN coldstart register --node n1 --repo me/vllm
  sudo coldstart register --node n1 --repo me/vllm --registration-token-stdin \
    --runner-archive ` + registration.ExampleArchive + ` <token`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd, out) },
	}
	o.addFlags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.user, "user", registration.DefaultUser, "user that jobs run as; made if it does not exist")
	flags.BoolVar(&o.tokenStdin, "registration-token-stdin", false, "read the registration token from standard input")
	flags.StringVar(&o.archive, "runner-archive", "", "GitHub's runner, a .tar.gz, instead of a download")
	flags.StringVar(&o.sha256, "runner-sha256", "", "SHA-256 that the runner's archive must have")
	flags.StringVar(&o.agent, "agent", "", "path of Gitea's act_runner, called gitea-runner since 1.0")
	flags.BoolVar(&o.tokenArgv, "token-in-argv", false,
		"give an old act_runner the token as an argument, which every user of this machine can read")
	flags.BoolVar(&o.ephemeral, "ephemeral", false, "make a runner for one job; register it again for the next")
	flags.BoolVar(&o.noService, "no-service", false, "write no systemd unit, and print how to start the runner")
	flags.BoolVar(&o.force, "force", false, "register even if this machine differs from the node or a job is running")
	flags.BoolVar(&o.dryRun, "dry-run", false, "print every step and change nothing")
	return cmd
}

func (o *registerOptions) run(cmd *cobra.Command, out *console.Console) error {
	runner, err := o.runner(o.user)
	if err != nil {
		return err
	}
	r := &registration.Registration{
		Runner: runner, System: registration.Local(), Out: out.Out, Token: githubToken(),
		Archive: o.archive, SHA256: o.sha256, Agent: o.agent, TokenInArgv: o.tokenArgv,
		Ephemeral: o.ephemeral, NoService: o.noService, Force: o.force,
		Check: nodeCheck(runner.Node),
	}
	if o.dryRun {
		_, err := fmt.Fprint(out.Out, r.Recipe())
		return err
	}
	if r.RegistrationToken, err = o.registrationToken(cmd); err != nil {
		return err
	}
	if err := runner.Repository.KeepsTokens(); err != nil {
		return usageError{err}
	}
	warnPublic(cmd.Context(), out, runner.Repository)
	return r.Run(cmd.Context())
}

func (o *registerOptions) registrationToken(cmd *cobra.Command) (forge.Token, error) {
	if o.tokenStdin {
		return forge.ReadToken(cmd.InOrStdin())
	}
	return forge.NewToken(os.Getenv("RUNNER_REGISTRATION_TOKEN")), nil
}

// nodeCheck compares the processors and memory of this machine with the node's. Everything
// else may change with an update.
func nodeCheck(node result.Node) registration.Check {
	return func(ctx context.Context) (mismatches []string) {
		here := hardware.Node{Name: node.Name, Declared: node.Declared, Probed: prober.Probe(ctx, prober.Options{})}
		for _, m := range here.Mismatches() {
			if m.Part == hardware.Processor || m.Part == hardware.Memory {
				mismatches = append(mismatches, m.String())
			}
		}
		return mismatches
	}
}
