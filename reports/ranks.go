package reports

import (
	"fmt"
	"strings"

	"coldstart/reports/rank"
)

// rankWords say of each configuration with several ranks how far apart they were, in a
// sentence.
func (r *Report) rankWords() (sentences []string) {
	for _, cell := range r.Results.Plan.Cells {
		found, set := r.Results.Cells[cell.ID], r.Results.Plan.Set(cell.Set)
		if found == nil || set == nil {
			continue
		}
		for _, c := range set.Configurations {
			runs := found.CountedRuns(c.ID)
			if len(runs) == 0 {
				continue
			}
			if words := rank.OfRuns(found, runs).Words(); len(words) > 0 {
				sentences = append(sentences,
					fmt.Sprintf("%s on %s: %s.", r.modelOf(set, runs[0]), cell.Node, strings.Join(words, "; ")))
			}
		}
	}
	return sentences
}
