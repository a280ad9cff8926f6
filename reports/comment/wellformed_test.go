package comment

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"coldstart/reports/figure"
	"coldstart/reports/hardware"
	"coldstart/reports/result"
)

var (
	mention = regexp.MustCompile(`@[\w-]`)
	issue   = regexp.MustCompile(`(^|[^&])#\d`)
	// tag is what HTML takes for the beginning of one, or of a comment.
	tag       = regexp.MustCompile(`<[A-Za-z/!?]`)
	ours      = regexp.MustCompile(`</?(details|summary)>|<br>`)
	fence     = regexp.MustCompile("(?m)^ *(```|~~~)")
	block     = regexp.MustCompile("(?s)```mermaid\n(.*?)\n```\n")
	lanesForm = regexp.MustCompile(`^---\nconfig:\n  gantt:\n    leftPadding: \d+\n---\n` +
		`gantt\n    dateFormat x\n    axisFormat %s s\n    todayMarker off\n` +
		`(    section [^"#:;\n]+\n    base \d+\.\d\d s :done, \d+, \d+\n    head \d+\.\d\d s :\d+, \d+\n?)+$`)
	chartForm = regexp.MustCompile(`^---\nconfig:\n  xyChart:\n    width: 760\n    height: \d+\n  themeVariables:\n    xyChart:\n` +
		`      plotColorPalette: "#6c8ebf, #e07b39"\n---\nxychart-beta horizontal\n` +
		`    x-axis \[("[^"\n]+"(?:, "[^"\n]+")*)\]\n    y-axis "[^"\n]+" 0 --> \d+\.\d+\n    bar \[([\d., ]+)\](?:\n    line \[([\d., ]+)\])?$`)
)

// wellFormed checks what holds of every comment, whatever is in it.
func wellFormed(t *testing.T, c *Content, text string) {
	t.Helper()
	marker := Marker(c.Workflow)
	switch {
	case len(text) > longest:
		t.Errorf("%d bytes", len(text))
	case !utf8.ValidString(text):
		t.Error("not UTF-8")
	case !strings.HasPrefix(text, marker+"\n"), strings.Count(text, "<!--") != 1:
		t.Errorf("the marker is not at the beginning alone: %.200q", text)
	}
	rest := strings.TrimPrefix(text, marker)
	if tag.MatchString(ours.ReplaceAllString(rest, "")) {
		t.Errorf("a tag that is not ours: %q", tag.FindString(ours.ReplaceAllString(rest, "")))
	}
	if found := mention.FindString(rest); found != "" {
		t.Errorf("mentions %q", found)
	}
	prose := block.ReplaceAllString(strings.NewReplacer(c.Run, "", c.Artifacts, "").Replace(rest), "")
	if found := issue.FindString(prose); found != "" {
		t.Errorf("refers to %q", found)
	}
	balanced(t, rest)
	if fences := len(fence.FindAllString(rest, -1)); fences != 2*len(block.FindAllString(rest, -1)) {
		t.Errorf("%d fences do not make blocks", fences)
	}
	for _, b := range block.FindAllStringSubmatch(rest, -1) {
		checkChart(t, b[1])
	}
}

// balanced checks that folds open and close in turn, each on its line, and that none has a
// chart in it.
func balanced(t *testing.T, text string) {
	t.Helper()
	open := false
	for line := range strings.SplitSeq(text, "\n") {
		begins, ends := strings.HasPrefix(line, "<details><summary>") && strings.HasSuffix(line, "</summary>"), line == "</details>"
		if strings.Contains(line, "<details") != begins || strings.Contains(line, "</details") != ends || begins && open || ends && !open {
			t.Errorf("folds do not match at %q", line)
		}
		if open && strings.HasPrefix(line, "```mermaid") {
			t.Error("a chart is in a fold")
		}
		open = begins || open && !ends
	}
	if open {
		t.Error("a fold stays open")
	}
}

// checkChart checks that a chart has a distinct name and a value for every bar.
func checkChart(t *testing.T, text string) {
	t.Helper()
	if lanesForm.MatchString(text) {
		return
	}
	parts := chartForm.FindStringSubmatch(text)
	if parts == nil {
		t.Errorf("no chart:\n%s", text)
		return
	}
	names := strings.Split(strings.Trim(parts[1], `"`), `", "`)
	if slices.Sort(names); len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Errorf("bars of one name: %q", names)
	}
	for _, values := range parts[2:] {
		if n := len(strings.Split(values, ", ")); values != "" && n != len(names) {
			t.Errorf("%d values of %d bars:\n%s", n, len(names), text)
		}
	}
}

