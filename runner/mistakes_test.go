package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"coldstart/runner/console"
)

// A mistake ends with the exit code of its kind, and a line that says what is
// wrong, where, and what would be right.
func TestMistakes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	file := write("file", "no directory")
	badYAML := write("bad.yaml", "nodes: [n1\n")
	badKey := write("key.yaml", "default_node: n1\nnodes: {n1: {hardwear: {}}}\nfigures: {7: {nodes: [n1]}}\n")
	emptyLog := write("empty.log", "")
	cutLog := write("cut.log", "INFO 02-09 16:09:50.000 [a.py:1] Loading weights took 0.78 seconds\nINFO 02-09 16:09:51.000 [a.py:1] Model loading to")
	empty := filepath.Join(dir, "nothing")
	if err := os.Mkdir(empty, 0o755); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		args string
		code int
		err  string
	}{
		{"reproduce --figures 99", exitUsage, `there is no figure "99"; choose all, rest, or comma-separated numbers: 1,2,`},
		{"reproduce --figures 7 --nodes n9", exitUsage, `there is no node "n9"; the nodes are n1, n2, n3, n4`},
		{"reproduce --figures 10 --nodes n1", exitUsage, "figure 10 compares n1 and n2, but --nodes n1 leaves out n2; name both"},
		{"reproduce --engine warp", exitUsage, `there is no engine "warp"; choose one of replay, vllm`},
		{"reproduce --resume x", exitUsage, "--resume needs an engine that measures"},
		{"reproduce --engine vllm --figures 2 --nodes n1 --state " + dir + " --resume x", exitUsage, `has no session "x"`},
		{"reproduce --tiny", exitUsage, "--tiny needs an engine that measures, such as --engine vllm"},
		{"reproduce --engine vllm --figures 2,10", exitUsage, "engine vllm measures this machine, but the plan has the nodes n1, n2"},
		{"reproduce --engine vllm --figures 2 --nodes n1", exitUsage, "say where the models are: --models DIR"},
		{"reproduce --iterations 0", exitUsage, `--iterations must be a whole number from 1 to 1000, not "0"`},
		{"reproduce --iterations -1", exitUsage, `--iterations must be a whole number from 1 to 1000, not "-1"`},
		{"reproduce --engine vllm --nodes n1 --iterations 1001", exitUsage, `--iterations must be a whole number from 1 to 1000, not "1001"`},
		{"reproduce --engine vllm --nodes n1 --confidence 5% --max-iterations 1001", exitUsage, `--max-iterations must be a whole number from 1 to 1000, not "1001"`},
		{"reproduce --iterations 6", exitUsage, "a replay has at most 5 iterations, as many as the paper recorded, not 6"},
		{"reproduce --confidence 5%", exitUsage, "confidence needs an engine that measures"},
		{"reproduce --engine vllm --figures 2 --nodes n1 --confidence x", exitUsage, `--confidence must be a percentage above 0 and below 100, such as 5%, not "x"`},
		{"reproduce --engine vllm --figures 2 --nodes n1 --confidence 0", exitUsage, `--confidence must be a percentage above 0 and below 100, such as 5%, not "0"`},
		{"reproduce --engine vllm --figures 2 --nodes n1 --confidence nan", exitUsage, `--confidence must be a percentage above 0 and below 100, such as 5%, not "nan"`},
		{"reproduce --engine vllm --figures 2 --nodes n1 --confidence 150%", exitUsage, `must be a percentage above 0 and below 100, such as 5%, not "150%"`},
		{"reproduce --engine vllm --figures 2 --nodes n1 --confidence 5% --max-iterations 3", exitUsage, "max-iterations must be from iterations (5) to 1000, not 3"},
		{"reproduce --start serve", exitUsage, "--start serve needs an engine that measures: the runs that the paper recorded did not serve"},
		{"plan --engine vllm --start warp", exitUsage, `--start must be engine or serve, not "warp"`},
		{"plan --figurs 2", exitUsage, "coldstart plan has no option --figurs; did you mean --figures?\nTry 'coldstart plan --help'."},
		{"plan -z", exitUsage, "coldstart plan has no option -z\n"},
		{"plan --figures", exitUsage, "--figures needs a value"},
		{"plan --iterations x", exitUsage, `--iterations must be a whole number from 1 to 1000, not "x"`},
		{"reproduce --limit 5", exitUsage, `--limit must be a duration above 0, such as 30m or 90s, not "5"`},
		{"reproduce --speed fast", exitUsage, `--speed must be a number of 0 or more, not "fast"`},
		{"phases --json=x y", exitUsage, `--json must be true or false, not "x"`},
		{"models mak", exitUsage, `coldstart models has no command "mak"; did you mean make?` + "\nTry 'coldstart models --help'."},
		{"reproduce --speed nan", exitUsage, `--speed must be a number of 0 or more, not "nan"`},
		{"reproduce --engine vllm --figures 2 --nodes n1 --models " + dir + " --limit -5s", exitUsage, `--limit must be a duration above 0, such as 30m or 90s, not "-5s"`},
		{"predict --size-b nan --tokenizer-mb 8 --compiled-graph-kb 979", exitUsage, `--size-b must be a number above 0 and below a billion, not "nan"`},
		{"plan --engine vllm --environment nope", exitUsage, `there is no environment "nope"; choose one of vllm-0.10.1.1, `},
		{"reproduce --iterations x", exitUsage, `--iterations must be a whole number from 1 to 1000, not "x"`},
		{"reproduce --figure 7", exitUsage, "coldstart reproduce has no option --figure; did you mean --figures?"},
		{"reproduce 7", exitUsage, `coldstart reproduce takes no "7"`},
		{"reprodcue", exitUsage, `coldstart has no command "reprodcue"; did you mean reproduce?`},
		{"reproduce --out " + file, exitFailed, file},
		{"reproduce --out " + file + "/below", exitFailed, "choose another directory with --out"},
		{"reproduce --matrix " + dir + "/none.yaml", exitFailed, "none.yaml: no such file or directory; name another file with --matrix FILE"},
		{"plan --matrix " + badYAML, exitFailed, badYAML + ":1:"},
		{"plan --matrix " + badKey, exitFailed, badKey + `:2:14: unknown key "hardwear"`},
		{"plan --base=", exitUsage, "--base must be a commit, branch or tag, not empty"},
		{"measure --figure 2 --node n1 --base=", exitUsage, "--base must be a commit, branch or tag, not empty"},
		{"measure", exitUsage, "say which cell: --figure N --node NODE"},
		{"measure --figure all --node n1", exitUsage, `--figure takes one figure, not "all"`},
		{"measure --figure 2,7 --node n1", exitUsage, `--figure takes one figure, not "2,7"`},
		{"measure --figure 13 --node n1", exitUsage, "figure 13 has several roles on n1: choose --role case0 or case1"},
		{"measure --figure 10 --node n4", exitUsage, "figure 10 is not measured on n4"},
		{"report", exitUsage, "say where the results are: --from DIR"},
		{"report --from " + dir + "/none", exitFailed, "none: no such file or directory"},
		{"report --from " + empty, exitFailed, empty + ": no results found"},
		{"report --from " + cutLog, exitFailed, cutLog + " is a file; name the directory that holds it"},
		{"compare paper " + cutLog, exitFailed, "only " + cutLog + " holds start-up logs: compare logs with logs, or results with results"},
		{"compare " + cutLog + " go.mod", exitFailed, "go.mod:"},
		{"phases", exitUsage, "name at least one log"},
		{"phases " + dir + "/none.log", exitFailed, "none.log: no such file or directory"},
		{"phases " + empty, exitFailed, empty + ": no .log or .txt file in this directory"},
		{"phases " + emptyLog, exitFailed, emptyLog + ": the log is empty"},
		{"phases " + cutLog, exitFailed, cutLog + ":2: the start-up failed or the log was cut off: it ends after load_weights, before init_engine"},
		{"compare", exitUsage, `name the two results or logs to compare: compare A B, directories, logs or "paper"`},
		{"compare paper", exitUsage, "name the two results or logs to compare"},
		{"compare paper " + dir + "/none", exitFailed, `none: no such file or directory; name the directory that holds them`},
		{"report --from reports/examples/cpu/cached --out " + file, exitFailed, "cannot make the report's directory " + file + ": not a directory; choose another with --out"},
		{"setup --environment=", exitUsage, "--environment must be the name of an environment, not empty"},
		{"compare paper " + empty, exitFailed, empty + ": no results found"},
		{"compare " + empty + " " + cutLog, exitFailed, "; or a start-up log, or a directory of .log or .txt files"},
		{"compare paper paper --fail-above much", exitUsage, `--fail-above must be a percentage above 0 and below 1000, such as 5%, not "much"`},
		{"compare paper paper --fail-above -1%", exitUsage, `not "-1%"`},
		{"compare paper paper --phase front_end,load_weights", exitUsage, "front_end and load_weights are of two kinds"},
		{"compare paper paper --phase loading", exitUsage, `unknown phase "loading"; the phases are detect_platform, `},
		{"compare paper paper --set =", exitUsage, `--set must be NAME or NAME=NAME, not "="`},
		{"compare paper paper --set base", exitFailed, `A has no runs of a measurement set "base"; it has versions, `},
		{"comment --dry-run", exitUsage, "say where the results are: --from DIR"},
		{"comment --from x --repo me --pull 1", exitUsage, `--repo must be OWNER/REPO, not "me"`},
		{"comment --from x --repo me/it", exitUsage, "say which pull request: --pull N"},
		{"claims --as n4", exitUsage, `these results have the nodes n1, n2, n3: say which of them plays "n4", for example n1=n4`},
		{"claims --as n1=n4", exitUsage, `--as: the paper has no figure on a node "n4"; it has n1, n2, n3`},
		{"claims --as n9=n1", exitUsage, `--as: these results have no figure on a node "n9"; they have n1, n2, n3`},
		{"claims --as n1=n1,n2=n1", exitUsage, "--as: nodes n1 and n2 cannot both play n1"},
		{"claims --as n1=n1,n1=n2", exitUsage, "--as: node n1 cannot play both n1 and n2"},
		{"claims --from reports/examples/h200/start --as n7", exitUsage, `--as: the paper has no figure on a node "n7"`},
		{"report --from reports/examples/h200/start --as n7", exitUsage, `--as: the paper has no figure on a node "n7"`},
		{"comment --dry-run --from reports/examples/h200/start --as n7", exitUsage, `--as: the paper has no figure on a node "n7"`},
		{"claims --from " + empty, exitFailed, empty + ": no results found"},
		{"predict", exitUsage, "describe the model: --model MODEL, or --weights-gib or --size-b, --tokenizer-mb, and --compiled-graph-kb or --layers"},
		{"predict --weights-gib 15 --tokenizer-mb 8", exitUsage, "or --layers; not known: --compiled-graph-kb"},
		{"predict --weights-gib 15 --tokenizer-mb 8 --layers -1", exitUsage, `--layers must be a number above 0 and below a billion, not "-1"`},
		{"predict --weights-gib inf --tokenizer-mb 8 --layers 32", exitUsage, `--weights-gib must be a number above 0 and below a billion, not "inf"`},
		{"predict --published --weights-gib 15 --tokenizer-mb 8 --compiled-graph-kb 979", exitUsage, "not known: --size-b"},
		{"predict --model gpt-9", exitUsage, `the catalogue has no facts of a model "gpt-9"; it has qwen-0.5b, `},
		{"predict --model qwen-7b --size-b 3", exitUsage, "--model takes its facts from the folder or the catalogue: leave out --size-b"},
		{"predict --model qwen-7b --layers 3", exitUsage, "--model takes its facts from the folder or the catalogue: leave out --layers"},
		{"predict --size-b 7 --tokenizer-mb 1 --compiled-graph-kb 900 --batch-sizes 0", exitUsage, `--batch-sizes must be a whole number from 1 to 10000, not "0"`},
		{"remove --node n1 --wait -1h", exitUsage, `--wait must be a duration of 0 or more, such as 30m or 90s, not "-1h"`},
		{"comment --dry-run --from x --pull 0", exitUsage, `--pull must be a whole number from 1 to 2147483647, not "0"`},
	}
	for _, test := range tests {
		t.Run(test.args, func(t *testing.T) {
			got := coldstart(t, strings.Fields(test.args)...)
			if got.code != test.code || !strings.Contains(got.err, test.err) {
				t.Errorf("exit %d, want %d; error %q lacks %q", got.code, test.code, got.err, test.err)
			}
		})
	}
}

