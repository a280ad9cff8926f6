package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"

	"coldstart/reports/chart"
	"coldstart/reports/figure"
	"coldstart/reports/testkit"
	"coldstart/reports/timeline"
)

// The guides' pictures are what the program draws today: of a replay, and of the
// examples of real GPUs.
func TestGuidePictures(t *testing.T) {
	t.Parallel()
	replay := t.TempDir()
	if got := coldstart(t, "reproduce", "--figures", "2,13", "--out", replay); got.code != exitDone {
		t.Fatal(got.err)
	}
	reports := map[string]string{"replay": filepath.Join(replay, "report")} // by directory of results
	for kept, of := range map[string]struct{ results, figure string }{
		"figure2.png":              {"replay", "2"},
		"figure13.png":             {"replay", "13"},
		"h200-figure2.png":         {"h200/start", "2"},
		"h200-figure2-forked.png":  {"h200/forked", "2"},
		"h200-figure2-spawned.png": {"h200/spawned", "2"},
		"h200-figure4.png":         {"h200/trends", "4"},
		"h200-figure5.png":         {"h200/trends", "5"},
		"h200-figure6.png":         {"h200/trends", "6"},
		"h200-figure8.png":         {"h200/trends", "8"},
		"h200-figure12.png":        {"h200/start", "12"},
		"h200-figure13.png":        {"h200/ssd", "13"},
		"h200-figure15.png":        {"h200/start", "15"},
		"h200-paper-figure4.png":   {"h200-paper/trends", "4"},
		"h200-paper-figure9.png":   {"h200-paper/trends", "9"},
		"h200-paper-figure13.png":  {"h200-paper/figures", "13"},
		"h200-paper-figure14.png":  {"h200-paper/loaders", "14"},
	} {
		if reports[of.results] == "" {
			reports[of.results] = t.TempDir()
			got := coldstart(t, "report", "--from", "reports/examples/"+of.results, "--out", reports[of.results])
			if got.code != exitDone && !strings.Contains(got.err, "incomplete: the report") { // lacks iterations
				t.Fatal(got.err)
			}
		}
		keepPicture(t, kept, drawFigure(t, filepath.Join(reports[of.results], "data", "figure"+of.figure+".json")))
	}
}

// The timelines in the guides are what the program draws today of the examples' logs.
func TestGuideTimelines(t *testing.T) {
	t.Parallel()
	for kept, path := range map[string]string{
		"timeline.png":            "h100-serve/tp2.log.gz",
		"h200-served-cold.png":    "h200-serve/served/cells/figure-start-h200/logs/0/llama2-7b-hf.log.gz",
		"h200-served-warm.png":    "h200-serve/served/cells/figure-start-h200/logs/3/llama2-7b-hf.log.gz",
		"h200-engine-cold.png":    "h200-serve/engine/cells/figure-start-h200/logs/0/llama2-7b-hf.log.gz",
		"h200-engine-warm.png":    "h200-serve/engine/cells/figure-start-h200/logs/1/llama2-7b-hf.log.gz",
		"h200-rank-1-stopped.png": "h200-serve/rank-1-stopped/cells/figure-start-h200-pair/logs/4/llama2-7b-hf.log.gz",
	} {
		logs, failures := readMeasured([]string{"reports/examples/" + path}, nil)
		if err := errors.Join(failures...); err != nil {
			t.Fatal(err)
		}
		made, ok := timeline.Of(&logs[0])
		if !ok {
			t.Fatalf("%s has no timeline", path)
		}
		keepPicture(t, kept, drawPicture(t, chart.NewTimeline(made)))
	}
}

// keepPicture compares a picture with the one that is kept for the guides.
func keepPicture(t *testing.T, name string, picture []byte) {
	t.Helper()
	kept := filepath.Join(".github", name)
	if testkit.Updating() {
		if err := os.WriteFile(kept, picture, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	comparePictures(t, kept, picture)
}

func drawFigure(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var data figure.Data
	if err := json.Unmarshal(text, &data); err != nil {
		t.Fatal(err)
	}
	c, err := chart.New(&data)
	if err != nil {
		t.Fatal(err)
	}
	return drawPicture(t, c)
}

func drawPicture(t *testing.T, c *chart.Chart) []byte {
	t.Helper()
	width, height := c.Size()
	canvas := vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(144))
	c.Draw(draw.New(canvas))
	var picture bytes.Buffer
	if _, err := (vgimg.PngCanvas{Canvas: canvas}).WriteTo(&picture); err != nil {
		t.Fatal(err)
	}
	return picture.Bytes()
}

// comparePictures allows for what another processor rounds otherwise: a few
// shades on the edges of letters.
func comparePictures(t *testing.T, kept string, drawn []byte) {
	t.Helper()
	text, err := os.ReadFile(kept)
	if err != nil {
		t.Fatalf("%v; make it with go test ./runner -run Picture -update", err)
	}
	a, b := decode(t, text), decode(t, drawn)
	if a.Bounds() != b.Bounds() {
		t.Fatalf("%s is %v large, drawn today %v", kept, a.Bounds(), b.Bounds())
	}
	differing := 0
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			if a.At(x, y) != b.At(x, y) {
				differing++
			}
		}
	}
	if size := a.Bounds().Dx() * a.Bounds().Dy(); differing > size/200 {
		t.Errorf("%s is stale: %d of %d pixels differ; make it anew with go test ./runner -run Picture -update", kept, differing, size)
	}
}

func decode(t *testing.T, text []byte) image.Image {
	t.Helper()
	picture, err := png.Decode(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return picture
}
