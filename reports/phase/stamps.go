package phase

import "fmt"

// Stamps are the first and the last stamp of a log, or of several, in order of time.
// The zero Stamps has none.
type Stamps struct {
	first, last stamp
	lines       int // that have one
}

func (s *Stamps) add(of stamp) {
	switch {
	case s.lines == 0:
		s.first, s.last = of, of
	case of.millisecondsSince(s.last) > 0:
		s.last = of
	case of.millisecondsSince(s.first) < 0:
		s.first = of
	}
	s.lines++
}

// Join adds the stamps of another log. The logs must be written within half a year of
// each other: vLLM writes no year, so the order is not known otherwise.
func (s *Stamps) Join(other Stamps) {
	switch {
	case other.lines == 0:
		return
	case s.lines == 0:
		*s = other
		return
	}
	lines := s.lines + other.lines
	s.add(other.first)
	s.add(other.last)
	s.lines = lines
}

// String is both stamps, as in "02-09 16:09 to 02-13 10:22"; empty if there are none.
func (s Stamps) String() string {
	if s.lines == 0 {
		return ""
	}
	first, last := s.first.minute(), s.last.minute()
	if first == last {
		return first
	}
	return first + " to " + last
}

// minute is a stamp as vLLM writes it, without its seconds.
func (s stamp) minute() string {
	minutes := s.ms / 1000 / 60
	return fmt.Sprintf("%02d-%02d %02d:%02d", s.month, s.day, minutes/60, minutes%60)
}
