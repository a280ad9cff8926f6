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
	want := []string{"2", "4", "0.1000 s", "0.4000 s", "34.43 %", "50.00 %"}
	for i, w := range want {
		if got := table.Rows[i][1].Text; got != w {
			t.Errorf("%s: got %q, want %q", table.Rows[i][0].Text, got, w)
		}
	}
}
