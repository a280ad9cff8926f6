package phase

import (
	"fmt"
	"io"
)

// Log is what one start-up log tells.
type Log struct {
	Name     string  // where it came from, as the caller named it
	Times    Times   // seconds
	Release  string  // the engine's, such as "0.10.1.1"; empty if the log does not say
	Weights  float64 // GiB of weights on the GPU; 0 if the log does not say
	Lines    int     // how many it has
	Complete bool    // the engine came up, and the log tells of nothing else
	Second   int     // the line by which another start-up has begun, after one that came up; 0: none
	Reached  string  // the last phase or moment that it tells of; empty if none
	Stamps   Stamps  // of the first stamped line and the last
	Cause    string  // the exception that ended it, with its own message, cut to a line's length; empty if it names none
	Setup    Setup   // how the engine was set up

	// WholeSeconds tells that no stamp has milliseconds, as in vLLM's own format: what
	// lies between two of them is off by up to a second.
	WholeSeconds bool

	// Warnings say what was odd, each with its place, and what was done about it.
	Warnings []string
}

// Err says why the log cannot count as a start-up, or is nil.
func (l *Log) Err() error {
	switch {
	case l.Second > 0:
		return fmt.Errorf("%s:%d: another start-up has begun here, after one that came up: give each a log of its own", l.Name, l.Second)
	case l.Complete:
		return nil
	case l.Lines == 0:
		return fmt.Errorf("%s: the log is empty; the engine never printed anything", l.Name)
	case l.Reached == "":
		return fmt.Errorf("%s:%d: no line of an engine's start-up in it%s", l.Name, l.Lines, l.because())
	}
	return fmt.Errorf("%s:%d: the start-up failed or the log was cut off: it ends after %s, before init_engine%s", l.Name, l.Lines, l.Reached, l.because())
}

func (l *Log) because() string {
	if l.Cause == "" {
		return ""
	}
	return ": " + l.Cause
}

// Read reads a start-up log to its end. A log of a failed start-up is no error
// here: Log.Err tells. The error is the reader's own, and what was read before
// it is returned all the same.
func Read(r io.Reader, name string) (Log, error) {
	buffer := buffers.Get().(*[]byte)
	l := lines{source: r, buffer: *buffer}
	p := newParser(name, &l)
	for {
		line, ok := l.next()
		if !ok {
			break
		}
		p.read(line)
	}
	*buffer = l.buffer
	buffers.Put(buffer)
	log := p.finish()
	if l.err != nil {
		return log, fmt.Errorf("%s:%d: %w", name, l.number+1, l.err)
	}
	return log, nil
}