// Every command explains itself, with an example.
func TestHelp(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"", "reproduce", "plan", "measure", "report", "phases", "predict", "comment", "models", "models list", "models download", "models make", "models tensorize", "models remove"} {
		got := coldstart(t, append(strings.Fields(command), "--help")...)
		if got.code != exitDone || !strings.Contains(got.out, "Examples:\n  coldstart ") || got.err != "" {
			t.Errorf("%s --help: exit %d, error %q, output\n%s", command, got.code, got.err, got.out)
		}
	}
}

// On a terminal, neither the text nor the options of a help are wider than it, so that none breaks
// inside a word. Examples are to paste, and are not broken.
func TestHelpFitsTheTerminal(t *testing.T) {
	t.Parallel()
	const columns = 80
	for _, command := range newRoot(console.New(io.Discard, io.Discard)).Commands() {
		got := onScreen(t, columns, command.Name(), "--help")
		text, options, _ := strings.Cut(got.out, "\nUsage:\n")
		_, options, found := strings.Cut(options, "\nFlags:\n")
		if got.code != exitDone || !found {
			t.Errorf("%s: exit %d: %s", command.Name(), got.code, got.out)
		}
		for line := range strings.Lines(text + "\n" + options) {
			if line = strings.TrimSuffix(line, "\n"); utf8.RuneCountInString(line) > columns {
				t.Errorf("%s: %q is wider than %d columns", command.Name(), line, columns)
			}
		}
	}
	for text, want := range map[string]string{
		"one\ntwo\n\nthree":                  "one two\n\nthree",
		"one two three four":                 "one two\nthree four",
		"first:\n\n\tkept as it is, whole\n": "first:\n\n\tkept as it is, whole\n",
	} {
		if got := filled(text, 10); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// Results of another session are left alone.
func TestReproduceKeepsOtherSessions(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	plan := `{"schema": 1, "session": "tuesday", "engine": "vllm"}`
	path := filepath.Join(dir, "plan.json")
	if err := os.WriteFile(path, []byte(plan), 0o644); err != nil {
		t.Fatal(err)
	}
	got := coldstart(t, "reproduce", "--out", dir)
	if got.code != exitFailed || !strings.Contains(got.err, "holds session tuesday of engine vllm: continue it with --resume tuesday, choose another directory with --out") {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
	if left, _ := os.ReadFile(path); string(left) != plan {
		t.Errorf("plan.json became %s", left)
	}
}
