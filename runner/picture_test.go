package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"image"
	"image/png"
	"os"
	"path/filepath"
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
	replay, start, trends, ssd, paper := t.TempDir(), t.TempDir(), t.TempDir(), t.TempDir(), t.TempDir()
	for _, args := range [][]string{
		{"reproduce", "--figures", "2,13", "--out", replay},
		{"report", "--from", "reports/examples/h200/start", "--out", start},
		{"report", "--from", "reports/examples/h200/trends", "--out", trends},
		{"report", "--from", "reports/examples/h200/ssd", "--out", ssd},
		{"report", "--from", "reports/examples/h200-paper/figures", "--out", paper},
	} {
		if got := coldstart(t, args...); got.code != exitDone {
			t.Fatal(got.err)
		}
	}
	for kept, data := range map[string]string{
		"figure2.png":             filepath.Join(replay, "report", "data", "figure2.json"),
		"figure13.png":            filepath.Join(replay, "report", "data", "figure13.json"),
		"h200-figure2.png":        filepath.Join(start, "data", "figure2.json"),
		"h200-figure4.png":        filepath.Join(trends, "data", "figure4.json"),
		"h200-figure5.png":        filepath.Join(trends, "data", "figure5.json"),
		"h200-figure6.png":        filepath.Join(trends, "data", "figure6.json"),
		"h200-figure8.png":        filepath.Join(trends, "data", "figure8.json"),
		"h200-figure12.png":       filepath.Join(start, "data", "figure12.json"),
		"h200-figure13.png":       filepath.Join(ssd, "data", "figure13.json"),
		"h200-figure15.png":       filepath.Join(start, "data", "figure15.json"),
		"h200-paper-figure13.png": filepath.Join(paper, "data", "figure13.json"),
		"h200-paper-figure14.png": filepath.Join(paper, "data", "figure14.json"),
	} {
		keepPicture(t, kept, drawFigure(t, data))
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
