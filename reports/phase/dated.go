package phase

import (
	"bytes"
	"strconv"
	"time"
)

// dated is a stamp that another logger or a process manager wrote.
type dated struct {
	stamp
	fine bool // it has a fraction of a second
}

var monthNames = []byte("JanFebMarAprMayJunJulAugSepOctNovDec")

// parseDated reads the date and time that text begins with; n is its length, 0 if
// there is none. A time zone is passed over: all stamps of a log have the same.
//
//	2026-03-04T09:00:00.123456789Z   docker -t, kubectl --timestamps, CRI
//	2026-03-04T09:00:00+01:00        journald, short-iso
//	2026-03-04 09:00:00,315          Python's asctime; also with / in the date
//	Mar 04 09:00:00.123456           journald, syslog
func parseDated(text []byte) (d dated, n int) {
	switch {
	case len(text) < len("Mar 04 09:00:00"):
		return dated{}, 0
	case isDigit(text[0]):
		return parseYearFirst(text)
	case text[3] == ' ' && text[6] == ' ' && isClock(text[7:]):
		month := bytes.Index(monthNames, text[:3])
		if month < 0 || month%3 != 0 {
			return dated{}, 0
		}
		day := twoDigits(text[4:])
		if text[4] == ' ' && isDigit(text[5]) {
			day = int(text[5] - '0')
		}
		s, ok := newStamp(month/3+1, day, text[7:])
		if !ok {
			return dated{}, 0
		}
		return withFraction(s, text, len("Mar 04 09:00:00"))
	}
	return dated{}, 0
}

func parseYearFirst(text []byte) (d dated, n int) {
	const whole = len("2026-03-04T09:00:00")
	if len(text) < whole || twoDigits(text) < 0 || twoDigits(text[2:]) < 0 ||
		text[4] != '-' && text[4] != '/' || text[7] != text[4] ||
		text[10] != 'T' && text[10] != ' ' || !isClock(text[11:]) {
		return dated{}, 0
	}
	s, ok := newStamp(twoDigits(text[5:]), twoDigits(text[8:]), text[11:])
	if !ok {
		return dated{}, 0
	}
	return withFraction(s, text, whole)
}

func isClock(text []byte) bool { return text[2] == ':' && text[5] == ':' }

// withFraction adds what may follow the seconds at text[n:]: a fraction and a time zone.
func withFraction(s stamp, text []byte, n int) (dated, int) {
	d := dated{stamp: s}
	if n+1 < len(text) && (text[n] == '.' || text[n] == ',') && isDigit(text[n+1]) {
		d.fine = true
		n++
		digits := leading(text[n:], isDigit)
		for i, unit := 0, int32(100); i < digits && unit > 0; i, unit = i+1, unit/10 {
			d.ms += int32(text[n+i]-'0') * unit
		}
		n += digits
	}
	switch {
	case n == len(text):
	case text[n] == 'Z':
		n++
	case text[n] == '+', text[n] == '-':
		n += 1 + leading(text[n+1:], func(c byte) bool { return isDigit(c) || c == ':' })
	}
	return d, n
}

// parseEpoch reads seconds or milliseconds since 1970.
func parseEpoch(text []byte) (d dated, ok bool) {
	seconds, err := strconv.ParseFloat(string(text), 64)
	const years1990, years2200 = 0.63e9, 7.3e9
	if seconds >= years1990*1000 && seconds <= years2200*1000 {
		seconds /= 1000
	}
	if err != nil || !(seconds >= years1990 && seconds <= years2200) {
		return dated{}, false
	}
	t := time.UnixMicro(int64(seconds * 1e6)).UTC()
	return dated{stampOf(t), true}, true
}
