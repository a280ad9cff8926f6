package main

import (
	"github.com/spf13/cobra"

	"coldstart/reports/result"
	"coldstart/runner/console"
	"coldstart/runner/lab"
)

// writersFlag names the file that declares the nodes of the logs that a command reads. Only
// logs that coldstart did not measure need one.
type writersFlag struct{ matrix string }

func (w *writersFlag) addWritersFlag(cmd *cobra.Command) {
	const use = "file that declares the nodes of logs laid out as the paper's artifact " +
		"(default: none, and no hardware is shown)"
	cmd.Flags().StringVar(&w.matrix, "matrix", "", use)
}

// read reads results of either layout.
func (w *writersFlag) read(out *console.Console, from string) (*result.Results, error) {
	results, notes, err := lab.Results(from, w.matrix)
	out.Notes(notes)
	return results, err
}

// readOrPaper reads results, or the paper's if there is no directory of them.
func (w *writersFlag) readOrPaper(out *console.Console, from string) (*result.Results, error) {
	if from == "" {
		return lab.Paper()
	}
	return w.read(out, from)
}
