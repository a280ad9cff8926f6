package phase

import "bytes"

// instant is a moment by the stamps of its line: vLLM's own, and the one of the prefix
// that another logger or a process manager put before it.
type instant struct {
	own, prefix       stamp
	hasOwn, hasPrefix bool
}

func (i instant) known() bool { return i.hasOwn || i.hasPrefix }

// extent is the first and the last stamp of lines, on both clocks: in order of time, as
// the lines of several processes may not be, but of one process in order of its lines,
// since the clock may be set back.
type extent struct {
	own, prefix Stamps
	vllm        instant         // of the line with the first own stamp
	head        [headBytes]byte // of the line with the last one
}

// headBytes are enough for the name of the process that a line begins with.
const headBytes = 48

func (e *extent) add(at *instant, line []byte) {
	if at.hasPrefix {
		e.prefix.add(at.prefix)
	}
	switch {
	case !at.hasOwn:
		return
	case e.own.lines == 0:
		e.own.first, e.vllm = at.own, *at
	case at.own.millisecondsSince(e.own.last) >= 0, e.isOf(line):
	case at.own.millisecondsSince(e.own.first) < 0:
		e.own.first, e.vllm = at.own, *at
		return
	default:
		return
	}
	e.own.last = at.own
	e.own.lines++
	if len(line) < headBytes {
		clear(e.head[copy(e.head[:], line):])
		return
	}
	e.head = [headBytes]byte(line)
}

// isOf tells whether a line comes from the process that wrote the last stamp.
func (e *extent) isOf(line []byte) bool {
	var last, this speaks
	last.read(e.head[:], &utterance{})
	this.read(line[:min(len(line), headBytes)], &utterance{})
	return bytes.Equal(last.key, this.key)
}

// clock relates the two clocks of a log. Prefixes are used where vLLM's own stamps have
// no milliseconds or are missing, if they say when the line was printed.
type clock struct {
	both        int   // lines with both stamps
	least, most int64 // milliseconds from the own stamp to the prefix
	own, prefix int   // lines with such a stamp
	ownFine     bool  // some stamp has a fraction of a second
	prefixFine  bool
}

func (c *clock) add(at *instant) {
	if at.hasOwn {
		c.own++
	}
	if !at.hasPrefix {
		return
	}
	c.prefix++
	if !at.hasOwn {
		return
	}
	ahead := at.prefix.millisecondsSince(at.own)
	if c.both == 0 {
		c.least, c.most = ahead, ahead
	}
	c.least, c.most = min(c.least, ahead), max(c.most, ahead)
	c.both++
}

// mostJitter is how much the delay between the two stamps of a line may vary, in
// milliseconds: an own stamp in whole seconds is up to one second early, and a process
// manager hands a line on in less than one more. One that collects lines is not used.
const mostJitter = 2000

// related tells whether stamps of one clock can be read on the other.
func (c *clock) related() bool { return c.both > 0 && c.most-c.least < mostJitter }

// byPrefix tells whether times are read from the prefixes.
func (c *clock) byPrefix() bool {
	return c.prefix > 0 && (c.own == 0 || c.related() && c.prefixFine && !c.ownFine)
}

// wholeSeconds tells that the stamps that count have no fraction of a second.
func (c *clock) wholeSeconds() bool {
	if c.byPrefix() {
		return c.prefix > 1 && !c.prefixFine
	}
	return c.own > 1 && !c.ownFine
}

// read is an instant on the clock that counts: a stamp, and milliseconds to add to it.
func (c *clock) read(at instant) (s stamp, add int64, ok bool) {
	switch byPrefix := c.byPrefix(); {
	case byPrefix && at.hasPrefix:
		return at.prefix, 0, true
	case byPrefix && at.hasOwn:
		return at.own, c.least, true
	case at.hasOwn:
		return at.own, 0, true
	case at.hasPrefix && c.related():
		return at.prefix, -c.least, true
	}
	return stamp{}, 0, false
}

// between is the time between two instants in milliseconds.
func (c *clock) between(from, to instant) (ms int64, ok bool) {
	start, addStart, ok1 := c.read(from)
	end, addEnd, ok2 := c.read(to)
	if !ok1 || !ok2 {
		if from.hasPrefix && to.hasPrefix { // both of another logger in the same process
			return to.prefix.millisecondsSince(from.prefix), true
		}
		return 0, false
	}
	return end.millisecondsSince(start) + addEnd - addStart, true
}

// counted are those of the stamps on both clocks that count.
func (c *clock) counted(own, prefix Stamps) Stamps {
	if c.byPrefix() {
		return prefix
	}
	return own
}
