package phase

import (
	"math"
	"testing"
)

func TestParseDated(t *testing.T) {
	tests := []struct {
		text string
		n    int // 0: not a date
		from string
		want float64 // seconds after from, vLLM's stamp
		fine bool
	}{
		{"2026-03-04T09:00:00.123456789Z x", 30, "03-04 09:00:00", 0.123, true},
		{"2026-03-04T09:00:00Z x", 20, "03-04 08:59:59", 1, false},
		{"2026-03-04T09:00:00+0100 x", 24, "03-04 09:00:00", 0, false},
		{"2026-03-04T09:00:00.5-08:00 x", 27, "03-04 09:00:00", 0.5, true},
		{"2026-03-04 09:00:00,315 - x", 23, "03-04 09:00:00", 0.315, true},
		{"2026/03/04 09:00:00 x", 19, "03-04 09:00:00", 0, false},
		{"Mar 04 09:00:01 host", 15, "03-04 09:00:00", 1, false},
		{"Mar  4 09:00:01.250000 host", 22, "03-04 09:00:00", 1.25, true},
		{text: "03-04 09:00:00 x"}, {text: "2026-13-04 09:00:00"}, {text: "2026-03-04"}, {text: "2026-03-04 09:00"},
		{text: "Mrz 04 09:00:00 host"}, {text: "ar  04 09:00:00 host"}, {text: "2026-03/04 09:00:00"}, {text: ""},
	}
	for _, test := range tests {
		d, n := parseDated([]byte(test.text))
		if n != test.n || d.fine != test.fine {
			t.Errorf("%q: %d bytes, want %d; fine %t", test.text, n, test.n, d.fine)
		}
		if from, _, ok := findStamp([]byte(test.from)); ok && math.Abs(d.since(from)-test.want) > 1e-9 {
			t.Errorf("%q: %v s after %s, want %v", test.text, d.since(from), test.from, test.want)
		}
	}
}

func TestParseObject(t *testing.T) {
	tests := []struct {
		text, message, time string
		ok                  bool
	}{
		{`{"message": "a \"b\"", "asctime": "t"}`, `a \"b\"`, "t", true},
		{`{"ts":1.5,"nested":{"message":"no","x":["}"]},"msg":"yes"}`, "yes", "1.5", true},
		{`{"log":"a\n","time":"t"}`, `a\n`, "t", true},
		{`{"message": "first", "msg": "second"}`, "first", "", true},
		{`{"message": "cut of`, "", "", false},
		{`{"level":"info"}`, "", "", false},
		{`{}`, "", "", false}, {`{`, "", "", false}, {`{"message" "x"}`, "", "", false}, {`{"a":[{"b":"`, "", "", false},
	}
	for _, test := range tests {
		o, ok := parseObject([]byte(test.text))
		if ok != test.ok || string(o.message) != test.message || string(o.time) != test.time {
			t.Errorf("%s: message %q, time %q, %t", test.text, o.message, o.time, ok)
		}
	}
	for text, want := range map[string]string{
		`a\n\tb`: "a\n\tb", `\u00e9\"\\`: "é\"\\", `\`: `\`, `\u12`: "u12", "plain": "plain",
	} {
		if got := string(unescape(nil, []byte(text))); got != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
	}
}

// A prefix counts only if it says when a line was printed.
func TestClock(t *testing.T) {
	own := func(text string) instant {
		s, _, _ := findStamp([]byte(text))
		return instant{own: s, hasOwn: true}
	}
	with := func(i instant, prefix string) instant {
		d, _ := parseDated([]byte(prefix))
		i.prefix, i.hasPrefix = d.stamp, true
		return i
	}
	first := with(own("03-04 09:00:00"), "2026-03-04T10:00:00.250Z")
	steady := with(own("03-04 09:00:05"), "2026-03-04T10:00:05.500Z")
	late := with(own("03-04 09:00:05"), "2026-03-04T10:00:45.500Z")
	ready := with(instant{}, "2026-03-04T10:00:09.000Z")
	tests := map[string]struct {
		clock    clock
		from, to instant
		want     int64
		ok       bool
	}{
		"prefixes have the fraction":    {clock{prefixFine: true}, first, steady, 5250, true},
		"vLLM's stamps have it, too":    {clock{prefixFine: true, ownFine: true}, first, steady, 5000, true},
		"prefixes have none":            {clock{}, first, steady, 5000, true},
		"lines were held back":          {clock{prefixFine: true}, first, late, 5000, true},
		"no stamp of vLLM":              {clock{prefixFine: true, ownFine: true}, first, ready, 8750, true},
		"nor a prefix that can be used": {clock{}, with(own("03-04 09:00:00"), "2026-03-04T10:00:40Z"), instant{}, 0, false},
	}
	for name, test := range tests {
		c := test.clock
		c.add(&first)
		c.add(&test.from)
		c.add(&test.to)
		if ms, ok := c.between(test.from, test.to); ms != test.want && ok || ok != test.ok {
			t.Errorf("%s: %d ms (%t), want %d", name, ms, ok, test.want)
		}
	}
}
