package main

import (
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

// mayImport says for every package which packages of this module it may import. A row
// that grows is a decision; a new package needs a row. action → runner → reports, and
// never back. A row of dir/* is of the packages below dir that have none of their own.
const mayImport = `

reports                 compare figure hardware history pdf phase rank reproduction result segment stat swap table timeline
reports/artifact        phase result
reports/chart           compare figure history segment table timeline
reports/comment         reports compare figure reproduction result table
reports/compare         hardware phase rank result segment stat table
reports/figure          phase predict result segment stat table
reports/hardware        table
reports/history         hardware phase result segment stat table
reports/loose           phase result table
reports/pdf             chart compare figure history result table timeline
reports/phase           segment
reports/phase/*         phase segment
reports/predict         phase result stat table
reports/rank            phase result stat
reports/reproduction    figure phase result stat table
reports/result          hardware phase segment
reports/segment
reports/stat            phase
reports/swap
reports/table
reports/testkit         figure phase
reports/timeline        phase segment
`

// forbidden are imports, direct or by way of others, that a wall keeps out: each package
// before the arrow must not reach the one behind it.
var forbidden = [][2]string{
	{"runner/plan", "runner/engine"},
	{"runner/plan", "runner/measure"},
	{"runner/paper", "runner/plan"},
	{"runner/models", "runner/engine"},
	{"runner/engine/command", "runner/engine/vllm"},
	{"runner/environment", "runner/engine"},
	{"runner/registration", "runner/engine"},
	{"runner/measure", "runner/engine/local"},
	{"runner/lab", "reports/pdf"},
	{"runner/process", "reports"},
	{"runner/forge", "reports"},
	{"reports/table", "reports/hardware"},
	{"reports/comment", "runner"},
}

const module = "coldstart/"

// imports are the packages of this module that each of them imports.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	listed, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, module+"...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	all := map[string][]string{}
	for line := range strings.Lines(string(listed)) {
		words := strings.Fields(line)
		name := strings.TrimPrefix(words[0], module)
		all[name] = nil
		for _, imported := range words[1:] {
			if own, is := strings.CutPrefix(imported, module); is {
				all[name] = append(all[name], own)
			}
		}
	}
	return all
}

// The rooms import each other in one direction, and packages only what their row names.
func TestArrows(t *testing.T) {
	t.Parallel()
	allowed := map[string][]string{}
	for line := range strings.Lines(mayImport) {
		if words := strings.Fields(line); len(words) > 0 {
			allowed[words[0]] = words[1:]
		}
	}
	for name, imported := range imports(t) {
		row, listed := allowed[name]
		if !listed {
			row, listed = allowed[path.Dir(name)+"/*"]
		}
		for _, to := range imported {
			room, _, _ := strings.Cut(name, "/")
			toRoom, _, _ := strings.Cut(to, "/")
			if toRoom == "action" || room == "reports" && toRoom != "reports" {
				t.Errorf("%s imports %s: arrows point from action to runner to reports", name, to)
			}
			if room == "reports" && (!listed || !slices.Contains(row, strings.TrimPrefix(to, "reports/"))) {
				t.Errorf("%s imports %s, which its row does not allow", name, to)
			}
		}
		if strings.HasPrefix(name, "reports") && !listed {
			t.Errorf("%s has no row", name)
		}
	}
}

// Walls hold through other packages too.
func TestWalls(t *testing.T) {
	t.Parallel()
	all := imports(t)
	for _, wall := range forbidden {
		if _, is := all[wall[0]]; !is {
			t.Errorf("there is no package %s", wall[0])
		}
		if way := wayTo(all, wall[0], wall[1], nil); way != nil {
			t.Errorf("%s reaches %s: %s", wall[0], wall[1], strings.Join(way, " → "))
		}
	}
}

// wayTo is a way of imports from a package to another, or to one below it; nil if there
// is none.
func wayTo(all map[string][]string, from, to string, way []string) []string {
	if slices.Contains(way, from) {
		return nil
	}
	way = append(slices.Clip(way), from)
	for _, next := range all[from] {
		if next == to || strings.HasPrefix(next, to+"/") {
			return append(way, next)
		}
		if found := wayTo(all, next, to, way); found != nil {
			return found
		}
	}
	return nil
}
