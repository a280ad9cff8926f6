package chart

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"coldstart/reports/figure"
)

// readSegments reads a figure that reports/figure keeps as an example.
func readSegments(t testing.TB, set string) *figure.Data {
	t.Helper()
	text, err := os.ReadFile("../figure/testdata/segments-" + set + ".json")
	if err != nil {
		t.Fatal(err)
	}
	d := new(figure.Data)
	if err := json.Unmarshal(text, d); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestWhatStartUpsSay(t *testing.T) {
	for set, want := range map[string][]string{
		"models":   {"Time to ready by segment, set models", "Medium, n1", "Small, n2", "51.5 s", "48.5 s", "front_end", "model_loading + profile_compile", "first_token", "Time (s)", "19.5"},
		"versions": {"Small 0.3.1", "30.0 s", "46.0 s", "20.0"},
	} {
		words := drawn(t, readSegments(t, set)).words()
		for _, w := range want {
			if !slices.Contains(words, w) {
				t.Errorf("%s: %q is nowhere; there is %q", set, w, words)
			}
		}
	}
}

// oddSegments are figures that charts trip over.
func oddSegments(t testing.TB) map[string]*figure.Data {
	change := func(set string, f func(*figure.Data)) *figure.Data {
		d := readSegments(t, set)
		f(d)
		return d
	}
	return map[string]*figure.Data{
		"models on nodes": readSegments(t, "models"),
		"releases":        readSegments(t, "versions"),
		"one bar":         change("versions", func(d *figure.Data) { d.Series = d.Series[1:] }),
		"no time at all": change("versions", func(d *figure.Data) {
			for _, s := range d.Series {
				for i := range s.Points {
					s.Points[i].Mean = 0
				}
			}
		}),
		"hours": change("versions", func(d *figure.Data) {
			for _, s := range d.Series {
				for i := range s.Points {
					s.Points[i].Mean *= 1000
				}
			}
		}),
		"long labels": change("models", func(d *figure.Data) {
			for i := range d.Series {
				d.Series[i].Name = strings.Repeat("an-organisation/a-model ", 10)
			}
		}),
		"sixty bars": change("models", func(d *figure.Data) {
			for len(d.Series) < 60 {
				d.Series = append(d.Series, d.Series[len(d.Series)%3])
			}
		}),
	}
}
