package main

import (
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/pflag"
)

// ranged is an option with a range of values.
type ranged[T int | float64 | time.Duration] struct {
	value *T
	read  func(string) (T, error)
	holds func(T) bool
	want  string // the range in words
	kind  string // as a command's help names it
}

// Set reads a value of the range.
func (r ranged[T]) Set(text string) error {
	value, err := r.read(text)
	if err != nil || !r.holds(value) {
		return fmt.Errorf("must be %s, not %q", r.want, text)
	}
	*r.value = value
	return nil
}

// String is the value; empty for zero, which stands for none.
func (r ranged[T]) String() string {
	if r.value == nil || *r.value == 0 {
		return ""
	}
	return fmt.Sprint(*r.value)
}

// Type names the kind of value in a command's help.
func (r ranged[T]) Type() string { return r.kind }

// wholeNumber is an option that takes whole numbers.
func wholeNumber(value *int, low, high int) pflag.Value {
	return ranged[int]{
		value, strconv.Atoi, func(n int) bool { return low <= n && n <= high },
		fmt.Sprintf("a whole number from %d to %d", low, high), "int",
	}
}

// number is an option that takes numbers of a range. NaN is in none.
func number(value *float64, holds func(float64) bool, want string) pflag.Value {
	read := func(text string) (float64, error) { return strconv.ParseFloat(text, 64) }
	return ranged[float64]{value, read, holds, "a number " + want, "float"}
}

// period is an option that takes durations from the least one on.
func period(value *time.Duration, least time.Duration, want string) pflag.Value {
	return ranged[time.Duration]{
		value, time.ParseDuration, func(d time.Duration) bool { return d >= least },
		"a duration " + want + ", such as 30m or 90s", "duration",
	}
}
