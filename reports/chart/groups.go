package chart

import "coldstart/reports/figure"

func init() { layouts[figure.Groups] = layout{checkPoints, newGroups} }

// newGroups makes one group of bars per model and one colour per series. If a series
// lacks a model, there is a gap.
func newGroups(d *figure.Data) body { return grouped(d) }

func grouped(d *figure.Data) *bargraph {
	keys, texts := groupKeys(d.Series)
	g := &bargraph{y: d.YLabel, x: d.XLabel, slots: newSlots(texts, inOrder(len(keys)))}
	width := 0.84 / float64(len(d.Series))
	for i, s := range d.Series {
		g.legend.entries = append(g.legend.entries, entry{name: s.Name, fill: seriesColor(i)})
		offset := (float64(i) - float64(len(d.Series)-1)/2) * width
		for _, p := range s.Points {
			g.bars = append(g.bars, bar{
				at: float64(keys[p.Key]) + offset, width: width * 0.94,
				value: p.Mean, stderr: p.StdErr, fill: seriesColor(i),
			})
		}
	}
	return g.settled()
}

// groupKeys are the groups in order of first appearance.
func groupKeys(series []figure.Series) (place map[string]int, texts []string) {
	place = map[string]int{}
	for _, s := range series {
		for _, p := range s.Points {
			if _, known := place[p.Key]; !known {
				place[p.Key] = len(texts)
				texts = append(texts, p.Label)
			}
		}
	}
	return place, texts
}
