package figure

import "testing"

func TestSignificant(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 1: "1.000", 0.66: "0.6600", 14.8213: "14.82", 57.623: "57.62", 123456: "123456", 0.00316: "0.003160", -2.5: "-2.500", 1e-12: "0.00000000",
	} {
		if got := significant(v); got != want {
			t.Errorf("%v: got %q, want %q", v, got, want)
		}
	}
}

func TestSamplesAreSummedUp(t *testing.T) {
	samples := &Samples{Interval: 0.1, Cores: [][]float64{{0, 100, 50, 0}, {0, 0, 91}}}
	table := (&Data{Kind: Heatmap, Heatmap: samples}).Numbers()
	want := []string{"2", "4", "0.1 s", "0.4 s", "34.43 %", "50.00 %"}
	for i, w := range want {
		if got := table.Rows[i][1].Text; got != w {
			t.Errorf("%s: got %q, want %q", table.Rows[i][0].Text, got, w)
		}
	}
}

// Every number of a column has the same number of decimals.
func TestPrecisionOfAColumn(t *testing.T) {
	tests := map[string]struct {
		wanted precision
		values []float64
		want   int
	}{
		"x as it was given":              {given, []float64{0.5, 4, 14.3}, 1},
		"whole numbers":                  {given, []float64{3, 60}, 0},
		"a third":                        {given, []float64{1.0 / 3}, 6},
		"times":                          {measured, []float64{6.743, 57.618}, 2},
		"short times":                    {measured, []float64{0.09, 0.3}, 4},
		"no short time shows as 0":       {measured, []float64{0.0042, 300}, 3},
		"long times":                     {measured, []float64{123456}, 0},
		"an overlap is negative":         {measured, []float64{-0.5, 22.4}, 2},
		"errors":                         {uncertain, []float64{0.0002449, 0.02581, 0}, 4},
		"all the same":                   {uncertain, []float64{0, 0}, 0},
		"smaller than a report can show": {measured, []float64{1e-12}, 6},
		"nothing":                        {measured, nil, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := test.wanted(test.values); got != test.want {
				t.Errorf("%v: %d decimals, want %d", test.values, got, test.want)
			}
		})
	}
}
