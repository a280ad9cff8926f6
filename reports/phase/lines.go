package phase

import (
	"bytes"
	"errors"
	"io"
	"sync"
)

const (
	firstBuffer = 64 << 10
	// longestLine limits memory, in bytes: the rest of a longer line is ignored. The
	// longest line that vLLM itself prints, its configuration, has some 3 KB.
	longestLine = 1 << 20
)

var buffers = sync.Pool{New: func() any { b := make([]byte, firstBuffer); return &b }}

// lines cuts a stream into lines. "\n", "\r\n" and a lone "\r" each end one; the
// last line needs no end. There may be additional empty lines.
type lines struct {
	source io.Reader
	number int // of the line last returned; "\r" alone begins no new number
	err    error
	cut    []int // numbers of the lines that were too long

	buffer   []byte
	from, to int    // unread part of buffer
	line     []byte // the part of the line up to "\n" that next has not returned yet
	skipping bool   // the rest of an overlong line is being passed over
	ended    bool
	newlines int
}

// next returns the next line without its end. The slice is valid until the next
// call. It returns false at the end and after a read error, which is in err.
func (l *lines) next() (line []byte, ok bool) {
	if len(l.line) == 0 && !l.advance() {
		return nil, false
	}
	if end := bytes.IndexByte(l.line, '\r'); end >= 0 {
		line, l.line = l.line[:end], l.line[end+1:]
		return line, true
	}
	line, l.line = l.line, nil
	return line, true
}

// advance takes the bytes before the next "\n" from the buffer.
func (l *lines) advance() bool {
	for {
		unread := l.buffer[l.from:l.to]
		end := bytes.IndexByte(unread, '\n')
		switch {
		case end >= 0:
			l.take(unread[:end], end+1)
			l.newlines++
			if !l.skipping {
				return true
			}
			l.skipping = false
		case l.ended && (l.skipping || len(unread) == 0):
			return false
		case l.ended:
			l.take(unread, len(unread))
			return true
		case l.skipping:
			l.from = l.to
			l.fill()
		case len(unread) == longestLine:
			l.takeHead(unread)
			return true
		default:
			l.fill()
		}
	}
}

func (l *lines) take(line []byte, bytes int) {
	l.line = line
	l.from += bytes
	l.number = l.newlines + 1
}

// takeHead takes the first longestLine bytes of a line without an end so far: up to
// the last end of a progress bar, or else all of them, and then skips the rest.
func (l *lines) takeHead(unread []byte) {
	if bar := bytes.LastIndexByte(unread, '\r'); bar >= 0 {
		l.take(unread[:bar], bar+1)
		return
	}
	l.take(unread, len(unread))
	l.skipping = true
	l.cut = append(l.cut, l.number)
}

// fill reads more of the stream behind the unread part, and makes room for it.
func (l *lines) fill() {
	l.to = copy(l.buffer, l.buffer[l.from:l.to])
	l.from = 0
	if l.to == len(l.buffer) {
		l.buffer = append(l.buffer, make([]byte, len(l.buffer))...)
	}
	n, err := l.source.Read(l.buffer[l.to:])
	l.to += n
	if err != nil {
		l.ended = true
		if !errors.Is(err, io.EOF) {
			l.err = err
		}
	}
}
