package phase

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// scratch holds the text of a JSON line, without escapes.
type scratch struct{ text, speaker []byte }

// object is a record that a logger wrote as one line of JSON.
type object struct {
	message, more, time, level, process, pid []byte
}

// objectKeys are the keys of loggers in use: vLLM's own JSON form and python-json-logger,
// structlog, docker's json-file, journald.
var objectKeys = map[string]func(*object) *[]byte{
	"message": (*object).toMessage, "msg": (*object).toMessage, "log": (*object).toMessage,
	"event": (*object).toMessage, "text": (*object).toMessage, "MESSAGE": (*object).toMessage,
	"exc_info": (*object).toMore, "exception": (*object).toMore, "stack": (*object).toMore, "traceback": (*object).toMore,
	"asctime": (*object).toTime, "timestamp": (*object).toTime, "time": (*object).toTime, "ts": (*object).toTime,
	"@timestamp": (*object).toTime, "datetime": (*object).toTime, "created": (*object).toTime,
	"levelname": (*object).toLevel, "level": (*object).toLevel, "severity": (*object).toLevel,
	"processName": (*object).toProcess, "process_name": (*object).toProcess,
	"process": (*object).toPID, "pid": (*object).toPID, "_PID": (*object).toPID,
}

func (o *object) toMessage() *[]byte { return &o.message }
func (o *object) toMore() *[]byte    { return &o.more }
func (o *object) toTime() *[]byte    { return &o.time }
func (o *object) toLevel() *[]byte   { return &o.level }
func (o *object) toProcess() *[]byte { return &o.process }
func (o *object) toPID() *[]byte     { return &o.pid }

// parseObject reads the JSON object that text begins with: its fields with strings and
// numbers. It is false without a message.
func parseObject(text []byte) (o object, ok bool) {
	text = text[1:]
	for {
		text = bytes.TrimLeft(text, " \t,")
		key, rest, is := cutString(text)
		if !is {
			return o, o.message != nil
		}
		rest = bytes.TrimLeft(rest, " \t")
		if len(rest) == 0 || rest[0] != ':' {
			return o, o.message != nil
		}
		value, rest := cutValue(bytes.TrimLeft(rest[1:], " \t"))
		if to := objectKeys[string(key)]; to != nil && value != nil && *to(&o) == nil {
			*to(&o) = value
		}
		text = rest
	}
}

// cutString cuts a string in quotes from text; its escapes stay.
func cutString(text []byte) (inside, rest []byte, ok bool) {
	if len(text) == 0 || text[0] != '"' {
		return nil, nil, false
	}
	for end := 1; end < len(text); end++ {
		switch text[end] {
		case '\\':
			end++
		case '"':
			return text[1:end], text[end+1:], true
		}
	}
	return nil, nil, false
}

// cutValue cuts a value from text; it is nil for an object, an array, and what is not
// JSON.
func cutValue(text []byte) (value, rest []byte) {
	if inside, rest, ok := cutString(text); ok {
		return inside, rest
	}
	if len(text) == 0 || text[0] == '"' {
		return nil, nil
	}
	if text[0] != '{' && text[0] != '[' {
		end := bytes.IndexAny(text, ",}")
		if end < 0 {
			return text, nil
		}
		return text[:end], text[end:]
	}
	depth := 0
	for at := 0; at < len(text); at++ {
		switch text[at] {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return nil, text[at+1:]
			}
		case '"':
			_, rest, ok := cutString(text[at:])
			if !ok {
				return nil, nil
			}
			at = len(text) - len(rest) - 1
		}
	}
	return nil, nil
}

// unescape appends a JSON string's text.
func unescape(to, text []byte) []byte {
	for len(text) > 0 {
		at := bytes.IndexByte(text, '\\')
		if at < 0 || at+1 == len(text) {
			return append(to, text...)
		}
		to, text = append(to, text[:at]...), text[at+1:]
		c := text[0]
		text = text[1:]
		switch c {
		case 'n':
			c = '\n'
		case 't':
			c = '\t'
		case 'r':
			c = '\r'
		case 'u':
			if len(text) >= 4 {
				code, err := strconv.ParseUint(string(text[:4]), 16, 16)
				if err == nil {
					to, text = utf8.AppendRune(to, rune(code)), text[4:]
					continue
				}
			}
		}
		to = append(to, c)
	}
	return to
}

// object reads a line of JSON. The message may be a whole line of another logger, and
// have several lines.
func (p *parser) object(text []byte, outer *utterance) bool {
	o, ok := parseObject(text)
	if !ok {
		return false
	}
	outer.text = nil
	outer.setLevel(o.level)
	if d, n := parseDated(o.time); n > 0 {
		outer.dated(d)
	} else if d, ok := parseEpoch(o.time); ok {
		outer.dated(d)
	}
	if len(o.process) > 0 && len(o.pid) > 0 {
		p.scratch.speaker = append(append(append(p.scratch.speaker[:0], o.process...), " pid="...), o.pid...)
		outer.speaker = p.scratch.speaker
	}
	p.scratch.text = unescape(p.scratch.text[:0], o.message)
	if o.more != nil {
		p.scratch.text = unescape(append(p.scratch.text, '\n'), o.more)
	}
	rest, more := p.scratch.text, true
	for more {
		var line []byte
		line, rest, more = bytes.Cut(rest, []byte("\n"))
		u := listen(line)
		u.within(outer)
		p.hear(line, &u)
	}
	return true
}

// within adds what the record around a line says.
func (u *utterance) within(outer *utterance) {
	if u.dates == 0 {
		u.date[1] = outer.date[1]
	}
	if outer.dates > 0 {
		u.date[0] = outer.date[0]
	}
	u.dates += outer.dates
	if u.speaker == nil {
		u.speaker = outer.speaker
	}
	if u.source == nil {
		u.source = outer.source
	}
	if !u.levelled() {
		u.loud, u.quiet = outer.loud, outer.quiet
	}
}

// setLevel takes the level of a record from its name, in capital or small letters.
func (u *utterance) setLevel(name []byte) {
	level := utterance{text: append(bytes.ToUpper(name), ' ')}
	if level.level() > 0 {
		u.loud, u.quiet = level.loud, level.quiet
	}
}
