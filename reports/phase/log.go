package phase

import (
	"fmt"
	"io"
)

// Log is the content of one start-up log.
type Log struct {
	Name     string  // the caller's name for the log, such as its path
	Times    Times   // seconds
	Release  string  // of the engine, such as "0.10.1.1"; empty if the log names none
	Weights  float64 // GiB of weights on the GPU; 0 if the log does not say
	Lines    int     // number of lines
	Complete bool    // the engine came up, and the log has no other start-up
	Second   int     // line where a second start-up begins, after one that came up; 0: none
	Reached  string  // the last phase or moment in the log; empty if none
	Stamps   Stamps  // the first and the last
	Cause    string  // the exception that ended the start-up, with its message, at most 300 bytes; empty if none
	Setup    Setup   // of the engine

	// WholeSeconds tells that no stamp has milliseconds, as in vLLM's own format: a
	// span between two stamps is off by up to a second.
	WholeSeconds bool

	// Warnings say what is odd and how it was handled, each with file and line.
	Warnings []string
}

// Err says why the log cannot count as a start-up, or is nil.
func (l *Log) Err() error {
	switch {
	case l.Second > 0:
		return fmt.Errorf("%s:%d: a second start-up begins here: put each start-up in a log of its own", l.Name, l.Second)
	case l.Complete:
		return nil
	case l.Lines == 0:
		return fmt.Errorf("%s: the log is empty: the engine printed nothing", l.Name)
	case l.Reached == "":
		return fmt.Errorf("%s:%d: no line of an engine's start-up found%s", l.Name, l.Lines, l.because())
	}
	return fmt.Errorf("%s:%d: the start-up failed or the log was cut off: it ends after %s, before init_engine%s",
		l.Name, l.Lines, l.Reached, l.because())
}

func (l *Log) because() string {
	if l.Cause == "" {
		return ""
	}
	return ": " + l.Cause
}

// Read reads a start-up log to its end. It returns only errors of the reader, with
// the log up to the error; Log.Err tells whether the start-up failed.
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
