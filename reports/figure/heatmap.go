package figure

// buildHeatmap turns the samples, a row a moment, into a row a core.
func buildHeatmap(s *source) error {
	cell := s.cell("")
	if cell == nil {
		return nil
	}
	if cell.Usage == nil || len(cell.Usage.Samples) == 0 {
		s.missing("%s has no samples of the cores", s.spec.Cells[""])
		return nil
	}
	samples := cell.Usage.Samples
	cores := make([][]float64, len(samples[0]))
	for core := range cores {
		for _, sample := range samples {
			if core < len(sample) {
				cores[core] = append(cores[core], sample[core])
			}
		}
	}
	s.data.Heatmap = &Samples{Interval: cell.Usage.Interval, Cores: cores}
	return nil
}
