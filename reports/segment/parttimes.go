package segment

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
)

// PartTimes are how long the known parts of segments took, in order: the form in which results
// keep them. In JSON they are an object of those with parts, each an object of name to seconds.
type PartTimes []PartTime

// A PartTime is that of one part, in seconds.
type PartTime struct {
	Of      string // the segment's name; several are joined by "+"
	Name    string
	Seconds float64
}

// PartTimes are how long the parts took, to the microsecond.
func (s Segments) PartTimes() (all PartTimes) {
	for i := range s {
		for _, p := range s[i].Parts {
			all = append(all, PartTime{s[i].Name, p.Name, math.Round(p.Seconds*1e6) / 1e6})
		}
	}
	return all
}

// In are the parts of one segment.
func (t PartTimes) In(of string) (some PartTimes) {
	for _, p := range t {
		if p.Of == of {
			some = append(some, p)
		}
	}
	return some
}

// begins are steps of the front end, in order. A log begins with the first of them that it has:
// logs with debug lines begin earlier, and up to 0.30 vLLM logged from its import on.
var begins = []struct{ part, what string }{
	{"llm_imports", "importing vLLM"}, {"get_model_info", "inspecting the model"}, {"inspect_model", "inspecting the model"},
}

// Begin is what a log with a front end begins with, such as "importing vLLM"; empty without parts.
func (t PartTimes) Begin() string {
	if len(t) == 0 {
		return ""
	}
	for _, begin := range begins {
		for _, part := range t {
			if slices.Contains(strings.Split(part.Name, "+"), begin.part) {
				return begin.what
			}
		}
	}
	return "the configuration"
}

// MarshalJSON writes an object of objects, in order.
func (t PartTimes) MarshalJSON() ([]byte, error) {
	var segments []string
	for i, p := range t {
		if i == 0 || p.Of != t[i-1].Of {
			segments = append(segments, p.Of)
		}
	}
	return object(len(segments), func(i int) (string, any) { return segments[i], partsOf(t.In(segments[i])) })
}

type partsOf PartTimes

func (t partsOf) MarshalJSON() ([]byte, error) {
	return object(len(t), func(i int) (string, any) { return t[i].Name, t[i].Seconds })
}

// UnmarshalJSON reads what MarshalJSON writes, in order.
func (t *PartTimes) UnmarshalJSON(data []byte) error {
	*t = nil
	return fields(data, func(of string, parts json.RawMessage) error {
		if _, _, ok := parse(of); !ok {
			return fmt.Errorf("unknown segment %q of parts", of)
		}
		return fields(parts, func(name string, value json.RawMessage) error {
			var took *float64
			if err := json.Unmarshal(value, &took); err != nil {
				return err
			}
			if took == nil || *took < 0 || *took > largest {
				return fmt.Errorf("part %s of %s must have a time from 0 to %g s", name, of, largest)
			}
			*t = append(*t, PartTime{of, name, *took})
			return nil
		})
	})
}

// fields calls take for each field of a JSON object, in order.
func fields(data []byte, take func(name string, value json.RawMessage) error) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	first, err := decoder.Token()
	if err != nil || first == nil { // null
		return err
	}
	if first != json.Delim('{') {
		return fmt.Errorf("parts must be an object, not %v", first)
	}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return err
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return err
		}
		if err := take(name.(string), value); err != nil { // a field's name is a string
			return err
		}
	}
	return nil
}
