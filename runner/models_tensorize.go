package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"coldstart/runner/catalogue"
	"coldstart/runner/console"
	"coldstart/runner/engine/vllm"
	"coldstart/runner/lab"
	"coldstart/runner/lock"
	"coldstart/runner/models"
	"coldstart/runner/paper"
)

// modelsTensorize are the options of 'models tensorize'.
type modelsTensorize struct {
	modelsFlags
	environmentFlags
}

func newModelsTensorize(out *console.Console) *cobra.Command {
	o := &modelsTensorize{}
	cmd := &cobra.Command{
		Use:   "tensorize [MODEL…]",
		Short: "Copy models into the format of vLLM's tensorizer",
		Long: `Copy models with vLLM's tensorizer, as figure 14 loads them: MODEL into
MODEL-tensorized. vLLM loads each model to copy it, on the node's GPU and in the
environment that is measured, since a copy works only with the release that wrote
it. A copy that is there is kept. The copy of a stand-in is a stand-in.

Default: ` + strings.Join(paper.Catalogue().Tensorized(), ", ") + `.`,
		Example: `  coldstart models tensorize --node n1
  coldstart models tensorize yi-6b --models /models --environment vllm-0.20.2`,
		RunE: func(cmd *cobra.Command, keys []string) error { return o.run(cmd.Context(), out, keys) },
	}
	o.modelsFlags.addFlags(cmd)
	o.environmentFlags.addFlags(cmd)
	return cmd
}

func (o *modelsTensorize) run(ctx context.Context, out *console.Console, keys []string) error {
	dir, err := o.place()
	if err != nil {
		return err
	}
	if len(keys) == 0 {
		keys = paper.Catalogue().Tensorized()
	}
	installed, err := o.open(&o.modelsFlags)
	if err != nil {
		return err
	}
	held, err := lab.KeepMachine() // it would disturb a measurement
	if err != nil {
		return err
	}
	defer lock.Release(held)
	for _, key := range keys {
		folder := catalogue.TensorizedFolder(key)
		there, err := models.Copy(dir, key, folder, func(making string) error {
			out.Notef("%s: copying with vLLM's tensorizer", key)
			return vllm.Tensorize(ctx, installed, held, filepath.Join(dir, key), making)
		})
		var missing *models.MissingError
		switch {
		case ctx.Err() != nil:
			return fmt.Errorf("interrupted; nothing of %s was kept: run the same command again to continue", folder)
		case errors.As(err, &missing):
			return fmt.Errorf("%w; fetch it with 'coldstart models download %s --models %s', "+
				"or make a stand-in with 'coldstart models make'", err, key, dir)
		case err != nil:
			return err
		case there:
			out.Notef("%s: already there", folder)
		default:
			out.Notef("%s: made", folder)
		}
	}
	return nil
}
