package environment

import (
	"strings"
	"testing"
)

// What a setup downloads is said as far as uv tells it.
func TestForesight(t *testing.T) {
	sizes := map[string]int64{"torch": 3e9, "six": 1e6}
	for want, f := range map[string]foresight{
		"": {},
		"2 packages, nothing to download: uv's cache has all":                                            {packages: 2},
		"2 packages, 2 to download, of unknown size":                                                     {packages: 2, missing: 2},
		"2 packages, 2 to download: 3.00 GB (4m1s at 100 Mbit/s, 25s at 1 Gbit/s)":                       {packages: 2, missing: 2, sizes: sizes},
		"2 packages, 1 to download: at most 3.00 GB (4m1s at 100 Mbit/s, 25s at 1 Gbit/s)":               {packages: 2, missing: 1, sizes: sizes},
		"3 packages, 3 to download: 3.00 GB and 1 of unknown size (4m1s at 100 Mbit/s, 25s at 1 Gbit/s)": {packages: 3, missing: 3, sizes: sizes},
		"1 package, 1 to download: 0.00 GB (1s at 100 Mbit/s, 1s at 1 Gbit/s)":                           {packages: 1, missing: 1, sizes: map[string]int64{"six": 1e6}},
	} {
		if got := f.String(); got != want {
			t.Errorf("%+v:\n%s\nwant\n%s", f, got, want)
		}
	}
}

// A setup says what it downloads before it begins, and then what has arrived.
func TestSetupSaysWhatComes(t *testing.T) {
	fakeUV(t)
	e := sample(sampleIndex(t))
	var said []string
	if _, err := (Store{Dir: t.TempDir()}).Setup(t.Context(), e, Options{Progress: func(line string) { said = append(said, line) }}); err != nil {
		t.Fatal(err)
	}
	const want = `3 packages, 3 to download: 1.50 GB and 2 of unknown size (2m0s at 100 Mbit/s, 12s at 1 Gbit/s)
Downloaded one: 1.50 GB of 1.50 GB
Installed 2 packages
Installed 1 packages
`
	if got := strings.Join(said[1:], "\n") + "\n"; got != want {
		t.Errorf("said\n%s\nwant\n%s", got, want)
	}
}

// The real uv tells the number of packages, and no size where the index tells none.
func TestSetupSaysWhatComesOfTheRealUV(t *testing.T) {
	realUV(t)
	e := sample(sampleIndex(t))
	e.Python = python(t)
	var said []string
	if _, err := (Store{Dir: t.TempDir()}).Setup(t.Context(), e, Options{Progress: func(line string) { said = append(said, line) }}); err != nil {
		t.Fatal(err)
	}
	if want := "3 packages, 3 to download, of unknown size"; said[1] != want {
		t.Errorf("said\n%s\nand not %s", strings.Join(said, "\n"), want)
	}
}
