package history

import (
	"cmp"
	"fmt"
	"strconv"

	"coldstart/reports/table"
)

// recent is how many records ago the table compares with.
const recent = 10

// Table has a row for the whole start-up of each series.
func Table(all []*Series) table.Table {
	t := table.Table{
		Header: []string{
			"Configuration", "Set", "Node", "Engine", "Records", "Last commit", "Last (s)",
			fmt.Sprintf("Over %d records", recent), "Changes",
		},
		Align: []table.Align{
			table.Left, table.Left, table.Left, table.Left, table.Right, table.Left, table.Right, table.Right, table.Left,
		},
	}
	for _, s := range all {
		t.Add(s.row()...)
	}
	return t
}

func (s *Series) row() []string {
	n := len(s.Records)
	row := []string{s.Configuration, s.Set, s.place(), s.engine(), strconv.Itoa(n), s.Named(n - 1)}
	if len(s.Lines) == 0 || !s.Lines[0].Whole {
		return row
	}
	whole := &s.Lines[0]
	last := secondsText(whole.Seconds[len(whole.Seconds)-1])
	return append(row, last, whole.inRecent(), cmp.Or(whole.LastChange(), "none"))
}

// inRecent is the last value against that of some records ago, or against the oldest.
func (l *Line) inRecent() string {
	n := len(l.Seconds)
	back := min(recent, n-1)
	if back == 0 || l.Seconds[n-1-back] == 0 {
		return ""
	}
	text := fmt.Sprintf("%+.1f %%", 100*(l.Seconds[n-1]/l.Seconds[n-1-back]-1))
	if text == "+0.0 %" || text == "-0.0 %" {
		text = "0.0 %" // without a sign
	}
	if back < recent {
		text += fmt.Sprintf(" over %d", back)
	}
	return text
}

// LastChange is the last change in a few words, and how many there were before it. It is empty
// if there is none.
func (l *Line) LastChange() string {
	n := len(l.Changes)
	if n == 0 {
		return ""
	}
	last := l.Changes[n-1]
	text := shareWords(last.Share()) + " at " + l.named(last)
	if n > 1 {
		text += fmt.Sprintf(", %d before", n-1)
	}
	return text
}

// Sentences are the drifts of all series, each behind the name of its series.
func Sentences(all []*Series) (sentences []string) {
	for _, s := range all {
		for _, drift := range s.Drifts() {
			sentences = append(sentences, s.String()+": "+drift)
		}
	}
	return sentences
}

func secondsText(seconds float64) string { return strconv.FormatFloat(seconds, 'f', 3, 64) }
