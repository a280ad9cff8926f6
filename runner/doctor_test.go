package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// doctorOf are the arguments of the command doctor on n1.
func doctorOf(args ...string) []string {
	return append([]string{"doctor", "--node", "n1", "--json"}, args...)
}

// findingsOf are what the command doctor found by one check.
func findingsOf(t *testing.T, check string, got ran) (found []string) {
	t.Helper()
	var findings []struct{ Check, Status, Says, Remedy string }
	if err := json.Unmarshal([]byte(got.out), &findings); err != nil {
		t.Fatalf("exit %d, %v: %s", got.code, err, got.err)
	}
	for _, f := range findings {
		if f.Check == check {
			found = append(found, f.Status+" "+f.Says+" -> "+f.Remedy)
		}
	}
	return found
}

// The only node of a file is this machine, whatever its name. Of several, one must be named.
func TestDoctorFindsTheNode(t *testing.T) {
	t.Parallel()
	only := filepath.Join(t.TempDir(), "only.yaml")
	if err := os.WriteFile(only, []byte("default_node: bench\nnodes: {bench: {}}\nfigures: {2: {nodes: [bench]}}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := coldstart(t, "doctor", "--json", "--figures", "2", "--matrix", only)
	if models := findingsOf(t, "models", got); len(models) != 1 || !strings.Contains(models[0], " --node bench ") {
		t.Errorf("%q names no command for bench", models)
	}
	got = coldstart(t, "doctor", "--matrix", papersLab)
	const want = "--node with one of n1, n2, n3, n4; if it is none of them, 'coldstart init --matrix FILE' writes a file for it"
	if got.code != exitUsage || !strings.Contains(got.err, want) {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
}

// What is wanted of a node's models is what is to be measured there.
func TestDoctorLooksForTheModelsThatAreMeasured(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, c := range []struct{ args, want string }{
		{"--figures 12", "fail DIR/qwen-4b: no such model folder -> coldstart models download --node n1 --models DIR --figures 12"},
		{"--figures 2,12", "fail 2 of 2 are not complete in DIR: llama3-3b, qwen-4b -> coldstart models download --node n1 --models DIR --figures 2,12"},
		{"--figures 4,8 --only qwen-0.5b,llama2-7b-hf --matrix " + papersLab,
			"fail 2 of 2 are not complete in DIR: llama2-7b-hf, qwen-0.5b -> " +
				"coldstart models download --node n1 --models DIR --figures 4,8 --only qwen-0.5b,llama2-7b-hf --matrix " + papersLab},
	} {
		args := append(strings.Fields(c.args), "--models", dir)
		got := findingsOf(t, "models", coldstart(t, doctorOf(args...)...))
		if want := strings.ReplaceAll(c.want, "DIR", dir); len(got) != 1 || got[0] != want {
			t.Errorf("%s:\n%s\nwant\n%s", c.args, strings.Join(got, "\n"), want)
		}
	}
}

// The environments that setup made are found, and those that it did not make are named with
// the command.
func TestDoctorLooksForEnvironments(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.ownEnvironment(t, `python: "3.11", packages: [vllm==0.10.1.1]`)
	for _, c := range []struct {
		args string
		want []string
	}{
		{"", []string{
			"fail vllm-0.10.1.1 is not made (figure 2) -> coldstart setup --environment vllm-0.10.1.1 --matrix " + b.matrix,
			"pass made on this machine, and chosen with --environment: own -> ",
		}},
		{"--environment cpu", []string{"fail cpu is not made (figure 2) -> coldstart setup --environment cpu --matrix " + b.matrix}},
	} {
		args := append([]string{"--figures", "2", "--matrix", b.matrix}, strings.Fields(c.args)...)
		if got := findingsOf(t, "environment", b.coldstart(t, doctorOf(args...)...)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.args, got, c.want)
		}
	}
	found := b.coldstart(t, doctorOf("--figures", "2", "--matrix", b.matrix, "--environment", "own")...)
	for _, f := range findingsOf(t, "environment", found) {
		if strings.Contains(f, "not made") {
			t.Error(f)
		}
	}
}

// A lab's own engine needs no environment that setup makes.
func TestDoctorOfOwnEngine(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	got := findingsOf(t, "environment", b.coldstart(t, doctorOf("--figures", "2", "--matrix", b.matrix)...))
	if want := []string{"pass the node's figures need none that coldstart makes -> "}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// Without a repository, nothing is said of a runner and its server.
func TestDoctorWithoutARepository(t *testing.T) {
	t.Setenv("GITHUB_REPOSITORY", "")
	for _, check := range []string{"server", "libraries", "runner", "repository"} {
		if got := findingsOf(t, check, coldstart(t, doctorOf("--figures", "2")...)); len(got) > 0 {
			t.Errorf("%s: %q", check, got)
		}
	}
}

// Of a server whose own address does not follow from its API's, only register must be told.
func TestDoctorOfAnyServer(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	args := doctorOf("--figures", "2", "--repo", "me/vllm", "--api-url", server.URL)
	want := []string{"warn none is registered here for n1 -> sudo --preserve-env=GITHUB_TOKEN " +
		"coldstart register --node n1 --repo me/vllm --api-url " + server.URL + " --url URL"}
	if got := findingsOf(t, "runner", coldstart(t, args...)); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// A terminal shows a remedy below its finding, and a program reads it in a column.
func TestDoctorTable(t *testing.T) {
	t.Parallel()
	args := []string{"doctor", "--node", "n1", "--figures", "12"}
	const says = "the figures need 1 model, whose directory is unknown"
	for columns, want := range map[int]string{
		0:  "\nwarn\tmodels\t" + says + "\tcoldstart doctor --node n1 --models DIR\n",
		80: "\nwarn    models         " + says + "\n  → coldstart doctor --node n1 --models DIR\n",
	} {
		if got := onScreen(t, columns, args...); got.code != exitFailed || !strings.Contains(got.out, want) {
			t.Errorf("%d columns: exit %d, %q is not in\n%s%s", columns, got.code, want, got.out, got.err)
		}
	}
}
