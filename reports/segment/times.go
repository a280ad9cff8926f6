package segment

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
)

// TimeToReady is the name of the sum of the segments up to ready.
const TimeToReady = "time_to_ready"

// Times are how long the segments of one start-up took, in order and without parts: the
// form in which results keep them. In JSON they are an object, name to seconds.
type Times []Time

// A Time is that of one segment, or of several that are one.
type Time struct {
	First, Last int // segments, such as FrontEnd
	Took        time.Duration
}

// Times are how long the segments took.
func (s Segments) Times() (all Times) {
	for i := range s {
		first, last, _ := parse(s[i].Name)
		all = append(all, Time{first, last, s[i].Time})
	}
	return all
}

// Name is the segment's name; several are joined by "+".
func (t *Time) Name() string { return strings.Join(names[t.First:t.Last+1], "+") }

// parse reads what Name writes. first_token is never one with another segment.
func parse(name string) (first, last int, ok bool) {
	words := strings.Split(name, "+")
	first = slices.Index(names[:], words[0])
	last = first + len(words) - 1
	ok = first >= 0 && last < len(names) && slices.Equal(names[first:last+1], words)
	return first, last, ok && (last < FirstToken || first == FirstToken)
}

// Seconds is the segment's time in seconds.
func (t *Time) Seconds() float64 { return seconds(t.Took) }

// ToReady is the time to ready, in seconds: the sum of all but first_token.
func (t Times) ToReady() float64 {
	var sum time.Duration
	for i := range t {
		if t[i].First != FirstToken {
			sum += t[i].Took
		}
	}
	return seconds(sum)
}

// MarshalJSON writes an object, name to seconds, in order.
func (t Times) MarshalJSON() ([]byte, error) {
	return object(len(t), func(i int) (string, any) { return t[i].Name(), t[i].Seconds() })
}

// largest is far beyond any start-up, in seconds. The limit keeps sums finite, whatever a
// file says.
const largest = 1e6

// UnmarshalJSON reads what MarshalJSON writes.
func (t *Times) UnmarshalJSON(data []byte) error {
	var object map[string]*float64
	if err := json.Unmarshal(data, &object); err != nil {
		return err
	}
	*t = nil
	for _, name := range slices.Sorted(maps.Keys(object)) { // in one order, for one error
		first, last, ok := parse(name)
		if !ok {
			return fmt.Errorf("unknown segment %q; the segments are %s", name, strings.Join(names[:], ", "))
		}
		took := object[name]
		if took == nil || *took < 0 || *took > largest {
			return fmt.Errorf("segment %s must have a time from 0 to %g s", name, largest)
		}
		*t = append(*t, Time{first, last, time.Duration(math.Round(*took*1e6)) * time.Microsecond})
	}
	slices.SortFunc(*t, func(a, b Time) int { return a.First - b.First })
	for i := 1; i < len(*t); i++ {
		if before, after := &(*t)[i-1], &(*t)[i]; after.First <= before.Last {
			return fmt.Errorf("segments %s and %s overlap", before.Name(), after.Name())
		}
	}
	return nil
}
