package figure

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"coldstart/reports/result"
	"coldstart/reports/segment"
)

// Segments has one bar per start-up, made of the segments of its time to ready, and of
// first_token if the engine served. A series is a bar. It is not one of the paper's figures.
const Segments Kind = "segments"

func init() {
	kinds[Segments] = kind{
		build:     buildSegments,
		headline:  segmentsHeadline,
		caption:   segmentsCaption,
		numbers:   rowPerPoint("Segment"),
		common:    commonPoints,
		unit:      "s",
		anyModels: true,
	}
}

// SegmentsOf are figures of a plan's sets, one per set.
func SegmentsOf(plan *result.Plan) (specs []result.Figure) {
	for i := range plan.Sets {
		specs = append(specs, segmentsSpec(plan, plan.Sets[i].Name))
	}
	return specs
}

// segmentsSpec has the jobs that measured a set as its sides, by their nodes. If a node has
// several, their roles tell them apart.
func segmentsSpec(plan *result.Plan, set string) result.Figure {
	spec := result.Figure{
		Number: string(Segments), Name: string(Segments) + "-" + set, Kind: string(Segments),
		Title: "Time to ready by segment, set " + set, YLabel: "Time (s)",
		Nodes: map[string]string{}, Cells: map[string]string{},
	}
	for _, cell := range plan.Cells {
		if cell.Set != set || cell.Shares != "" {
			continue
		}
		side := cell.Node
		if spec.Nodes[side] != "" {
			side = cell.Role + " " + cell.Node
		}
		spec.Roles = append(spec.Roles, side)
		spec.Nodes[side], spec.Cells[side] = cell.Node, cell.ID
	}
	return spec
}

// buildSegments makes a bar of each configuration on each side.
func buildSegments(s *source) error {
	if len(s.spec.Roles) == 0 {
		return nil
	}
	all := s.set(s.spec.Roles[0]).Configurations
	for _, c := range all {
		for _, side := range s.spec.Roles {
			if points := segmentPoints(s.counted(side, c)); len(points) > 0 {
				label := strings.TrimSpace(s.model(c.Model).Label + " " + difference(c, all))
				if len(s.spec.Roles) > 1 {
					label += ", " + side
				}
				s.data.Series = append(s.data.Series, Series{Name: label, Points: points})
			}
		}
	}
	return nil
}

// difference tells a configuration from the others of its model: by the release, by the
// environment, or else by what its ID has besides. It is empty if there are no others.
func difference(c result.Configuration, all []result.Configuration) string {
	others := false
	for _, other := range all {
		switch {
		case other.Model != c.Model || other.ID == c.ID:
		case other.Release != c.Release:
			return c.Release
		case other.Environment != c.Environment:
			return c.Environment
		default:
			others = true
		}
	}
	if !others {
		return ""
	}
	return strings.Trim(strings.TrimPrefix(c.ID, c.Model), "_")
}

// segmentPoints are the means of segments over the runs that have any. Segments that are
// one in some of the runs are one in all. A run without serving_setup was ready before it.
func segmentPoints(runs []*result.Run) (points []Point) {
	var all []segment.Times
	for _, run := range runs {
		if len(run.Segments) > 0 {
			all = append(all, run.Segments)
		}
	}
	if len(all) == 0 {
		return nil
	}
	var names [segment.Count]string // by the first segment
	var values [segment.Count][]float64
	shared, _ := segment.Shared(all)
	for i, times := range shared {
		for _, t := range times {
			if values[t.First] == nil {
				names[t.First], values[t.First] = t.Name(), make([]float64, len(shared))
			}
			values[t.First][i] = t.Seconds()
		}
	}
	for first, name := range names {
		if name != "" {
			points = append(points, point(name, strings.ReplaceAll(name, "+", " + "), values[first]))
		}
	}
	return points
}

// SegmentKinds has a point of each segment that some bar has, in order of time.
func (d *Data) SegmentKinds() (points []Point) {
	for _, p := range d.Points() {
		if !slices.ContainsFunc(points, func(other Point) bool { return other.Key == p.Key }) {
			points = append(points, p)
		}
	}
	first := func(p Point) int {
		name, _, _ := strings.Cut(p.Key, "+")
		return slices.Index(segment.Names(), name)
	}
	slices.SortStableFunc(points, func(a, b Point) int { return cmp.Compare(first(a), first(b)) })
	return points
}

// ToReady is a bar's time to ready, in seconds.
func ToReady(bar Series) (seconds float64) {
	for _, p := range bar.Points {
		if p.Key != segment.Names()[segment.FirstToken] {
			seconds += p.Mean
		}
	}
	return seconds
}

func segmentsHeadline(d *Data) string {
	byTime := func(a, b Series) int { return cmp.Compare(ToReady(a), ToReady(b)) }
	least, most := slices.MinFunc(d.Series, byTime), slices.MaxFunc(d.Series, byTime)
	if len(d.Series) == 1 {
		return fmt.Sprintf("ready after %.2f s", ToReady(most))
	}
	return fmt.Sprintf("ready after %.2f s (%s) to %.2f s (%s)", ToReady(least), least.Name, ToReady(most), most.Name)
}

func segmentsCaption(d *Data) string {
	words := fmt.Sprintf("Each bar is one start-up, and each of its segments the %s. "+
		"The number behind a bar is the time to ready.", d.meanOver("iterations"))
	if d.has(func(p Point) bool { return strings.Contains(p.Key, "+") }) {
		words += " Hatched are segments that are one, because the logs do not tell where one ends."
	}
	return words
}
