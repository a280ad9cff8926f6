package history

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

// noise is how recorded runs of a phase vary: each over the mean of its configuration.
func noise(t testing.TB) map[string][]float64 {
	t.Helper()
	text, err := os.ReadFile("testdata/noise.json")
	if err != nil {
		t.Fatal(err)
	}
	var file map[string]json.RawMessage
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	delete(file, "source")
	phases := map[string][]float64{}
	for name, values := range file {
		var all []float64
		if err := json.Unmarshal(values, &all); err != nil || len(all) < 400 {
			t.Fatalf("%s: %d values (%v)", name, len(all), err)
		}
		phases[name] = all
	}
	return phases
}

// changesOf are those of a line.
func changesOf(seconds []float64) []Change {
	line := Line{Seconds: seconds, records: []*Record{{}}, At: make([]int, len(seconds))}
	line.search()
	return line.Changes
}

// recorded draws records of a phase of 10 s: each the mean of some runs at random.
type recorded struct {
	*rand.Rand
	noise []float64
	runs  int
}

func (r recorded) draw(n int) (seconds []float64) {
	for range n {
		sum := 0.0
		for range r.runs {
			sum += r.noise[r.IntN(len(r.noise))]
		}
		seconds = append(seconds, 10*sum/float64(r.runs))
	}
	return seconds
}

// kinds are records as they are kept: few runs of the whole start-up, or as many as the
// paper made, of single phases too.
var kinds = []struct {
	phase string
	runs  int
}{
	{"actual_total_time", 1}, {"actual_total_time", 3}, {"actual_total_time", 5},
	{"torch.compile", 5}, {"load_weights", 5}, {"graph_capturing", 5}, {"tokenizer_init", 5},
}

// Of 40 steps of 5 %, at least 36 are found within two records of their place.
func TestStepsAreFound(t *testing.T) {
	for _, kind := range kinds {
		r := recorded{rand.New(rand.NewPCG(40, uint64(kind.runs))), noise(t)[kind.phase], kind.runs}
		found, exact := 0, 0
		for range 40 {
			n := 20 + r.IntN(20)
			at := 8 + r.IntN(n-16)
			seconds := r.draw(n)
			for i := range seconds[at:] {
				seconds[at+i] *= 1.05
			}
			changes := changesOf(seconds)
			if slices.ContainsFunc(changes, func(c Change) bool { return max(c.At-at, at-c.At) <= 2 && c.Share() > 0.02 && c.Share() < 0.08 }) {
				found++
			}
			if slices.ContainsFunc(changes, func(c Change) bool { return c.At == at }) {
				exact++
			}
		}
		t.Logf("%s, %d runs a record: %d of 40 steps found, %d of them at their very place", kind.phase, kind.runs, found, exact)
		if found < 36 {
			t.Errorf("%s, %d runs a record: only %d of 40 steps are found", kind.phase, kind.runs, found)
		}
	}
}

// Where nothing changed, at most one change is found per 100 records: in a history as it
// stands, and in one that is searched again after every record that it gets.
func TestFalseAlarms(t *testing.T) {
	for _, kind := range kinds {
		r := recorded{rand.New(rand.NewPCG(100, uint64(kind.runs))), noise(t)[kind.phase], kind.runs}
		const series, records = 40, 100
		once, ever := 0, 0
		for range series {
			seconds := r.draw(records)
			once += len(changesOf(seconds))
			var alarms []int
			for n := range records {
				for _, c := range changesOf(seconds[:n+1]) {
					if !slices.ContainsFunc(alarms, func(at int) bool { return max(c.At-at, at-c.At) <= shortest }) {
						alarms = append(alarms, c.At)
					}
				}
			}
			ever += len(alarms)
		}
		perHundred := func(n int) float64 { return float64(n) / series * 100 / records }
		t.Logf("%s, %d runs a record: %.2f false alarms per 100 records, %.2f if every new one is searched",
			kind.phase, kind.runs, perHundred(once), perHundred(ever))
		if perHundred(once) > 1 || perHundred(ever) > 1 {
			t.Errorf("%s, %d runs a record: %.2f false alarms per 100 records, %.2f if every new one is searched",
				kind.phase, kind.runs, perHundred(once), perHundred(ever))
		}
	}
}

func TestSearch(t *testing.T) {
	steady := func(n int, seconds float64) []float64 { return slices.Repeat([]float64{seconds}, n) }
	join := slices.Concat[[]float64]
	for _, test := range []struct {
		name    string
		seconds []float64
		want    []int
	}{
		{"nothing", nil, nil},
		{"too few", []float64{1, 1, 2, 2, 2}, nil},
		{"steady", steady(100, 5), nil},
		{"a step", join(steady(8, 5), steady(8, 5.5)), []int{8}},
		{"a step less than is told", join(steady(30, 5), steady(30, 5.04)), nil},
		{"hundredths", join(steady(4, 0.78), steady(4, 0.79)), nil},
		{"three after the step", join(steady(20, 5), steady(3, 5.5)), nil},
		{"four after the step", join(steady(20, 5), steady(4, 5.5)), []int{20}},
		{"an outlier", join(steady(10, 5), steady(1, 50), steady(10, 5)), nil},
		{"an outlier before a step", join(steady(10, 5), steady(1, 50), steady(10, 5), steady(10, 5.5)), []int{21}},
		{"up and down", join(steady(20, 5), steady(6, 6), steady(20, 5)), []int{20, 26}},
		{"far apart", join(steady(300, 5), steady(300, 6), steady(300, 5)), []int{300, 600}},
		{"shorter than can be told", join(steady(20, 0.05), steady(20, 0.09)), nil},
		{"zero", steady(50, 0), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []int
			for _, c := range changesOf(test.seconds) {
				got = append(got, c.At)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("changes at %v, want %v", got, test.want)
			}
		})
	}
}

// The statistic of E-divisive, by its definition: slow, and not from sums of sums.
func TestMostDivergentByDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	mean := func(a, b []float64, pairs float64) (sum float64) {
		for _, x := range a {
			for _, y := range b {
				sum += max(x-y, y-x)
			}
		}
		return sum / pairs
	}
	for range 50 {
		values := make([]float64, 6+r.IntN(30))
		for i := range values {
			values[i] = r.NormFloat64()
		}
		wantAt, wantEnd, most := 0, 0, 0.0
		for at := shortest; at <= len(values)-shortest; at++ {
			for end := at + shortest; end <= len(values); end++ {
				a, b := values[:at], values[at:end]
				m, n := float64(len(a)), float64(len(b))
				q := m * n / (m + n) * (2*mean(a, b, m*n) - mean(a, a, m*(m-1)) - mean(b, b, n*(n-1)))
				if wantAt == 0 || q > most {
					wantAt, wantEnd, most = at, end, q
				}
			}
		}
		if at, end, ok := mostDivergent(values); !ok || at != wantAt || end != wantEnd {
			t.Fatalf("%v is divided at %d up to %d, by definition at %d up to %d", values, at, end, wantAt, wantEnd)
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	seconds := recorded{rand.New(rand.NewPCG(1, 1)), noise(b)["actual_total_time"], 5}.draw(10_000)
	for b.Loop() {
		changesOf(seconds)
	}
}
