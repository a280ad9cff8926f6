package paper_test

import (
	"testing"

	"coldstart/reports/figure"
	"coldstart/reports/reproduction"
	"coldstart/runner/paper"
)

// Every published value is what the recorded runs give, to the decimals that it has.
func TestPublishedValues(t *testing.T) {
	recorded := recordedResults(t)
	figures, err := figure.All(recorded)
	if err != nil {
		t.Fatal(err)
	}
	claims, err := reproduction.ReadClaims(paper.ClaimsJSON)
	if err != nil {
		t.Fatal(err)
	}
	made, err := reproduction.New(recorded, figures, &reproduction.Published{Results: recorded, Claims: claims})
	if err != nil {
		t.Fatal(err)
	}
	if len(made.Claims) == 0 {
		t.Error("there are no claims")
	}
	for _, j := range made.Claims {
		if j.Here == nil {
			t.Errorf("claim %s: the recorded runs give nothing: %s", j.ID, j.Note)
		} else if got := j.Format(j.Here.Value); got != j.Published.String() {
			t.Errorf("claim %s: the recorded runs give %s, published is %s", j.ID, got, j.Published)
		}
	}
}
