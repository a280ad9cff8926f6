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
	"coldstart/runner/paper"
)

func newModelsMake(out *console.Console) *cobra.Command {
	o := &modelsFlags{}
	cmd := &cobra.Command{
		Use:   "make MODEL…",
		Short: "Make models of the catalogue's shapes with random weights",
		Long: `Make stand-ins: folders with the shape of catalogue models (layers, widths, heads,
vocabulary, type, files as usual), random weights, and a tokenizer whose file has
the size of the original's. One that is there is left as it is, and an original is
never overwritten. Dense models can be made:
` + makeable(),
		Example: "  coldstart models make qwen-0.5b --models /models\n  coldstart models make llama3-3b yi-6b --node n1",
		RunE:    func(cmd *cobra.Command, keys []string) error { return o.make(cmd.Context(), out, keys) },
	}
	o.addFlags(cmd)
	return cmd
}

func makeable() string {
	keys := models.Makeable()
	half := (len(keys) + 1) / 2
	return strings.Join(keys[:half], ", ") + ",\n" + strings.Join(keys[half:], ", ") + "."
}

func (m *modelsFlags) make(ctx context.Context, out *console.Console, keys []string) error {
	dir, err := m.place()
	if err != nil {
		return err
	}
	if len(keys) == 0 {
		return usagef("name the models to make: of %s", strings.Join(models.Makeable(), ", "))
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
	shown := out.Transfer(key, size)
	made, err := models.Make(ctx, dir, key, tokenizerMB(key), shown.Set)
	shown.Stop()
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("interrupted; of %s nothing was kept, and the same command goes on", key)
	case err != nil:
		return err
	}
	took := time.Since(begun).Seconds()
	what := fmt.Sprintf("made in %.1f s, %.1f GB/s", took, float64(made.Bytes)/1e9/took)
	if made.There {
		what = "is there"
	}
	out.Notef("%s: %.1f GB of random weights in its shape, %s", key, float64(made.Bytes)/1e9, what)
	return nil
}

// tokenizerMB is the size of a model's tokenizer file, 10^6 bytes.
func tokenizerMB(key string) float64 {
	m, _ := paper.Model(key) // one that it lacks is refused by Make
	return m.TokenizerMB
}

func newModelsRemove(out *console.Console) *cobra.Command {
	o := &modelsFlags{}
	cmd := &cobra.Command{
		Use:     "remove MODEL…",
		Short:   "Remove stand-ins and copies",
		Long:    "Remove what 'models make' and 'models tensorize' made. Others are left alone.",
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
