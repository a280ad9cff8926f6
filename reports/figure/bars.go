package figure

import "fmt"

// Bars has one bar per release.
const Bars Kind = "bars"

func init() {
	kinds[Bars] = kind{
		build:     buildBars,
		headline:  barsHeadline,
		caption:   barsCaption,
		numbers:   rowPerPoint("Release"),
		common:    commonPoints,
		unit:      "s",
		hasMetric: true,
	}
}

// buildBars makes one bar per release: the seconds that building the engine took.
func buildBars(s *source) error {
	series := Series{}
	for _, c := range s.set("").Configurations {
		values := s.values(c, s.spec.Metric)
		if len(values) > 0 {
			series.Points = append(series.Points, point(c.Release, c.Release+"\n"+c.Released, values))
		}
	}
	s.data.Series = []Series{series}
	return nil
}

func barsHeadline(d *Data) string {
	all := d.Points()
	_, most := d.extremes()
	last := all[len(all)-1]
	return fmt.Sprintf("at most %.2f s (%s), last %.2f s (%s)", most.Mean, most.Key, last.Mean, last.Key)
}

func barsCaption(*Data) string {
	return "Each bar is the time that one release takes to build its engine, from one counted start-up after a warm-up."
}
