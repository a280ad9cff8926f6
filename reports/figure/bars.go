package figure

import (
	"cmp"
	"fmt"
	"strings"

	"coldstart/reports/result"
	"coldstart/reports/table"
)

// Bars has one bar per configuration, such as a release.
const Bars Kind = "bars"

func init() {
	kinds[Bars] = kind{
		build:     buildBars,
		headline:  barsHeadline,
		caption:   barsCaption,
		numbers:   barsNumbers,
		common:    commonPoints,
		unit:      "s",
		hasMetric: true, anyModels: true,
	}
}

// buildBars makes one bar per configuration: the mean of the metric over its iterations. Of
// releases that is the seconds that building the engine took, once.
func buildBars(s *source) error {
	series := Series{}
	for _, c := range s.shown("") {
		if values := s.values(c, s.spec.Metric); len(values) > 0 {
			series.Points = append(series.Points, point(s.barName(c), s.barLabel(c), values))
		}
	}
	s.data.Series = []Series{series}
	return nil
}

func (s *source) barName(c result.Configuration) string { return cmp.Or(c.Release, c.ID) }

// barLabel is a release with its month, or the model with what else its ID says.
func (s *source) barLabel(c result.Configuration) string {
	if c.Release != "" {
		return c.Release + "\n" + c.Released
	}
	label := s.model(c.Model).Label
	if rest := strings.Trim(strings.TrimPrefix(c.ID, c.Model), "_"); rest != "" {
		label += "\n" + strings.ReplaceAll(rest, "_", " ")
	}
	return label
}

// ofReleases reports whether each bar is a release, labelled with it and its month.
func (d *Data) ofReleases() bool {
	return !d.has(func(p Point) bool { return !strings.HasPrefix(p.Label, p.Key+"\n") })
}

func barsHeadline(d *Data) string {
	if !d.ofReleases() {
		return d.rangeWords()
	}
	all := d.Points()
	_, most := d.extremes()
	last := all[len(all)-1]
	return fmt.Sprintf("at most %.2f s (%s), last %.2f s (%s)", most.Mean, most.Key, last.Mean, last.Key)
}

func barsCaption(d *Data) string {
	if !d.ofReleases() {
		return fmt.Sprintf("Each bar is one configuration: the %s.", d.meanOver("iterations"))
	}
	return "Each bar is the time that one release takes to build its engine, from one counted start-up after a warm-up."
}

func barsNumbers(d *Data) table.Table {
	if !d.ofReleases() {
		return rowPerPoint("Configuration")(d)
	}
	return rowPerPoint("Release")(d)
}