// hostile are texts that somebody could hide in results.
var hostile = []string{
	"", "plain", "line\nbreak\r\nand another", "`code` ```mermaid\npie", "a | b \\| c", "<script>alert(1)</script> <img src=x>", "--> <!-- coldstart report: reproduce -->",
	"@everyone and @me/team", "fixes #12, me/vllm#7", "</details></summary>", `"] bar [1, 2`, "%%{init: {'theme': 'dark'}}%%", "---\nconfig: {}\n---", "\u202eright to left\u202c שלום", "🚀👩‍🔬",
	strings.Repeat("long ", 2000), strings.Repeat("x", 10_000), strings.Repeat("<", 10_000), strings.Repeat("🚀", 3000), "\xff\xfe\x00\x1b[31m", "[a](https://example.com) ![b](c)", "&lt;b&gt; &amp;#64;me", "@\u200b@\u200b@me #\u200b#1", "$x$ ~~y~~ *z* _w_",
}

// poisoned is a comment that has the texts wherever results have some.
func poisoned(engine, label, title, missing string) *Content {
	stderr := 0.1
	points := []figure.Point{{Key: "a", Label: label, Mean: 2, StdErr: &stderr, N: 5}, {Key: "b", Label: label, Mean: 4, N: 5}, {Key: title, Label: title, Mean: 1, N: 1}}
	make := func(kind figure.Kind, factor float64) *figure.Data {
		scaled := slices.Clone(points)
		for i := range scaled {
			scaled[i].Mean *= factor
		}
		return &figure.Data{
			Figure: label, Name: "figure" + title, Kind: kind, Title: title, Nodes: map[string]string{"": label}, Missing: []string{missing, label},
			YLabel: title, Series: []figure.Series{{Name: label, Points: scaled}, {Name: title, Points: scaled}},
		}
	}
	c := content(engine, nil, nil)
	for _, kind := range []figure.Kind{figure.Trend, figure.Ratio, figure.Stack, figure.Bars, figure.Groups, figure.Prediction} {
		c.Report.Figures, c.Paper = append(c.Report.Figures, make(kind, 3)), append(c.Paper, make(kind, 1))
	}
	plan := &c.Report.Results.Plan
	plan.Session = missing
	plan.Nodes = append(plan.Nodes, result.Node{Name: label, Declared: hardware.Hardware{GPU: title, FS: missing, Platform: hardware.Platform{OS: engine}}})
	return c
}

func TestHostileTexts(t *testing.T) {
	for i, text := range hostile {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			checkPoisoned(t, text, text, text, text)
		})
	}
}

func FuzzText(f *testing.F) {
	for i, text := range hostile {
		f.Add(text, hostile[(i+1)%len(hostile)], hostile[(i+2)%len(hostile)], hostile[(i+3)%len(hostile)])
	}
	f.Fuzz(checkPoisoned)
}

func checkPoisoned(t *testing.T, engine, label, title, missing string) {
	c := poisoned(engine, label, title, missing)
	text, err := c.Text()
	if err != nil {
		t.Fatal(err)
	}
	wellFormed(t, c, text)
}

func TestChartsThatCannotBeDrawn(t *testing.T) {
	tests := map[string]string{
		"no points":      "",
		"less than none": "a 1/5, b -1/5",
		"no number":      "a NaN/5",
		"without end":    "a Inf/5",
		"too many":       strings.Repeat("a 1/5, ", mostBars) + "b 1/5",
	}
	for name, points := range tests {
		if chart := mermaid(trend(t, "7", "KV", points), nil); chart != "" {
			t.Errorf("%s: %s", name, chart)
		}
	}
	checkChart(t, strings.TrimSuffix(strings.TrimPrefix(mermaid(trend(t, "7", "KV", "a 0/5, a 0/5"), nil), "```mermaid\n"), "\n```\n"))
}

func TestMarkers(t *testing.T) {
	names := []string{"reproduce", "re-produce", "re--produce", "a -->\nb", "<!--", "", "nightly build"}
	seen := map[string]string{}
	for _, name := range names {
		marker := Marker(name)
		if was, ok := seen[marker]; ok {
			t.Errorf("%q and %q have one marker", was, name)
		}
		seen[marker] = name
		if strings.Count(marker, "-->") != 1 || !strings.HasSuffix(marker, " -->") || strings.Contains(marker, "\n") {
			t.Errorf("%q: %q", name, marker)
		}
	}
}
