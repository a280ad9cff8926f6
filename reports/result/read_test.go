package result_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/result"
	"coldstart/reports/testkit"
)

// Plans and cells are found anywhere below a directory.
func TestReadFindsResults(t *testing.T) {
	tests := []struct {
		name string
		lay  func(t *testing.T, root string) (dir string)
	}{
		{"a session's own directory", func(t *testing.T, root string) string {
			measure(t, root, smallPlan("s1"), noon, 2)
			return root
		}},
		{"a directory of job artifacts, the plan copied into each", func(t *testing.T, root string) string {
			for _, artifact := range []string{"coldstart-plan", "coldstart-figure7-n1", "coldstart-hardware-n1"} {
				if _, err := result.Create(filepath.Join(root, artifact), smallPlan("s1")); err != nil {
					t.Fatal(err)
				}
			}
			measure(t, filepath.Join(root, "coldstart-figure7-n1"), smallPlan("s1"), noon, 2)
			return root
		}},
		{"a cell without a plan beside it", func(t *testing.T, root string) string {
			measure(t, filepath.Join(root, "z", "cell"), smallPlan("s1"), noon, 2)
			if err := os.Rename(filepath.Join(root, "z", "cell", "plan.json"), filepath.Join(root, "z", "plan.json")); err != nil {
				t.Fatal(err)
			}
			return root
		}},
		{"a directory that is named like that of logs", func(t *testing.T, root string) string {
			measure(t, filepath.Join(root, "logs"), smallPlan("s1"), noon, 2)
			return filepath.Join(root, "logs")
		}},
		{"a link to a directory", func(t *testing.T, root string) string {
			measure(t, filepath.Join(root, "out-1"), smallPlan("s1"), noon, 2)
			if err := os.Symlink("out-1", filepath.Join(root, "latest")); err != nil {
				t.Skip(err)
			}
			return filepath.Join(root, "latest")
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			results, err := result.Read(test.lay(t, t.TempDir()))
			if err != nil {
				t.Fatal(err)
			}
			if got := profiled(t, results); got != 2 {
				t.Errorf("the run took %v s, want 2", got)
			}
			if len(results.Warnings) > 0 {
				t.Errorf("warnings %q", results.Warnings)
			}
		})
	}
}

// Plans of one session, each with some of its figures, are joined.
func TestReadJoinsPlans(t *testing.T) {
	root := t.TempDir()
	measure(t, filepath.Join(root, "a"), smallPlan("s1"), noon, 2)
	other := smallPlan("s1")
	other.Nodes = []result.Node{{Name: "n2"}}
	other.Cells = []result.Cell{{ID: "figure7-n2", Figure: "7", Node: "n2", Set: "models"}}
	other.Figures[0].Name = "figure7-n2"
	other.Figures[0].Nodes, other.Figures[0].Cells = map[string]string{"": "n2"}, map[string]string{"": "figure7-n2"}
	measure(t, filepath.Join(root, "b"), other, noon, 3)
	results, err := result.Read(root)
	if err != nil {
		t.Fatal(err)
	}
	want := smallPlan("s1")
	want.Nodes = append(want.Nodes, other.Nodes...)
	want.Cells = append(want.Cells, other.Cells...)
	want.Figures = append(want.Figures, other.Figures...)
	if diff := cmp.Diff(*want, results.Plan); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
	if len(results.Cells) != 2 || len(results.Warnings) > 0 {
		t.Errorf("%d cells, want 2; warnings %q", len(results.Cells), results.Warnings)
	}
}

// They are joined in the directory ".", too.
func TestReadJoinsPlansHere(t *testing.T) {
	root := t.TempDir()
	other := smallPlan("s1")
	other.Models = append(other.Models, result.Model{Key: "gamma"})
	measure(t, root, smallPlan("s1"), noon, 2)
	measure(t, filepath.Join(root, "b"), other, noon, 2)
	want, err := result.Read(root)
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(root)
	got, err := result.Read(".")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.Plan, got.Plan); diff != "" || len(got.Plan.Models) != 3 {
		t.Errorf("plan (-by its path +here):\n%s\n%d models, want 3", diff, len(got.Plan.Models))
	}
}

