package phase

import "bytes"

// Follower reads a log that is written to it during the start-up, to show progress.
// Read has the numbers.
type Follower struct {
	reached func(what string)
	parser  parser
	line    []byte // not ended yet
	told    string
}

// NewFollower makes a Follower that calls reached with Log.Reached whenever that
// changes.
func NewFollower(reached func(what string)) *Follower {
	return &Follower{reached: reached, parser: newParser("", &lines{})}
}

// Write reads the complete lines. It never fails.
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
	if now := f.parser.now.reached; now != f.told {
		f.told = now
		f.reached(now)
	}
}
