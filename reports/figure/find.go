package figure

// Point finds a point by its series and key. No figure has none.
func (d *Data) Point(series, key string) (Point, bool) {
	if d == nil {
		return Point{}, false
	}
	for _, s := range d.Series {
		for _, p := range s.Points {
			if s.Name == series && p.Key == key {
				return p, true
			}
		}
	}
	return Point{}, false
}

// A Guess is a model's start-up, predicted and measured, in seconds.
type Guess struct {
	Model            string // key
	Predicted, Truth float64
}

// Guesses are those of a figure of kind prediction, by the published method.
func (d *Data) Guesses() (guesses []Guess) {
	for _, s := range d.Series {
		if s.Name != Truth {
			continue
		}
		for _, truth := range s.Points {
			if guess, ok := d.Point(Predicted, truth.Key); ok {
				guesses = append(guesses, Guess{Model: truth.Key, Predicted: guess.Mean, Truth: truth.Mean})
			}
		}
	}
	return guesses
}

// BusyCores is how many cores were busy on average over all samples. It is false
// where there are none.
func (s *Samples) BusyCores() (cores float64, ok bool) {
	if s == nil {
		return 0, false
	}
	sum, n := 0.0, 0
	for _, core := range s.Cores {
		for _, percent := range core {
			sum += percent
		}
		n += len(core)
	}
	if n == 0 {
		return 0, false
	}
	return sum / float64(n) / 100 * float64(len(s.Cores)), true
}