// Of several results of a cell, the latest attempt counts, and of those the newest.
func TestReadTakesTheNewest(t *testing.T) {
	later := noon.Add(time.Hour)
	tests := []struct {
		name       string
		old, newer resultOfCell
	}{
		{"finished later", resultOfCell{0, noon}, resultOfCell{0, later}},
		{"a later attempt", resultOfCell{1, noon}, resultOfCell{2, later}},
		{"a later attempt, by a clock that is behind", resultOfCell{1, later}, resultOfCell{2, noon}},
		{"a later attempt of an engine that replays", resultOfCell{1, time.Time{}}, resultOfCell{2, time.Time{}}},
	}
	for _, test := range tests {
		for _, folders := range [][2]string{{"a", "b"}, {"b", "a"}} {
			t.Run(test.name+", in "+folders[1], func(t *testing.T) {
				root := t.TempDir()
				attempt(t, filepath.Join(root, folders[0]), smallPlan("s1"), test.old.attempt, test.old.finished, 1)
				attempt(t, filepath.Join(root, folders[1]), smallPlan("s1"), test.newer.attempt, test.newer.finished, 2)
				results, err := result.Read(root)
				if err != nil {
					t.Fatal(err)
				}
				if got := profiled(t, results); got != 2 {
					t.Errorf("the run took %v s, want the newer result's 2", got)
				}
			})
		}
	}
}

// resultOfCell distinguishes the results of a cell.
type resultOfCell struct {
	attempt  int
	finished time.Time
}

