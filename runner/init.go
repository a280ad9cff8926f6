package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"coldstart/reports/result"
	"coldstart/runner/console"
	"coldstart/runner/lab"
)

// initOptions are the options of the command init.
type initOptions struct {
	probeFlags
	lab.Draft
	file string
}

func newInit(out *console.Console) *cobra.Command {
	o := &initOptions{}
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write a lab file for this machine",
		Long: `Write ` + lab.FileName + ` with this machine as its only node: its hardware as found,
its models, its Python environment, and every figure that needs no second machine.
A file that is there already is not touched, unless it is the paper's lab, unchanged.`,
		Example: "  coldstart init\n  coldstart init --node h100 --models /data/models --environment vllm-0.20.2",
		Args:    noArguments,
		RunE:    func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), out) },
	}
	o.addFlags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.Node, "node", "", "name of the node (default: this machine's)")
	flags.StringVar(&o.Environment, "environment", "",
		"Python environment that it measures in (default: the paper's, or without a GPU "+lab.WithoutGPU+")")
	flags.StringVar(&o.file, "matrix", lab.FileName, "file to write")
	return cmd
}

func (o *initOptions) run(ctx context.Context, out *console.Console) error {
	if err := o.fill(); err != nil {
		return err
	}
	o.Probed = o.probe(ctx)
	text, err := o.Text()
	if err != nil {
		return err
	}
	if err := writeNew(o.file, text); err != nil {
		return err
	}
	return o.tell(out)
}

// fill sets what was not named.
func (o *initOptions) fill() (err error) {
	if o.Node == "" {
		if o.Node, err = thisNode(); err != nil {
			return err
		}
	}
	if o.models != "" {
		if info, err := os.Stat(o.models); err != nil || !info.IsDir() {
			return usagef("--models: there is no directory %s", o.models)
		}
		o.Models, err = filepath.Abs(o.models)
	}
	if o.python != "" {
		if _, err := exec.LookPath(o.python); err != nil {
			return usagef("--python: there is no program %s", o.python)
		}
	}
	return err
}

var unfit = regexp.MustCompile(`[^a-z0-9._-]+`)

// thisNode is the node that this machine is by its name.
func thisNode() (name string, err error) {
	host, err := os.Hostname()
	if err != nil {
		err = fmt.Errorf("this machine has no name: %w; name the node with --node", err)
	}
	return nodeName(host), err
}

// nodeName makes a runner's label of a machine's name.
func nodeName(host string) string {
	host, _, _ = strings.Cut(strings.ToLower(host), ".")
	return cmp.Or(strings.Trim(unfit.ReplaceAllString(host, "-"), "._-"), "node")
}

// writeNew writes a lab's file where there is none, or only the paper's.
func writeNew(path string, text []byte) error {
	switch earlier, err := os.ReadFile(path); {
	case err == nil && !lab.IsPapers(earlier):
		return fmt.Errorf("%s is there already; write another file with --matrix FILE", path)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("cannot read the lab's file: %w", err)
	}
	if err := result.WriteFile(path, text); err != nil {
		return fmt.Errorf("cannot write the lab's file: %w", err)
	}
	return nil
}

// tell says what was written, and what comes next.
func (o *initOptions) tell(out *console.Console) error {
	gpu := cmp.Or(o.Probed.Declared().GPU, "unknown")
	_, err := fmt.Fprintf(out.Out, `Wrote %s: node %s, GPU %s.

Next:
  coldstart setup --environment %s%s
  coldstart reproduce --engine vllm --nodes %s --figures 2 --tiny%s
`, o.file, o.Node, gpu, o.MeasuresIn(), o.option(), o.Node, o.option())
	return err
}

// option names the file to other commands where they would not find it.
func (o *initOptions) option() string {
	if filepath.Clean(o.file) == lab.FileName {
		return ""
	}
	return " --matrix " + o.file
}
