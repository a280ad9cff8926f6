package comment

import (
	"fmt"
	"strconv"
	"strings"

	"coldstart/reports/figure"
	"coldstart/reports/reproduction"
	"coldstart/reports/table"
)

const mostRows = 100

// summary has one row per figure.
func (c *Content) summary() (string, error) {
	shown, more := firsts(c.Report.Figures, mostRows)
	if len(shown) == 0 {
		return "", nil
	}
	t := table.Table{Header: []string{"Figure", "Shows", "Nodes", "Result", "Ratio to the paper", "Complete"}}
	for _, d := range shown {
		against := ""
		if change, ok := reproduction.Compare(d, c.paper(d)); ok {
			against = change.String()
		}
		complete := "yes"
		if !d.Complete {
			complete = "no"
		}
		t.Add(d.Number(), c.Report.Title(d), d.Place(), d.Headline(), against, complete)
	}
	text, err := markdownTable(t)
	if more > 0 {
		text += fmt.Sprintf("\nThe report has %d more.\n", more)
	}
	return "\n" + text, err
}

// besideThePaper is the fold with the comparison of figures with the paper's. It is empty
// for the paper's own runs, and if no node plays one of the paper's.
func (c *Content) besideThePaper() (string, error) {
	made := c.Report.Reproduction
	if made == nil || made.Own() || !made.Compared() {
		return "", nil
	}
	rows, err := markdownTable(made.FiguresTable())
	if err != nil {
		return "", err
	}
	notes := strings.Join(made.FiguresNotes(), " ")
	return fold("Comparison with the paper's numbers", rows+"\n"+notes+"\n"), nil
}

// numbers is a figure's fold: its numbers beside the paper's. It is empty for a figure
// without points, such as a heatmap.
func (c *Content) numbers(d *figure.Data) (string, error) {
	paper := c.paper(d)
	points := pointsTable(d, paper)
	if len(points.Rows) == 0 {
		return "", nil
	}
	numbers, err := markdownTable(points)
	if err != nil {
		return "", err
	}
	title := "Figure " + table.OneLine(d.Number(), aName) + ": " + c.Report.Title(d)
	return fold(title, numbers), nil
}

// chart is the comment's one chart: of the figure that differs most from the paper's,
// or else of the first that can be drawn. It stands outside the folds, because a
// chart that is drawn while it is hidden comes out clipped or empty in places.
func (c *Content) chart() string {
	moved, _ := c.movements()
	var candidates []*figure.Data
	for _, m := range moved {
		candidates = append(candidates, m.data)
	}
	for _, d := range append(candidates, c.Report.Figures...) {
		if chart := mermaid(d, c.paper(d)); chart != "" {
			title := table.EscapeMarkdown(d.Number(), aName) + ": " + table.EscapeMarkdown(c.Report.Title(d), aTitle)
			return "\n**Figure " + title + "**\n\n" + chart
		}
	}
	return ""
}

// pointsTable has one row per point.
func pointsTable(d, paper *figure.Data) table.Table {
	t := table.Table{
		Header: []string{"", "Mean (" + d.Kind.Unit() + ")", "± standard error", "n", "Paper", "Ratio"},
		Align:  []table.Align{table.Left, table.Right, table.Right, table.Right, table.Right, table.Right},
	}
	for _, s := range d.Series {
		for _, p := range s.Points {
			row := []string{name(s, p), digits(p.Mean), "", strconv.Itoa(p.N), "", ""}
			if p.StdErr != nil {
				row[2] = digits(*p.StdErr)
			}
			if q, ok := paper.Point(s.Name, p.Key); ok && q.Mean > 0 {
				row[4], row[5] = digits(q.Mean), fmt.Sprintf("×%.2f", p.Mean/q.Mean)
			}
			t.Add(row...)
		}
	}
	return t
}

// name is a point's label on one line, with its series if that has a name.
func name(s figure.Series, p figure.Point) string {
	label := strings.ReplaceAll(p.Label, "\n", ", ")
	if s.Name == "" {
		return label
	}
	return label + ", " + s.Name
}

// digits shows milliseconds, the precision of an engine's log.
func digits(value float64) string { return strconv.FormatFloat(value, 'f', 3, 64) }
