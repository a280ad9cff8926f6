package process

import "testing"

func TestParseStat(t *testing.T) {
	const rest = " 0 -1 4194560 107 0 0 0 0 0 0 0 20 0 1 0 4242 2375680 226" // from the terminal on
	tests := []struct {
		text string
		want stat
		ok   bool
	}{
		{"12 (sh) S 1 12 11" + rest, stat{12, 'S', 12, 11, 4242}, true},
		{"12 (a) b) Z 1 7 12" + rest + "\n", stat{12, 'Z', 7, 12, 4242}, true},
		{"", stat{}, false},
		{"12 (sh", stat{}, false},
		{"12 (sh) S 1 12 11", stat{}, false},
		{"12 sh) S 1 12 11" + rest, stat{}, false},
		{"12 (sh) S 1 -12 11" + rest, stat{}, false},
	}
	for _, test := range tests {
		if got, ok := parseStat([]byte(test.text)); ok != test.ok || ok && got != test.want {
			t.Errorf("%q: %v, %t", test.text, got, ok)
		}
	}
}
