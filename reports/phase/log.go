package phase

import (
	"fmt"
	"io"

	"coldstart/reports/segment"
)

// Log is the content of one start-up log.
type Log struct {
	Name     string  // the caller's name for the log, such as its path
	Times    Times   // seconds
	Engine   string  // VLLM, or that of a registered Format
	Release  string  // of the engine, such as "0.10.1.1"; empty if the log names none
	Weights  float64 // GiB of weights on the GPU; 0 if the log does not say
	Counters Counters
	Lines    int     // number of lines
	Begin    int     // line where the start-up begins that the log is read as: the last one
	Complete bool    // the engine came up
	Served   bool    // the engine has an API server; not known of a start-up that ended before that
	Reached  string  // the last phase or moment in the log; empty if none
	Silent   float64 // seconds from there to the last stamp, if the engine did not come up
	Stamps   Stamps  // the first and the last of the start-up
	Cause    string  // the exception that ended the start-up, with its message, at most 300 bytes; empty if none
	Setup    Setup   // of the engine

	// Segments add up to the time to ready; of a start-up that did not come up there are
	// none.
	Segments    segment.Segments
	TimeToReady float64 // seconds; 0 if the log has no stamps or the engine did not come up

	// Servers are the start-ups of a log that has the lines of several servers, each behind
	// a prefix of its own; the log itself is then of all together. Each has its Prefix.
	Servers []Log
	Prefix  string

	Attempts []Attempt // the start-ups before this one
	Ranks    []Rank    // if several state their times; Times has those of the slowest
	Slowest  Slowest   // of Ranks
	Apart    Times     // by how much their times differ

	// RankParts are what ranks do side by side, where the times of several are known: stated,
	// or between lines that each prints.
	RankParts []RankPart

	Drafter  Times     // the part of a second model, which drafts tokens
	Findings []Finding // in order of lines

	Processes Processes // of a start-up with segments

	moments segment.Moments // after first
	first   stamp           // of vLLM
	parts   []segment.Known

	// WholeSeconds tells that no stamp has milliseconds, as in vLLM's own format: a
	// span between two stamps is off by up to a second.
	WholeSeconds bool

	// Debug tells that the log has debug lines; not known of a start-up that ended early.
	Debug bool

	// Warnings say what is odd and how it was handled, each with file and line.
	Warnings []string
}

// Title names the log and, if that is of several servers, the server.
func (l *Log) Title() string {
	if l.Prefix == "" {
		return l.Name
	}
	return l.Name + " (" + l.Prefix + ")"
}

// Err says why the log cannot count as a start-up, or is nil.
func (l *Log) Err() error {
	switch {
	case l.Complete:
		return nil
	case l.Lines == 0:
		return fmt.Errorf("%s: the log is empty: the engine printed nothing", l.Name)
	case !l.IsStart():
		return fmt.Errorf("%s: no line of an engine's start-up found%s", l.end(), l.because())
	}
	before := InitEngine.String()
	if l.Engine != VLLM || l.Times.Has(InitEngine) {
		before = "the server was ready"
	}
	return fmt.Errorf("%s: the start-up failed or the log was cut off: it ends after %s, before %s%s",
		l.end(), l.Reached, before, l.because())
}

// end names the end of the log, and the server if there are several.
func (l *Log) end() string {
	at := fmt.Sprintf("%s:%d", l.Name, l.Lines)
	if l.Prefix != "" {
		at += ": " + l.Prefix
	}
	return at
}

// IsStart tells whether the log has a line of an engine's start-up.
func (l *Log) IsStart() bool { return l.Reached != "" || l.Release != "" }

func (l *Log) because() string {
	switch {
	case l.Cause != "":
		return ": " + l.Cause
	case l.Silent >= leastSilence:
		return fmt.Sprintf(": the last stamp is %.0f s later, and no error is in the log", l.Silent)
	}
	return ""
}

// leastSilence, in seconds, is the shortest silence that is told as a hang.
const leastSilence = 10

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
