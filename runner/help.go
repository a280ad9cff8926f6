package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"coldstart/reports/table"
)

// fitHelp makes the help of a command and those below it fit a width, in columns.
func fitHelp(root *cobra.Command, width int) {
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(),
		"Flags.FlagUsages ", fmt.Sprintf("Flags.FlagUsagesWrapped %d ", width)))
	help := root.HelpFunc()
	root.SetHelpFunc(func(cmd *cobra.Command, args []string) {
		cmd.Long = filled(cmd.Long, width)
		help(cmd, args)
	})
}

// filled is a text whose paragraphs have lines as long as a width allows. A paragraph that has
// an indented line keeps its lines.
func filled(text string, width int) string {
	paragraphs := strings.Split(text, "\n\n")
	for i, paragraph := range paragraphs {
		if !strings.HasPrefix(paragraph, "\t") && !strings.Contains(paragraph, "\n ") && !strings.Contains(paragraph, "\n\t") {
			paragraphs[i] = table.Wrap(strings.ReplaceAll(paragraph, "\n", " "), width)
		}
	}
	return strings.Join(paragraphs, "\n\n")
}
