package testkit

import (
	"strconv"
	"strings"
	"testing"

	"coldstart/reports/figure"
)

// Series reads points, each as "key mean±stderr/n"; without ±stderr it has none.
// The key "total" marks a ratio's total, and "rest" a stack's rest.
func Series(t testing.TB, text string) figure.Series {
	t.Helper()
	var s figure.Series
	for _, one := range strings.Split(text, ", ") {
		key, value, ok := strings.Cut(one, " ")
		if !ok {
			continue
		}
		value, n, _ := strings.Cut(value, "/")
		mean, stderr, _ := strings.Cut(value, "±")
		p := figure.Point{Key: key, Label: key, Mean: float(t, mean), N: int(float(t, n))}
		p.Total, p.Rest = key == "total", key == "rest"
		if stderr != "" {
			e := float(t, stderr)
			p.StdErr = &e
		}
		s.Points = append(s.Points, p)
	}
	return s
}

func float(t testing.TB, text string) float64 {
	t.Helper()
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
