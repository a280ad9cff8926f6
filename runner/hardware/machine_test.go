package hardware_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"coldstart/reports/hardware"
	"coldstart/reports/testkit"
	prober "coldstart/runner/hardware"
	"coldstart/runner/matrix"
	"coldstart/runner/paper"
)

// open lays a machine out in a directory: an archive of testdata with the files
// that a probe reads. A name that ends in @ is a symbolic link; bin has what the
// programs write.
func open(t testing.TB, name string) prober.Options {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/" + name + ".txtar")
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	for _, file := range archive.Files {
		put(t, root, file.Name, string(file.Data))
	}
	return prober.Options{Root: root, Run: programs(root)}
}

func put(t testing.TB, root, name, text string) {
	t.Helper()
	place := filepath.Join(root, name)
	if err := os.MkdirAll(filepath.Dir(place), 0o755); err != nil {
		t.Fatal(err)
	}
	var err error
	if link, ok := strings.CutSuffix(place, "@"); ok {
		err = os.Symlink(strings.TrimSpace(text), link)
	} else {
		err = os.WriteFile(place, []byte(text), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// programs are those of a machine's bin: they write what is there.
func programs(root string) prober.Runner {
	return func(_ context.Context, program string, _ ...string) ([]byte, error) {
		output, err := os.ReadFile(filepath.Join(root, "bin", filepath.Base(program)))
		if err != nil {
			return nil, &exec.Error{Name: program, Err: exec.ErrNotFound}
		}
		return output, nil
	}
}

// cpuinfo is /proc/cpuinfo as far as a probe reads it, of a machine with two
// threads a core.
func cpuinfo(model string, sockets, cores int) string {
	var text strings.Builder
	for thread := range 2 * sockets * cores {
		core := thread % (sockets * cores)
		fmt.Fprintf(&text, "processor\t: %d\nmodel name\t: %s\nphysical id\t: %d\ncore id\t\t: %d\nflags\t\t: fpu vme\n\n", thread, model, core/cores, core%cores)
	}
	return text.String()
}

// Machines as they are, each with what a probe finds: NAME.txtar and NAME.json.
func TestMachines(t *testing.T) {
	for _, name := range []string{"nogpu", "h100"} {
		t.Run(name, func(t *testing.T) {
			o := open(t, name)
			o.Models, o.Python = "/", "python"
			compare(t, name, prober.Probe(t.Context(), o))
		})
	}
}

// A probe on a node of the paper finds what the lab's file declares of it.
func TestThePapersNodes(t *testing.T) {
	lab, err := matrix.Load("../lab/paper.yaml", paper.Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, cpu      string
		sockets, cores int
	}{
		{"n1", "AMD EPYC 9354 32-Core Processor", 1, 32},
		{"n2", "AMD EPYC 9354 32-Core Processor", 1, 32},
		{"n3", "INTEL(R) XEON(R) PLATINUM 8568Y+", 2, 48},
		{"n4", "INTEL(R) XEON(R) GOLD 5520+", 2, 28},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := open(t, c.name)
			o.Models, o.Python = "/models", "/opt/vllm/bin/python"
			put(t, o.Root, "proc/cpuinfo", cpuinfo(c.cpu, c.sockets, c.cores))
			found := prober.Probe(t.Context(), o)
			compare(t, c.name, found)
			node, _ := lab.Node(c.name)
			for _, fact := range hardware.Compare(node.Declared, found) {
				if fact.Verdict == hardware.Different || fact.Verdict == hardware.Unknown {
					t.Errorf("%s is declared as %q and found as %q: %v", fact.Name, fact.Declared, fact.Probed, fact.Verdict)
				}
			}
		})
	}
}

func compare(t *testing.T, name string, found *hardware.Probe) {
	t.Helper()
	got, err := json.MarshalIndent(found, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	testkit.Golden(t, "testdata/"+name+".json", string(got)+"\n")
	var back hardware.Probe
	if err := json.NewDecoder(bytes.NewReader(got)).Decode(&back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(found, &back); diff != "" {
		t.Errorf("not the same once read back (-found +read):\n%s", diff)
	}
}
