package reproduction

import (
	"slices"
	"testing"
)

func limit(x float64) *float64 { return &x }

// A claim is decided only where the whole interval is on one side of a limit.
func TestDecide(t *testing.T) {
	above, below, between := Rule{Above: limit(2)}, Rule{Below: limit(2)}, Rule{Between: &[2]float64{0.95, 1.05}}
	tests := map[string]struct {
		rule      Rule
		low, high float64
		want      Verdict
	}{
		"above":                    {above, 2.1, 3, Holds},
		"above, at the limit":      {above, 2, 3, Undecided},
		"above, across":            {above, 1.9, 3, Undecided},
		"above, beneath":           {above, 1, 1.9, DoesNotHold},
		"below":                    {below, 1, 1.9, Holds},
		"below, across":            {below, 1, 2.1, Undecided},
		"below, beyond":            {below, 2.1, 3, DoesNotHold},
		"between":                  {between, 0.96, 1.04, Holds},
		"between, across one":      {between, 0.94, 1.04, Undecided},
		"between, across both":     {between, 0.5, 2, Undecided},
		"between, beneath":         {between, 0.5, 0.94, DoesNotHold},
		"between, beyond":          {between, 1.06, 2, DoesNotHold},
		"exactly known, inside":    {between, 1, 1, Holds},
		"exactly known, outside":   {between, 1.1, 1.1, DoesNotHold},
		"exactly known, the limit": {above, 2, 2, Undecided},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := test.rule.decide(&Interval{test.low, test.high}); got != test.want {
				t.Errorf("%g to %g %s: %s, want %s", test.low, test.high, test.rule.in(""), got, test.want)
			}
		})
	}
	if got := above.decide(nil); got != Undecided {
		t.Errorf("without an interval: %s", got)
	}
}

// Rules and values in their units, as the tables have them.
func TestClaimWords(t *testing.T) {
	c := Claim{Published: "1.10"}
	tests := [][2]string{
		{Rule{Above: limit(1.05)}.in("×"), "above ×1.05"},
		{Rule{Below: limit(20)}.in("%"), "below 20 %"},
		{Rule{Between: &[2]float64{0.95, 1.05}}.in("×"), "×0.95 to 1.05"},
		{Rule{Above: limit(0.5)}.in(""), "above 0.5"},
		{c.Format(1.2345), "1.23"},
		{(&Claim{Published: "87"}).Format(86.6), "87"},
	}
	for _, test := range tests {
		if test[0] != test[1] {
			t.Errorf("got %q, want %q", test[0], test[1])
		}
	}
}

// A figure has the verdict of its claim, or the number of each verdict.
func TestVerdicts(t *testing.T) {
	claim := func(figure string, verdict Verdict) Judgement {
		c := Claim{Figure: figure, Text: "It grows", Unit: "×", Published: "2", Rule: Rule{Above: limit(1)}}
		return Judgement{Claim: c, Verdict: verdict, Note: "no data"}
	}
	r := &Reproduction{Claims: []Judgement{
		claim("2", Holds), claim("12", Undecided), claim("13", Holds), claim("13", DoesNotHold), claim("14", Holds), claim("14", Holds),
		claim("15", NotMeasured),
	}}
	for figure, want := range map[string]string{
		"1": "", "2": "holds", "12": "undecided", "13": "1 holds, 1 does not hold", "14": "2 hold", "15": "not measured",
	} {
		if got := r.VerdictOf(figure); got != want {
			t.Errorf("figure %s: got %q, want %q", figure, got, want)
		}
	}
	want := []string{
		"Figure 12, undecided: It grows (above ×1). Here: no data.",
		"Figure 13, does not hold: It grows (above ×1). Here: no data.",
	}
	if got := r.Open(); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
