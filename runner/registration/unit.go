package registration

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"strings"
	"text/template"
)

//go:embed unit.tmpl
var unitText string

var unitTemplate = template.Must(template.New("unit").Parse(unitText))

// unitOf is the text of the systemd unit that runs a program. NewRunner and forge.Repository
// refuse values with characters that have a meaning for systemd.
func unitOf(r *Registration) string {
	program := r.program()
	var b strings.Builder
	err := unitTemplate.Execute(&b, map[string]any{
		"Node": r.Node.Name, "URL": r.Repository.URL(), "User": r.User, "Dir": r.Dir,
		"Start": program.start(), "Lines": program.unitLines(), "Ephemeral": r.Ephemeral,
	})
	if err != nil {
		panic(fmt.Sprintf("the unit's template does not fit: %v", err)) // a test runs it
	}
	return b.String()
}

// installUnit writes the systemd unit. It takes effect at the runner's next start, so that
// no job is interrupted.
func (w *registrar) installUnit() step {
	text := unitOf(w.Registration)
	shell := append([]string{"cat >" + w.unitFile() + " <<'EOF'"}, strings.Split(strings.TrimSuffix(text, "\n"), "\n")...)
	return step{
		name:  "unit",
		does:  "Write the systemd unit " + w.unit(),
		shell: append(shell, "EOF", "chmod 644 "+w.unitFile(), "systemctl daemon-reload"),
		done: func(context.Context) bool {
			there, err := os.ReadFile(w.System.path(w.unitFile()))
			return err == nil && string(there) == text && w.now.has("unit")
		},
		do: func(ctx context.Context) error {
			if err := w.System.writeFile(w.unitFile(), []byte(text), 0o644); err != nil {
				return err
			}
			if err := w.System.verifyUnit(ctx, &w.Runner); err != nil {
				return err
			}
			return w.System.run(ctx, "systemctl", "daemon-reload")
		},
	}
}

// verifyUnit has systemd check the unit, if it has the tool. Problems of other units are
// ignored.
func (s *System) verifyUnit(ctx context.Context, r *Runner) error {
	if !s.Has("systemd-analyze") {
		return nil
	}
	output, err := s.Run(ctx, Command{Args: []string{"systemd-analyze", "verify", r.unitFile()}})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err := failed([]string{"systemd-analyze"}, output, err); err != nil {
		return err
	}
	if strings.Contains(output, r.unitFile()+":") {
		return fmt.Errorf("systemd refuses %s:\n%s", r.unitFile(), lastLines(output))
	}
	return nil
}

func (w *registrar) startUnit() step {
	enable := []string{"systemctl", "enable", "--now", w.unit()}
	return step{
		name:  "start",
		does:  "Start it, now and at every boot",
		shell: []string{Command{Args: enable}.String()},
		done: func(ctx context.Context) bool {
			return w.System.run(ctx, "systemctl", "is-enabled", "--quiet", w.unit()) == nil &&
				w.System.run(ctx, "systemctl", "is-active", "--quiet", w.unit()) == nil
		},
		do: func(ctx context.Context) error { return w.System.run(ctx, enable...) },
	}
}
