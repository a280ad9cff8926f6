package phase

import "bytes"

// Follower reads a log while it is written to it, for somebody who watches the
// start-up: what it tells is for the eye, and Read has the numbers.
type Follower struct {
	reached func(what string)
	parser  parser
	line    []byte // begun, without its end
	told    string
}

// NewFollower makes a Follower that calls reached whenever the log tells that the
// start-up got further, with the name of what it has behind it: a phase's, or as
// Log.Reached has it.
func NewFollower(reached func(what string)) *Follower {
	return &Follower{reached: reached, parser: newParser("", &lines{})}
}

// Write reads the lines that are whole. It never fails.
func (f *Follower) Write(p []byte) (int, error) {
	written := len(p)
	for {
		line, rest, whole := bytes.Cut(p, []byte("\n"))
		if room := longestLine - len(f.line); len(line) > room {
			line = line[:room]
		}
		f.line = append(f.line, line...)
		if !whole {
			return written, nil
		}
		f.read()
		p = rest
	}
}

func (f *Follower) read() {
	f.parser.read(f.line)
	f.line = f.line[:0]
	if now := f.parser.log.Reached; now != f.told {
		f.told = now
		f.reached(now)
	}
}
