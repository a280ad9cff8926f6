package privacy

import (
	"bytes"
	"io"
)

// longestLine bounds a line, in bytes. A longer one is rewritten in pieces.
const longestLine = 1 << 20

// overlap is how many bytes of such a line are looked at again with the next piece. A
// secret is shorter, or all behind it is dropped.
const overlap = 1 << 16

// Writer rewrites what is written to it line by line and passes it on. Close passes on a
// last line without an end; it closes nothing.
func (f *Filter) Writer(to io.Writer) io.WriteCloser { return &writer{filter: f, to: to} }

type writer struct {
	filter *Filter
	to     io.Writer
	line   []byte // incomplete
	open   open   // by the lines before
	drop   bool   // the rest of a line whose end belongs to a secret
}

func (w *writer) Write(p []byte) (int, error) {
	written := len(p)
	for len(p) > 0 {
		end := bytes.IndexByte(p, '\n') + 1
		ends := end > 0
		if !ends {
			end = min(len(p), longestLine)
		}
		w.line = append(w.line, p[:end]...)
		p = p[end:]
		var err error
		switch {
		case ends:
			err = w.Close()
		case len(w.line) >= longestLine:
			err = w.piece()
		}
		if err != nil {
			return written - len(p), err
		}
	}
	return written, nil
}

// piece passes on the beginning of a long line, up to a place that divides no secret.
func (w *writer) piece() error {
	if w.drop {
		w.line = w.line[:0]
		return nil
	}
	spans, _ := w.filter.secrets(w.line, w.open)
	cut := len(w.line) - overlap
	for i, s := range spans {
		if s.evidence >= cut {
			spans = spans[:i]
			break
		}
		if cut = max(cut, s.end); cut == len(w.line) {
			w.drop = true
		}
	}
	_, err := w.to.Write(w.filter.rewritten(w.line[:cut], spans))
	w.line = append(w.line[:0], w.line[cut:]...)
	w.open = open{}
	return err
}

func (w *writer) Close() error {
	line := w.line
	w.line = w.line[:0]
	if w.drop {
		w.drop = false
		line = line[len(bytes.TrimRight(line, "\r\n")):]
	}
	if len(line) == 0 {
		return nil
	}
	spans, after := w.filter.secrets(line, w.open)
	w.open = after
	_, err := w.to.Write(w.filter.rewritten(line, spans))
	return err
}
