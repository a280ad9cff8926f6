package history

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Drifts say which phases of a series changed, and since when, one sentence each without a
// full stop: "torch.compile has been 4 % slower since commit abc1234 (3 Nov)".
func (s *Series) Drifts() (sentences []string) {
	for _, line := range s.Shown() {
		if sentence := line.Drift(); sentence != "" {
			sentences = append(sentences, sentence)
		}
	}
	return sentences
}

// Drift says since when the phase has been slower or faster, without a full stop; it is empty
// if the phase did not change. Several changes in the same direction are one drift.
func (l *Line) Drift() string {
	if len(l.Changes) == 0 {
		return ""
	}
	last := len(l.Changes) - 1
	first := last
	for first > 0 && (l.Changes[first-1].Share() > 0) == (l.Changes[last].Share() > 0) {
		first--
	}
	begin, end := l.Changes[first], l.Changes[last]
	if first == last {
		return fmt.Sprintf("%s has been %s since %s", l.Phase, shareWords(end.Share()), l.since(end))
	}
	return fmt.Sprintf("%s has been getting %s since commit %s, %s in all; last %s, at %s",
		l.Phase, direction(end.Share()), l.named(begin), percent(end.After/begin.Before-1),
		percent(end.Share()), l.since(end))
}

func direction(share float64) string {
	if share < 0 {
		return "faster"
	}
	return "slower"
}

// shareWords are such as "4 % slower".
func shareWords(share float64) string { return percent(share) + " " + direction(share) }

// percent is the size of a share, to a tenth of a percent: "4 %".
func percent(share float64) string {
	text := strconv.FormatFloat(100*max(share, -share), 'f', 1, 64)
	return strings.TrimSuffix(text, ".0") + " %"
}

// since names the record of a change, and what else changed there.
func (l *Line) since(c Change) string {
	words := "commit " + l.named(c)
	if i := slices.IndexFunc(l.marks, func(m Mark) bool { return m.At == l.At[c.At] }); i >= 0 {
		words += ", where the environment changed: " + l.marks[i].String()
	}
	return words
}

// named names the record of a change.
func (l *Line) named(c Change) string { return l.record(c.At).in(l.records[len(l.records)-1]) }

// in names the record among others, of which the last one is given: its commit as people
// write it, and its day.
func (r *Record) in(last *Record) string {
	if day := r.Day(last); day != "" {
		return r.Short() + " (" + day + ")"
	}
	return r.Short()
}

// Named names a record of the series: "abc1234 (3 Nov)".
func (s *Series) Named(i int) string { return s.Records[i].in(s.Records[len(s.Records)-1]) }

// Span says how many commits the series has, and from when to when.
func (s *Series) Span() string {
	n := len(s.Records)
	if n == 1 {
		return "1 record, " + s.Named(0)
	}
	return fmt.Sprintf("%d records, %s to %s", n, s.Named(0), s.Named(n-1))
}

// Short is the commit as people write it.
func (r *Record) Short() string { return r.Commit[:7] }

// Day is the commit's or, if that is not known, that of measuring, with the year if that is not
// the last record's. It is empty if the record has neither.
func (r *Record) Day(last *Record) string {
	switch at := r.when().UTC(); {
	case at.IsZero():
		return ""
	case at.Year() == last.when().UTC().Year():
		return at.Format("2 Jan")
	default:
		return at.Format("2 Jan 2006")
	}
}

// String is what changed, in a few words.
func (m Mark) String() string {
	const shown = 2
	if len(m.Differs) == 0 {
		return "it is not recorded how"
	}
	words := strings.Join(m.Differs[:min(shown, len(m.Differs))], "; ")
	if more := len(m.Differs) - shown; more > 0 {
		words += fmt.Sprintf("; and %d more", more)
	}
	return words
}