// The plan alone can be read, from any directory above it.
func TestReadPlan(t *testing.T) {
	root := t.TempDir()
	if _, err := result.Create(filepath.Join(root, "coldstart-plan"), smallPlan("s1")); err != nil {
		t.Fatal(err)
	}
	got, err := result.ReadPlan(root)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(smallPlan("s1"), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var none *result.NoResultsError
	if _, err := result.ReadPlan(t.TempDir()); !errors.As(err, &none) {
		t.Errorf("an empty directory: %v, want a NoResultsError", err)
	}
}

// A cell that cannot be read is missing, with a warning that says which and why.
func TestReadLeavesCellsOut(t *testing.T) {
	cell := func(change func(c *result.CellResult)) string {
		c := &result.CellResult{Schema: result.Schema, Session: "s1", Engine: "vllm", Cell: smallPlan("s1").Cells[0]}
		change(c)
		text, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	tests := []struct {
		name, cell, want string
	}{
		{"broken JSON", "{\n \"schema\": 1,\n \"session\": s1\n}", "cell.json:3:13: invalid character 's' looking for beginning of value; the cell is left out"},
		{"cut off", "{\n \"schema\": 1,\n", "cell.json:2:14: unexpected end of JSON input; the cell is left out"},
		{"a text for a number", "{\"schema\":1,\n\"runs\":[{\"iteration\":\"one\"}]}", "cell.json:2:26: runs.iteration has the wrong type: string; the cell is left out"},
		{"an unknown phase", `{"schema":1,"runs":[{"seconds":{"coffee":1}}]}`, `cell.json:1:41: unknown phase "coffee"; the phases are detect_platform, `},
		{"no such time", `{"schema":1,"runs":[{"seconds":{"load_weights":1.7e308}}]}`, `cell.json: load_weights cannot take 1.7e+308 s; the cell is left out`},
		{"a time before the start", `{"schema":1,"runs":[{"seconds":{"load_weights":-1}}]}`, `cell.json: load_weights cannot take -1 s; the cell is left out`},
		{"no such time of a rank", `{"schema":1,"runs":[{"ranks":[{"part":"loading","seconds":{"Worker_TP0":1,"Worker_TP1":-1}}]}]}`,
			`cell.json: rank Worker_TP1 cannot take -1 s for loading; the cell is left out`},
		{"no ranks", `{"schema":1,"runs":[{"ranks":[{"part":"loading","seconds":{}}]}]}`,
			`cell.json: part "loading" of ranks must have the times of several; the cell is left out`},
		{"nothing in it", "", "cell.json:1:1: unexpected end of JSON input; the cell is left out"},
		{"another schema", `{"schema":7}`, "cell.json: schema 7, but this release of coldstart reads schema 1 only: use the release that wrote the file; the cell is left out"},
		{"another session", cell(func(c *result.CellResult) { c.Session = "s0" }), "cell.json: the cell belongs to session s0, but the plan to session s1; the cell is left out"},
		{"another engine", cell(func(c *result.CellResult) { c.Engine = "replay" }), "cell.json: the cell was measured with engine replay, but the plan is for engine vllm; the cell is left out"},
		{"another node", cell(func(c *result.CellResult) { c.Cell.Node = "n9" }), "cell.json: the cell measured set models on n9, but the plan has set models on n1; the cell is left out"},
		{"a run twice", cell(func(c *result.CellResult) {
			c.Runs = []result.Run{{Iteration: 1, Configuration: "alpha"}, {Iteration: 1, Configuration: "beta"}, {Iteration: 1, Configuration: "alpha"}}
		}), "cell.json: iteration 1 of alpha is there twice; the cell is left out"},
		{"an iteration before the warm-up", `{"schema":1,"session":"s1","engine":"vllm","cell":{"id":"figure7-n1","node":"n1","set":"models"},"runs":[{"iteration":-1,"configuration":"alpha"}]}`,
			"cell.json: iteration -1 of alpha is not from 0 to 1000; the cell is left out"},
		{"an iteration that nobody reaches", `{"schema":1,"session":"s1","engine":"vllm","cell":{"id":"figure7-n1","node":"n1","set":"models"},"runs":[{"iteration":4611686018427387904,"configuration":"alpha"}]}`,
			"cell.json: iteration 4611686018427387904 of alpha is not from 0 to 1000; the cell is left out"},
		{"samples above it", cell(func(c *result.CellResult) { c.CPUUsage = "../x" }), `cell.json: cpu_usage must name a file in the same folder, not "../x"; the cell is left out`},
		{"samples below it", cell(func(c *result.CellResult) { c.CPUUsage = "logs/x" }), `cell.json: cpu_usage must name a file in the same folder, not "logs/x"; the cell is left out`},
		{"samples anywhere", cell(func(c *result.CellResult) { c.CPUUsage = "/etc/passwd" }), `cell.json: cpu_usage must name a file in the same folder, not "/etc/passwd"; the cell is left out`},
		{"samples on another system's paths", cell(func(c *result.CellResult) { c.CPUUsage = `..\x` }), `cell.json: cpu_usage must name a file in the same folder, not "..\\x"; the cell is left out`},
		{"samples that are missing", cell(func(c *result.CellResult) { c.CPUUsage = "cpu_usage.csv" }), "cpu_usage.csv: no such file or directory; the cell is left out"},
		{"samples that are none", cell(func(c *result.CellResult) { c.CPUUsage = "cell.json" }), "cell.json:1:1: the first line must be time_s,core0,core1,…; the cell is left out"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			root := t.TempDir()
			if _, err := result.Create(root, smallPlan("s1")); err != nil {
				t.Fatal(err)
			}
			testkit.WriteFiles(t, root, map[string]string{"cells/figure7-n1/cell.json": test.cell})
			results, err := result.Read(root)
			if err != nil {
				t.Fatal(err)
			}
			if len(results.Cells) > 0 {
				t.Errorf("the cell counts: %+v", results.Cells)
			}
			if len(results.Warnings) != 1 || !strings.Contains(results.Warnings[0], test.want) || !strings.Contains(results.Warnings[0], root) {
				t.Errorf("warnings %q\nlack %s", results.Warnings, test.want)
			}
		})
	}
}

// A cell that is not in the plan is ignored.
func TestReadPassesOverOtherCells(t *testing.T) {
	root, other := t.TempDir(), smallPlan("s1")
	other.Cells[0].ID, other.Figures[0].Cells[""] = "figure8-n1", "figure8-n1"
	measure(t, root, other, noon, 1)
	measure(t, root, smallPlan("s1"), noon, 2)
	results, err := result.Read(root)
	if err != nil {
		t.Fatal(err)
	}
	if got := profiled(t, results); got != 2 || len(results.Cells) != 1 || len(results.Warnings) > 0 {
		t.Errorf("%v s, %d cells, warnings %q; want the one cell of 2 s", got, len(results.Cells), results.Warnings)
	}
}

// A directory without a readable session is an error that says why.
func TestReadRefuses(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		want  string // part of the error
	}{
		{"a broken plan", map[string]string{"plan.json": "{\n\"schema\" 1}"}, "DIR/plan.json:2:10: invalid character '1' after object key"},
		{
			"a metric that is no phase",
			map[string]string{"plan.json": "{\"schema\":1,\"figures\":[\n{\"figure\":\"4\",\"metric\":\"coffee\"}]}"},
			`DIR/plan.json:2:32: unknown phase "coffee"`,
		},
		{
			"a step that is no phase",
			map[string]string{"plan.json": "{\"schema\":1,\"figures\":[{\"steps\":[\n{\"label\":\"Tea\",\"phase\":\"tea\"}]}]}"},
			`DIR/plan.json:2:29: unknown phase "tea"`,
		},
		{"a plan of another schema", map[string]string{"plan.json": "{}"}, "DIR/plan.json: schema 0, but this release of coldstart reads schema 1 only"},
		{"a figure that leads out", map[string]string{"plan.json": `{"schema":1,"figures":[{"name":"../../figure7"}]}`}, `DIR/plan.json: "../../figure7" cannot name a file`},
		{"a figure called like the report", map[string]string{"plan.json": `{"schema":1,"session":"s1","figures":[{"name":"report"}]}`}, `DIR/plan.json: figure "report" is not called figure…`},
		{"two figures with the same files", map[string]string{"plan.json": `{"schema":1,"session":"s1","figures":[{"name":"figure7"},{"name":"figure7"}]}`}, `DIR/plan.json: "figure7" is there twice`},
		{"two cells with the same files", map[string]string{"plan.json": `{"schema":1,"session":"s1","cells":[{"id":"c"},{"id":"c"}]}`}, `DIR/plan.json: "c" is there twice`},
		{"an option of a command", map[string]string{"plan.json": `{"schema":1,"cells":[{"id":"-rf"}]}`}, `DIR/plan.json: "-rf" cannot name a file`},
		{"an end of text", map[string]string{"plan.json": `{"schema":1,"cells":[{"id":"a\u0000b"}]}`}, `DIR/plan.json: "a\x00b" cannot name a file`},
		{"two lines", map[string]string{"plan.json": `{"schema":1,"cells":[{"id":"a\nb"}]}`}, `DIR/plan.json: "a\nb" cannot name a file`},
		{"a colour", map[string]string{"plan.json": `{"schema":1,"cells":[{"id":"\u001b[31m"}]}`}, `DIR/plan.json: "\x1b[31m" cannot name a file`},
		{"text that turns around", map[string]string{"plan.json": `{"schema":1,"cells":[{"id":"a\u202eb"}]}`}, `DIR/plan.json: "a\u202eb" cannot name a file`},
		{"a longer name than a file system has", map[string]string{"plan.json": `{"schema":1,"cells":[{"id":"` + strings.Repeat("x", 201) + `"}]}`}, `xxx" cannot name a file`},
		{
			"more cells than a lab has",
			map[string]string{"plan.json": `{"schema":1,"session":"s1","cells":[` + strings.Repeat("{},", 5000) + `{}]}`},
			"DIR/plan.json: a list has 5001 items, but a plan's have at most 5000",
		},
		{
			"more sides than a lab has",
			map[string]string{"plan.json": `{"schema":1,"session":"s1","figures":[{"name":"figure7","roles":[` + strings.Repeat(`"",`, 50000) + `""]}]}`},
			"DIR/plan.json: all lists have 50002 items, but a plan's have at most 50000",
		},
		{"a figure without a name", map[string]string{"plan.json": `{"schema":1,"figures":[{"figure":"7"}]}`}, `DIR/plan.json: "" cannot name a file`},
		{"a cell that leads out", map[string]string{"plan.json": `{"schema":1,"cells":[{"id":"/etc"}]}`}, `DIR/plan.json: "/etc" cannot name a file`},
		{
			"a configuration that leads out",
			map[string]string{"plan.json": `{"schema":1,"sets":[{"name":"models","configurations":[{"id":"../evil"}]}]}`},
			`DIR/plan.json: "../evil" cannot name a file`,
		},
		{"fewer iterations than none", map[string]string{"plan.json": `{"schema":1,"session":"s1","iterations":-1}`}, `DIR/plan.json: -1 iterations are not from 0 to 1000`},
		{"iterations without end", map[string]string{"plan.json": `{"schema":1,"session":"s1","iterations":1,"stop":{"within":0,"most":1001}}`}, `DIR/plan.json: 1001 iterations are not from 0 to 1000`},
		{"a set without end", map[string]string{"plan.json": `{"schema":1,"session":"s1","sets":[{"name":"s","iterations":1000000000}]}`}, `DIR/plan.json: 1000000000 iterations are not from 0 to 1000`},
		{"an unknown start", map[string]string{"plan.json": `{"schema":1,"session":"s1","sets":[{"name":"s","start":"warp"}]}`}, `DIR/plan.json: start "warp" is unknown`},
		{"a session that leads out", map[string]string{"plan.json": `{"schema":1,"session":"../s1"}`}, `DIR/plan.json: "../s1" cannot name a file`},
		{"a figure without a side", map[string]string{"plan.json": `{"schema":1,"session":"s1","figures":[{"name":"figure7"}]}`}, "DIR/plan.json: figure7: the figure has no side"},
		{
			"a side without a cell",
			map[string]string{"plan.json": `{"schema":1,"session":"s1","figures":[{"name":"figure7","roles":["a"],"cells":{"b":"c"}}],"cells":[{"id":"c"}]}`},
			`DIR/plan.json: figure7: side "a" has no cell`,
		},
		{
			"a side on another node than its cell",
			map[string]string{"plan.json": `{"schema":1,"session":"s1","figures":[{"name":"figure7","roles":[""],"cells":{"":"c"},"nodes":{"":"n1"}}],"cells":[{"id":"c","node":"n2"}]}`},
			`DIR/plan.json: figure7: side "" is on node "n1", and its cell on "n2"`,
		},
		{
			"a side without a set",
			map[string]string{"plan.json": `{"schema":1,"session":"s1","figures":[{"name":"figure7","roles":[""],"cells":{"":"c"},"nodes":{"":"n1"}}],"cells":[{"id":"c","node":"n1","set":"none"}]}`},
			`DIR/plan.json: figure7: side "" measures "none", which is no set of the plan`,
		},
		{"no plan", map[string]string{"notes.txt": "hello"}, "DIR: no results found: name a directory that coldstart measured into, a download of its artifacts, or one laid out as the paper's artifact (figure-*/iterations/…)"},
		{"a plan among the logs, which nobody looks for", map[string]string{"cells/x/logs/plan.json": `{"schema":1}`}, "DIR: no results found"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			root := t.TempDir()
			testkit.WriteFiles(t, root, test.files)
			_, err := result.Read(root)
			if want := strings.ReplaceAll(test.want, "DIR", root); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("error %v\nlacks %s", err, want)
			}
		})
	}
	var none *result.NoResultsError
	if _, err := result.Read(t.TempDir()); !errors.As(err, &none) {
		t.Errorf("an empty directory: %v, want a NoResultsError", err)
	}
	if _, err := result.Read(filepath.Join(t.TempDir(), "nowhere")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no directory: %v, want fs.ErrNotExist", err)
	}
}

