package figure

// buildBars gives a bar a release: the seconds that building the engine took.
func buildBars(s *source) error {
	metric, err := s.metric()
	if err != nil {
		return err
	}
	series := Series{}
	for _, c := range s.set("").Configurations {
		values := s.values(c, metric)
		if len(values) > 0 {
			series.Points = append(series.Points, point(c.Release, c.Release+"\n"+c.Released, values))
		}
	}
	s.data.Series = []Series{series}
	return nil
}
