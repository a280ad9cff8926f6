package figure

import (
	"fmt"
	"strconv"
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

// Samples are utilisations of every core, taken at a steady interval.
type Samples struct {
	Interval float64     `json:"interval_s"` // seconds from one sample to the next, typically 0.1
	Cores    [][]float64 `json:"cores"`      // percent, 0 … 100: Cores[core][sample]
}

// BusyCores is how many cores were busy on average over all samples. It is false
// where there are none.
func (s *Samples) BusyCores() (cores float64, ok bool) {
	if s == nil {
		return 0, false
	}
	sum, n := 0.0, 0
	for _, core := range s.Cores {
		for _, percent := range core {
			sum += percent
		}
		n += len(core)
	}
	if n == 0 {
		return 0, false
	}
	return sum / float64(n) / 100 * float64(len(s.Cores)), true
}

func heatmapHeadline(d *Data) string {
	busy, ok := d.Heatmap.BusyCores()
	if !ok {
		return ""
	}
	longest := 0
	for _, core := range d.Heatmap.Cores {
		longest = max(longest, len(core))
	}
	return fmt.Sprintf("%d cores over %.1f s, %.1f cores busy on average", len(d.Heatmap.Cores), float64(longest)*d.Heatmap.Interval, busy)
}

func heatmapCaption(*Data) string {
	return "Each row is a core, each column a sample; the colour is how busy the core was since the sample before."
}

// heatmapNumbers sums the samples up.
func heatmapNumbers(d *Data) Numbers {
	const busy = 90 // percent
	var sum, count float64
	var peaks []float64
	for _, core := range d.Heatmap.Cores {
		for i, v := range core {
			sum += v
			count++
			if i == len(peaks) {
				peaks = append(peaks, v)
			}
			peaks[i] = max(peaks[i], v)
		}
	}
	above := 0
	for _, p := range peaks {
		if p > busy {
			above++
		}
	}
	return Numbers{
		Header: []string{"What", "Value"},
		Rows: [][]string{
			{"Cores", strconv.Itoa(len(d.Heatmap.Cores))},
			{"Samples of each core", strconv.Itoa(len(peaks))},
			{"Interval between samples", significant(d.Heatmap.Interval) + " s"},
			{"Time covered", significant(float64(len(peaks))*d.Heatmap.Interval) + " s"},
			{"Mean utilisation over all cores", significant(sum/max(count, 1)) + " %"},
			{"Share of time with the busiest core above 90 %", significant(100*float64(above)/max(float64(len(peaks)), 1)) + " %"},
		},
	}
}

// SingleRun says why the noise of busy cores is not known.
const SingleRun = "a single run"

// commonCores compares how many cores were busy.
func commonCores(d, other *Data) (Common, bool) {
	here, ok1 := d.Heatmap.BusyCores()
	there, ok2 := other.Heatmap.BusyCores()
	c := Common{Quantity: "busy cores", Unit: "cores", Here: here, There: there, Blind: SingleRun}
	return c, ok1 && ok2 && there > 0
}
