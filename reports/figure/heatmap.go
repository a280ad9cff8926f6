package figure

import (
	"fmt"
	"slices"
	"strconv"

	"coldstart/reports/table"
)

// Heatmap is cores × time.
const Heatmap Kind = "heatmap"

func init() {
	kinds[Heatmap] = kind{
		build:    buildHeatmap,
		headline: heatmapHeadline,
		caption:  heatmapCaption,
		numbers:  heatmapNumbers,
		common:   commonCores,
	}
}

// buildHeatmap transposes the samples: one row per core instead of one per moment.
func buildHeatmap(s *source) error {
	cell := s.cell("")
	if cell == nil {
		return nil
	}
	if cell.Usage == nil || len(cell.Usage.Samples) == 0 {
		s.missing("%s has no CPU samples", s.spec.Cells[""])
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

// Samples are the utilisation of every core, taken at a fixed interval.
type Samples struct {
	Interval float64     `json:"interval_s"` // seconds from one sample to the next, typically 0.1
	Cores    [][]float64 `json:"cores"`      // percent, 0 … 100: Cores[core][sample]
}

// samples is the largest number of samples of a core.
func (s *Samples) samples() (most int) {
	for _, core := range s.Cores {
		most = max(most, len(core))
	}
	return most
}

// duration is the sampled time in seconds.
func (s *Samples) duration() float64 { return float64(s.samples()) * s.Interval }

// mean is the mean utilisation over all cores and samples in percent; 0 without samples.
func (s *Samples) mean() float64 {
	sum, n := 0.0, 0
	for _, core := range s.Cores {
		for _, percent := range core {
			sum += percent
		}
		n += len(core)
	}
	return sum / float64(max(n, 1))
}

// saturated is the percentage of samples in which some core is busier than 90 %.
func (s *Samples) saturated() float64 {
	above := 0
	for i := range s.samples() {
		if slices.ContainsFunc(s.Cores, func(core []float64) bool { return i < len(core) && core[i] > 90 }) {
			above++
		}
	}
	return 100 * float64(above) / float64(max(s.samples(), 1))
}

// BusyCores is the mean number of busy cores; false without samples.
func (s *Samples) BusyCores() (cores float64, ok bool) {
	if s == nil || s.samples() == 0 {
		return 0, false
	}
	return s.mean() / 100 * float64(len(s.Cores)), true
}

func heatmapHeadline(d *Data) string {
	busy, ok := d.Heatmap.BusyCores()
	if !ok {
		return ""
	}
	return fmt.Sprintf("%s over %.1f s, %.1f cores busy on average",
		table.Count(len(d.Heatmap.Cores), "core"), d.Heatmap.duration(), busy)
}

func heatmapCaption(*Data) string {
	return "Each row is a core and each column a sample. The colour shows how busy the core was since the previous sample."
}

// heatmapNumbers summarises the samples.
func heatmapNumbers(d *Data) table.Table {
	h := d.Heatmap
	t := table.Table{Header: []string{"Quantity", "Value"}, Align: []table.Align{table.Left, table.Right}}
	t.Add("Cores", strconv.Itoa(len(h.Cores)))
	t.Add("Samples of each core", strconv.Itoa(h.samples()))
	t.Add("Interval between samples", fmt.Sprintf("%g s", h.Interval))
	t.Add("Time covered", fmt.Sprintf("%.1f s", h.duration()))
	t.Add("Mean utilisation over all cores", fmt.Sprintf("%.2f %%", h.mean()))
	t.Add("Share of time with the busiest core above 90 %", fmt.Sprintf("%.2f %%", h.saturated()))
	return t
}

// SingleRun says why the noise of busy cores is unknown.
const SingleRun = "a single run"

// commonCores compares the number of busy cores.
func commonCores(d, other *Data) (Common, bool) {
	here, ok1 := d.Heatmap.BusyCores()
	there, ok2 := other.Heatmap.BusyCores()
	c := Common{Quantity: "busy cores", Unit: "cores", Here: here, There: there, Blind: SingleRun}
	return c, ok1 && ok2 && there > 0
}
