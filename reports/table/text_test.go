package table_test

import (
	"testing"

	"coldstart/reports/table"
)

func TestCount(t *testing.T) {
	for want, got := range map[string]string{
		"0 runs":              table.Count(0, "run"),
		"1 run":               table.Count(1, "run"),
		"2 counted runs":      table.Count(2, "counted run"),
		"1 compute process":   table.Count(1, "compute process"),
		"3 compute processes": table.Count(3, "compute process"),
		"2 repositories":      table.Count(2, "repository"),
		"5 days":              table.Count(5, "day"),
		"1 of 2 figures":      table.Part(1, 2, "figure"),
		"0 of 1 figure":       table.Part(0, 1, "figure"),
		"is":                  table.Agree(1, "is", "are"),
		"are":                 table.Agree(0, "is", "are"),
		"a, b":                table.First([]string{"a", "b"}, 2),
		"a, b, c":             table.First([]string{"a", "b", "c"}, 2),
		"a, b and 2 more":     table.First([]string{"a", "b", "c", "d"}, 2),
		"a.log":               table.OneOf([]string{"a.log"}, "log"),
		"2 logs, such as b":   table.OneOf([]string{"b", "a"}, "log"),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
