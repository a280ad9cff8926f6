package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"coldstart/reports/table"
	"coldstart/runner/console"
	"coldstart/runner/lab"
)

// The guides are README.md and those beside the code.
func guides(t *testing.T) []string {
	t.Helper()
	examples, err := filepath.Glob("reports/examples/*/README.md")
	if err != nil || len(examples) == 0 {
		t.Fatalf("no guide of an example (%v)", err)
	}
	return append(examples, "README.md", "action/README.md", "runner/README.md", "reports/README.md",
		"reports/examples/README.md")
}

// guideColumns is the width of the terminal that the guides show.
const guideColumns = 128

// Every command of a guide's console blocks is run on a terminal, and prints the lines that
// the guide shows. The line … stands for any number of lines. A command without output is only run.
// Other blocks need a GPU or a network.
func TestGuidesAreRun(t *testing.T) {
	texts := make(map[string]string)
	for _, guide := range guides(t) {
		texts[guide] = readGuide(t, guide)
	}
	inCopy(t)
	for guide, text := range texts {
		t.Run(guide, func(t *testing.T) {
			for _, block := range consoleBlocks(text) {
				for _, shown := range strings.Split(block, "\n$ ")[1:] {
					command, output, _ := strings.Cut(shown, "\n")
					runShown(t, command, output)
				}
			}
		})
	}
}

// inCopy changes to a directory that has the repository's files with the paper's lab, and
// keeps what is written.
func inCopy(t *testing.T) {
	t.Helper()
	top, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, from := range map[string]string{"reports": "reports", "runner": "runner", lab.FileName: papersLab} {
		if err := os.Symlink(filepath.Join(top, from), filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	t.Setenv(lab.Variable, "")
}

// consoleBlocks are the fenced blocks of the language console, each after a line end.
func consoleBlocks(text string) (blocks []string) {
	for _, part := range strings.Split(text, "\n```console")[1:] {
		block, _, _ := strings.Cut(part, "\n```")
		blocks = append(blocks, block)
	}
	return blocks
}

// runShown runs a command as a guide shows it. It succeeds unless the guide shows an error.
func runShown(t *testing.T, command, output string) {
	t.Helper()
	words, isProgram := strings.CutPrefix(command, "coldstart ")
	if !isProgram {
		if words, isProgram = strings.CutPrefix(command, "go run ./runner "); !isProgram {
			t.Errorf("%q is no command of coldstart", command)
			return
		}
	}
	var both bytes.Buffer
	terminal := console.New(&both, &both)
	terminal.Screen = &table.Screen{Width: guideColumns}
	code := run(context.Background(), terminal, strings.Fields(words))
	printed := strings.Split(strings.TrimRight(both.String(), "\n"), "\n")
	if fails := strings.Contains(output, "coldstart: "); (code == exitDone) == fails {
		t.Errorf("%s\nexit code %d\n%s", command, code, &both)
	}
	if output = strings.TrimRight(output, "\n"); output != "" && !shows(strings.Split(output, "\n"), printed) {
		t.Errorf("%s\nprints\n%s\nand not\n%s", command, &both, output)
	}
}

// shows tells whether the shown lines are those that were printed.
func shows(shown, printed []string) bool {
	gap := false
	for _, line := range shown {
		if strings.TrimSpace(line) == "…" {
			gap = true
			continue
		}
		at := slices.Index(printed, line)
		if at < 0 || at > 0 && !gap {
			return false
		}
		printed, gap = printed[at+1:], false
	}
	return gap || len(printed) == 0
}

func TestShows(t *testing.T) {
	t.Parallel()
	printed := []string{"one", "two", "three"}
	for shown, want := range map[string]bool{
		"one two three": true, "… three": true, "one …": true, "one … three": true, "…": true,
		"one two": false, "two three": false, "… two": false, "one three": false, "one four …": false,
		"… two one …": false,
	} {
		if got := shows(strings.Fields(shown), printed); got != want {
			t.Errorf("%s: %t", shown, got)
		}
	}
}

var linked = regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)

// Files that the guides link to are there.
func TestGuidesLink(t *testing.T) {
	t.Parallel()
	for _, guide := range guides(t) {
		for _, link := range linked.FindAllStringSubmatch(readGuide(t, guide), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(guide), link[1])); err != nil {
				t.Errorf("%s: %v", guide, err)
			}
		}
	}
}

// README.md has every command of the program.
func TestReadmeHasCommands(t *testing.T) {
	t.Parallel()
	readme := readGuide(t, "README.md")
	for _, command := range newRoot(console.New(io.Discard, io.Discard)).Commands() {
		if name := command.Name(); name != "help" && !strings.Contains(readme, "`"+name+"`") {
			t.Errorf("README.md lacks the command %s", name)
		}
	}
}

func readGuide(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
