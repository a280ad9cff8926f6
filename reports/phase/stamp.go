package phase

import (
	"bytes"
	"time"
)

// stamp is a log record's time of day and date. vLLM writes no year.
type stamp struct {
	month, day uint8
	ms         int32 // since midnight
}

const (
	msPerDay   = 24 * 60 * 60 * 1000
	stampBytes = len("MM-DD HH:MM:SS")
)

// daysBefore counts the days of a common year before each month.
var daysBefore = [13]int64{1: 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334}

// findStamp finds the first stamp of vLLM in line, "MM-DD HH:MM:SS" or
// "MM-DD HH:MM:SS.mmm". end is the index behind it.
//
// A date with a year, which other loggers and process managers write, is skipped.
func findStamp(line []byte) (s stamp, end int, found bool) {
	const colon = len("MM-DD HH")
	for from := 0; ; {
		i := bytes.IndexByte(line[from:], ':')
		if i < 0 {
			return stamp{}, 0, false
		}
		at := from + i - colon
		if at >= 0 && at+stampBytes <= len(line) && !(at > 0 && partOfDate(line[at-1])) {
			if s, n := parseStamp(line[at:]); n > 0 {
				return s, at + n, true
			}
		}
		from += i + 1
	}
}

// lastStamp finds the last stamp in text.
func lastStamp(text []byte) (last stamp, found bool) {
	if bytes.IndexByte(text, '-') < 0 { // as in nearly all heads behind their stamp
		return stamp{}, false
	}
	for {
		s, end, ok := findStamp(text)
		if !ok {
			return last, found
		}
		last, found = s, true
		text = text[end:]
	}
}

func partOfDate(c byte) bool { return c == '-' || isDigit(c) }

// parseStamp reads the stamp that text begins with; n is its length in bytes, 0 if
// there is none.
func parseStamp(text []byte) (s stamp, n int) {
	if text[2] != '-' || text[5] != ' ' || text[8] != ':' || text[11] != ':' {
		return stamp{}, 0
	}
	s, ok := newStamp(twoDigits(text[0:]), twoDigits(text[3:]), text[6:])
	if !ok {
		return stamp{}, 0
	}
	ms, n := milliseconds(text[stampBytes:])
	s.ms += ms
	return s, stampBytes + n
}

// whole is the stamp without its milliseconds.
func (s stamp) whole() stamp {
	s.ms -= s.ms % 1000
	return s
}

// milliseconds reads the ".mmm" that text begins with; n is its length, 0 if there is none.
func milliseconds(text []byte) (ms int32, n int) {
	if len(text) < len(".mmm") || text[0] != '.' || !isDigit(text[1]) {
		return 0, 0
	}
	tail := twoDigits(text[2:])
	if tail < 0 {
		return 0, 0
	}
	return int32(text[1]-'0')*100 + int32(tail), len(".mmm")
}

// newStamp makes a stamp of a month, a day and the "HH:MM:SS" that text begins with.
func newStamp(month, day int, text []byte) (s stamp, ok bool) {
	hour, minute, second := twoDigits(text[0:]), twoDigits(text[3:]), twoDigits(text[6:])
	if month < 1 || month > 12 || day < 1 || day > 31 ||
		hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60 {
		return stamp{}, false
	}
	return stamp{month: uint8(month), day: uint8(day), ms: int32(((hour*60+minute)*60 + second) * 1000)}, true
}

// stampOf is the stamp of a moment, on the clock of its time zone.
func stampOf(t time.Time) stamp {
	ms := ((t.Hour()*60+t.Minute())*60+t.Second())*1000 + t.Nanosecond()/1e6
	return stamp{month: uint8(t.Month()), day: uint8(t.Day()), ms: int32(ms)}
}

// hasMilliseconds tells whether the stamp at the end of a text has milliseconds.
func hasMilliseconds(text []byte) bool { return text[len(text)-len(".mmm")] == '.' }

// twoDigits is the number that text begins with, or -1.
func twoDigits(text []byte) int {
	if !isDigit(text[0]) || !isDigit(text[1]) {
		return -1
	}
	return int(text[0]-'0')*10 + int(text[1]-'0')
}

func isDigit(c byte) bool { return c-'0' < 10 }

// since is the time from start to s in seconds.
func (s stamp) since(start stamp) float64 { return float64(s.millisecondsSince(start)) / 1000 }

// millisecondsSince is the time from start to s. Both lie within half a year of each
// other, so a start-up over New Year lasts seconds, not minus a year.
func (s stamp) millisecondsSince(start stamp) int64 {
	if s.day == start.day && s.month == start.month {
		return int64(s.ms - start.ms)
	}
	const year = 365
	leap := s.leapDay() || start.leapDay()
	days := s.dayOfYear(leap) - start.dayOfYear(leap)
	switch {
	case days < -year/2:
		days += year
	case days > year/2:
		days -= year
	}
	return days*msPerDay + int64(s.ms) - int64(start.ms)
}

// leapDay tells whether the stamp shows that its year is a leap year. Without such a
// stamp, 1 March is taken to follow 28 February.
func (s stamp) leapDay() bool { return s.month == 2 && s.day == 29 }

func (s stamp) dayOfYear(leap bool) int64 {
	day := daysBefore[s.month] + int64(s.day)
	if leap && s.month > 2 {
		day++
	}
	return day
}
