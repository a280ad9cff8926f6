package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"coldstart/runner/console"
	"coldstart/runner/models"
)

func newModelsMake(out *console.Console) *cobra.Command {
	o := &modelsFlags{}
	cmd := &cobra.Command{
		Use:   "make MODEL…",
		Short: "Make stand-ins: models with random weights",
		Long: `Make stand-ins: folders with the shape of catalogue models (layers, widths, heads,
vocabulary, data type, files), random weights, and a tokenizer file of the original's
size. A stand-in that is there is kept, and an original is never overwritten. Dense
models can be made:
` + wrapped(models.Makeable()) + ".",
		Example: "  coldstart models make qwen-0.5b --models /models\n  coldstart models make llama3-3b yi-6b --node n1",
		RunE:    func(cmd *cobra.Command, keys []string) error { return o.make(cmd.Context(), out, keys) },
	}
	o.addFlags(cmd)
	return cmd
}

func (m *modelsFlags) make(ctx context.Context, out *console.Console, keys []string) error {
	dir, err := m.place()
	if err != nil {
		return err
	}
	if len(keys) == 0 {
		return usagef("name the models to make, from %s", strings.Join(models.Makeable(), ", "))
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("cannot make the directory of models: %w; choose another with --models", err)
	}
	size, err := models.ToMake(dir, keys)
	if err != nil {
		return err
	}
	if err := models.NeedRoom(dir, size); err != nil {
		return err
	}
	for _, key := range keys {
		if err := makeOne(ctx, out, dir, key); err != nil {
			return err
		}
	}
	return nil
}

func makeOne(ctx context.Context, out *console.Console, dir, key string) error {
	begun := time.Now()
	size, err := models.ToMake(dir, []string{key})
	if err != nil {
		return err
	}
	if size == 0 {
		out.Notef("%s: already there", key)
		return nil
	}
	shown := out.Transfer(key, size)
	err = models.Make(ctx, dir, key, shown.Set)
	shown.Stop()
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("interrupted; nothing of %s was kept: run the same command again to continue", key)
	case err != nil:
		return err
	}
	took, gb := time.Since(begun).Seconds(), float64(size)/1e9
	out.Notef("%s: %.1f GB of random weights made in %.1f s, %.1f GB/s", key, gb, took, gb/took)
	return nil
}

func newModelsRemove(out *console.Console) *cobra.Command {
	o := &modelsFlags{}
	cmd := &cobra.Command{
		Use:     "remove MODEL…",
		Short:   "Remove stand-ins and copies",
		Long:    "Remove models that 'models make' and 'models tensorize' made. Originals are kept.",
		Example: "  coldstart models remove yi-6b yi-6b-tensorized --models /models",
		RunE:    func(_ *cobra.Command, keys []string) error { return o.remove(out, keys) },
	}
	o.addFlags(cmd)
	return cmd
}

func (m *modelsFlags) remove(out *console.Console, keys []string) error {
	dir, err := m.place()
	if err != nil {
		return err
	}
	if len(keys) == 0 {
		return usagef("name the models to remove")
	}
	for _, key := range keys {
		if err := models.Remove(dir, key); err != nil {
			return err
		}
		out.Notef("%s: removed", key)
	}
	return nil
}