// A file beyond the limit is not read into memory.
func TestReadRefusesHugeFiles(t *testing.T) {
	root := t.TempDir()
	testkit.WriteFiles(t, root, map[string]string{"plan.json": ""})
	if err := os.Truncate(filepath.Join(root, "plan.json"), 1<<40); err != nil {
		t.Skip(err)
	}
	if _, err := result.Read(root); err == nil || !strings.Contains(err.Error(), "larger than 67108864 bytes, the limit for a file of results") {
		t.Errorf("error %v", err)
	}
}

// The copy of the plan in a cell's artifact counts only where the plan's own artifact is
// missing.
func TestReadTakesThePlansOwnArtifact(t *testing.T) {
	root := t.TempDir()
	attempt(t, filepath.Join(root, "coldstart-cell-figure7-n1-1"), smallPlan("s1"), 1, noon, 2)
	own := smallPlan("s1")
	own.Iterations = 2
	if _, err := result.Create(filepath.Join(root, "coldstart-plan-1"), own); err != nil {
		t.Fatal(err)
	}
	results, err := result.Read(root)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(*own, results.Plan); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
	if len(results.Cells) != 1 {
		t.Errorf("%d cells, want 1; warnings %q", len(results.Cells), results.Warnings)
	}
}

// A plan that cannot be read, or that belongs to another session, is left out. The results
// beside it are read. A plan in a cell's artifact does not count where there is another.
func TestReadBesideOtherPlans(t *testing.T) {
	const foreign = "DIR/%s/plan.json belongs to session s2, but DIR/out/plan.json to session s1: report one session at a time; it is left out"
	another := smallPlan("s2")
	more := smallPlan("s1")
	more.Figures[0].Name = "figure8"
	tests := []struct {
		name, dir string
		lay       func(t *testing.T, dir string)
		warning   string
	}{
		{"a broken one", "a", func(t *testing.T, dir string) {
			testkit.WriteFiles(t, dir, map[string]string{"plan.json": "{"})
		}, "DIR/a/plan.json:1:1: unexpected end of JSON input; it is left out"},
		{"one of another schema", "z", func(t *testing.T, dir string) {
			testkit.WriteFiles(t, dir, map[string]string{"plan.json": `{"schema":2}`})
		}, "DIR/z/plan.json: schema 2, but this release of coldstart reads schema 1 only: use the release that wrote the file; it is left out"},
		{"one that leads out", "a", func(t *testing.T, dir string) {
			testkit.WriteFiles(t, dir, map[string]string{"plan.json": `{"schema":1,"session":"../s1"}`})
		}, `DIR/a/plan.json: "../s1" cannot name a file; coldstart did not write this plan; it is left out`},
		{"another session's before it", "a", func(t *testing.T, dir string) { create(t, dir, another) }, strings.ReplaceAll(foreign, "%s", "a")},
		{"another session's behind it", "z", func(t *testing.T, dir string) { create(t, dir, another) }, strings.ReplaceAll(foreign, "%s", "z")},
		{"another session's in a cell's artifact", "coldstart-cell-figure8-n1-1", func(t *testing.T, dir string) { create(t, dir, another) }, ""},
		{"more figures in a cell's artifact", "coldstart-cell-a-1/cells", func(t *testing.T, dir string) { create(t, dir, more) }, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			root := t.TempDir()
			create(t, filepath.Join(root, "out"), smallPlan("s1"))
			attempt(t, filepath.Join(root, "coldstart-cell-figure7-n1-1"), smallPlan("s1"), 1, noon, 2)
			test.lay(t, filepath.Join(root, test.dir))
			results, err := result.Read(root)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.ReplaceAll(strings.Join(results.Warnings, "\n"), root, "DIR"); got != test.warning {
				t.Errorf("warnings %q, want %q", got, test.warning)
			}
			if diff := cmp.Diff(*smallPlan("s1"), results.Plan); diff != "" {
				t.Errorf("plan (-want +got):\n%s", diff)
			}
			if got := profiled(t, results); got != 2 {
				t.Errorf("the run took %v s, want 2", got)
			}
			if plan, err := result.ReadPlan(root); (err != nil) != (test.warning != "") {
				t.Errorf("the plan alone is read as %v, %v", plan, err)
			}
		})
	}
}

