package phase

import (
	"strings"
	"testing"
)

func TestStamps(t *testing.T) {
	const feb, mar = "INFO 02-09 16:09:59.999 a\nINFO 02-09 16:10:30 b\n", "INFO 03-01 00:00:00 a\n"
	const dec, jan = "INFO 12-31 23:59:00 a\nINFO 01-01 00:01:00 b\n", "INFO 01-02 08:00:00 a\n"
	tests := map[string]struct {
		logs []string
		want string
	}{
		"one log":                {[]string{feb}, "02-09 16:09 to 02-09 16:10"},
		"several, in any order":  {[]string{mar, feb}, "02-09 16:09 to 03-01 00:00"},
		"over New Year":          {[]string{jan, dec}, "12-31 23:59 to 01-02 08:00"},
		"some without stamps":    {[]string{"no stamp\n", mar, ""}, "03-01 00:00"},
		"none has a stamp":       {[]string{"no stamp\n"}, ""},
		"no logs":                {nil, ""},
		"of a prefix":            {[]string{"2026-02-09T16:09:00Z a\nFeb  9 16:10:00 b\n"}, "02-09 16:09 to 02-09 16:10"},
		"vLLM's own count first": {[]string{"2026-02-09 15:00:00 a\n" + feb}, "02-09 16:09 to 02-09 16:10"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var all Stamps
			for _, text := range test.logs {
				log, err := Read(strings.NewReader(text), "x.log")
				if err != nil {
					t.Fatal(err)
				}
				all.Join(log.Stamps)
			}
			if got := all.String(); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}
