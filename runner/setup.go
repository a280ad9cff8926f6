package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"coldstart/reports/table"
	"coldstart/runner/console"
	"coldstart/runner/environment"
	"coldstart/runner/lab"
)

// setup are the options of the command of that name.
type setup struct {
	environments []string
	dir          string
	matrix       string
	renew        bool
	json         bool
}

func newSetup(out *console.Console) *cobra.Command {
	o := &setup{}
	cmd := &cobra.Command{
		Use:   "setup [--environment NAME]…",
		Short: "Make the Python environments that vLLM runs in",
		Long: `Make the Python environments that vLLM runs in, with uv. If there is no uv, python3
installs one beside the environments first. A complete environment is verified and
reused, an incomplete one is made anew, and nothing is kept of one that fails. Before
packages are installed, their number and size are shown, as uv and the index tell them.

The default is ` + environment.Default + `, the paper's for all figures but the first.
coldstart comes with
` + wrapped(environment.Catalogue().Names()) + `.
Add your own under environments: in hardware-matrix.yaml. If one names the interpreter
of an existing Python, nothing is installed: its packages are recorded, and verified
before each measurement.`,
		Example: `  coldstart setup
  coldstart setup --environment cpu      # no GPU needed
  coldstart setup --environment vllm-0.3.1 --environment vllm-0.4.0 --dir /scratch/environments`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), out) },
	}
	flags := cmd.Flags()
	flags.StringSliceVar(&o.environments, "environment", []string{environment.Default},
		"environment to make; may be repeated")
	flags.StringVar(&o.dir, "dir", "",
		"directory of environments (default: coldstart/environments in your cache directory)")
	addMatrixFlag(cmd, &o.matrix)
	flags.BoolVar(&o.renew, "renew", false, "make the environments anew even if they are there")
	flags.BoolVar(&o.json, "json", false, "print the installed packages as JSON")
	return cmd
}

// wrapped is names, comma-separated, in lines of a help text's width.
func wrapped(names []string) string {
	const width = 84
	text, column := "", 0
	for i, name := range names {
		switch column += len(name) + len(", "); {
		case i == 0:
		case column > width:
			text, column = text+",\n", len(name)
		default:
			text += ", "
		}
		text += name
	}
	return text
}

func (o *setup) run(ctx context.Context, out *console.Console) error {
	wanted, err := o.declared()
	if err != nil {
		return err
	}
	store, err := (&lab.Host{EnvironmentsDir: o.dir}).Store()
	if err != nil {
		return err
	}
	var made []*environment.Record
	for _, e := range wanted {
		record, err := o.make(ctx, out, store, e)
		if err != nil {
			return err
		}
		made = append(made, record)
	}
	if !o.json {
		return nil
	}
	encoder := json.NewEncoder(out.Out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(made)
}

// declared are the named environments, as hardware-matrix.yaml or the catalogue declares
// them.
func (o *setup) declared() (wanted environment.List, err error) {
	if len(o.environments) == 0 { // as of a variable that is not set
		return nil, usagef("--environment must be the name of an environment, not empty")
	}
	opened, err := lab.Open(o.matrix)
	if err != nil {
		return nil, err
	}
	for _, name := range o.environments {
		e, err := opened.Environment(name)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(wanted.Names(), name) {
			wanted = append(wanted, e)
		}
	}
	return wanted, nil
}

// make makes one environment, or opens the one that is there.
func (o *setup) make(
	ctx context.Context, out *console.Console, store environment.Store, e environment.Environment,
) (*environment.Record, error) {
	begun, made := time.Now(), false
	options := environment.Options{Renew: o.renew, Progress: func(line string) {
		made = true
		out.Notef("%s: %s", e.Name, line)
	}}
	installed, err := store.Setup(ctx, e, options)
	if err != nil {
		return nil, err
	}
	what := "already there and unchanged"
	switch {
	case made && e.Interpreter != "":
		what = "recorded"
	case made:
		what = fmt.Sprintf("made in %.0f s", time.Since(begun).Seconds())
	}
	out.Notef("%s: %s: %s, sha256 %.12s…, %s", e.Name, what,
		table.Count(len(installed.Record.Packages), "package"), installed.Record.SHA256, installed.Python())
	return installed.Record, nil
}