func create(t *testing.T, dir string, plan *result.Plan) {
	t.Helper()
	if _, err := result.Create(dir, plan); err != nil {
		t.Fatal(err)
	}
}

// The artifact of a cell speaks for that cell and attempt only, whoever uploaded it: the
// outermost folder or archive called like an artifact is one. A directory of another name
// may hold any cell.
func TestReadForeignArtifacts(t *testing.T) {
	const (
		another = "the artifact is of cell figure8-n1 in attempt 2, but this is cell figure7-n1 in attempt 2; the cell is left out"
		unnamed = "the artifact coldstart-cell-evil is not named after a cell and an attempt, such as coldstart-cell-figure7-n1-2; the cell is left out"
	)
	tests := []struct{ name, warning string }{
		{"coldstart-cell-figure7-n1-2", ""},
		{"downloads/coldstart-cell-figure7-n1-2/kept", ""},
		{"anything", ""},
		{"coldstart-cell-figure8-n1-2", another},
		{"coldstart-cell-figure8-n1-2/coldstart-cell-figure7-n1-2", another},
		{"coldstart-cell-figure7-n1-1", "the artifact is of cell figure7-n1 in attempt 1, but this is cell figure7-n1 in attempt 2; the cell is left out"},
		{"coldstart-cell-evil", unnamed},
		{"coldstart-cell-evil/coldstart-cell-figure7-n1-2", unnamed},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			root := filepath.Join(t.TempDir(), "coldstart-cell-results")
			attempt(t, filepath.Join(root, test.name), smallPlan("s1"), 2, noon, 3)
			results, err := result.Read(root)
			if err != nil {
				t.Fatal(err)
			}
			if warnings := strings.Join(results.Warnings, "\n"); !strings.HasSuffix(warnings, test.warning) || (warnings == "") != (test.warning == "") {
				t.Errorf("warnings %q, want %q", warnings, test.warning)
			}
			if left := len(results.Cells) == 0; left != (test.warning != "") {
				t.Errorf("cells %v", results.Cells)
			}
		})
	}
}

// A workflow run has no results of a later attempt than its own.
func TestReadPlannedLeavesLaterAttemptsOut(t *testing.T) {
	root := t.TempDir()
	for number := range 4 {
		if number > 0 {
			attempt(t, filepath.Join(root, result.CellArtifact("figure7-n1", number)), smallPlan("s1"), number, noon, float64(number))
		}
	}
	sum, err := result.PlanSum(filepath.Join(root, result.CellArtifact("figure7-n1", 1)))
	if err != nil {
		t.Fatal(err)
	}
	results, err := result.ReadPlanned(root, sum, 2)
	if err != nil {
		t.Fatal(err)
	}
	if got := profiled(t, results); got != 2 {
		t.Errorf("the run took %v s, want 2", got)
	}
	want := "this is attempt 3, and the workflow run is in attempt 2; the cell is left out"
	if len(results.Warnings) != 1 || !strings.HasSuffix(results.Warnings[0], want) {
		t.Errorf("warnings %q, want %q", results.Warnings, want)
	}
}

// Nothing waits for a pipe in the place of a file, which is left out with a warning.
func TestReadPipes(t *testing.T) {
	dir := t.TempDir()
	measure(t, dir, smallPlan("s1"), noon, 1)
	names := []string{"a/plan.json", "a/cells/b/cell.json", "c.zip"}
	for _, name := range names {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Mkfifo(path, 0o644); err != nil {
			t.Skip(err)
		}
	}
	results, err := result.Read(dir)
	if err != nil || results.Cells["figure7-n1"] == nil {
		t.Fatalf("error %v", err)
	}
	for _, name := range names {
		if want := filepath.Join(dir, name) + ": not a plain file; it is left out"; !slices.Contains(results.Warnings, want) {
			t.Errorf("%q is not among %q", want, results.Warnings)
		}
	}
}
