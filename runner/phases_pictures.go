package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"coldstart/reports"
	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/runner/console"
)

// checkPictures refuses to write a picture in place of a log, by whatever name, or with a
// name of another kind of file.
func (o *phasesOptions) checkPictures(logs []string) error {
	for _, file := range []struct{ option, path, ending string }{
		{"--trace", o.trace, ".json"}, {"--timeline", o.timeline, ".pdf"},
	} {
		if file.path == "" {
			continue
		}
		if filepath.Ext(file.path) != file.ending {
			return usagef("%s: %s does not end in %s", file.option, file.path, file.ending)
		}
		there, err := os.Stat(file.path)
		if err != nil {
			continue // nothing to lose
		}
		for _, log := range logs {
			if read, err := os.Stat(log); err == nil && os.SameFile(there, read) {
				return usagef("%s: %s is one of the logs; name another file", file.option, file.path)
			}
		}
	}
	return nil
}

// writePictures writes the files that were asked for, and says what opens them.
func (o *phasesOptions) writePictures(out *console.Console, logs []phase.Log) error {
	for _, file := range []struct {
		path  string
		write func(io.Writer, []phase.Log) error
		next  string
	}{
		{o.trace, reports.Trace, "open it at https://ui.perfetto.dev"},
		{o.timeline, reports.Timelines, "open it in a PDF viewer"},
	} {
		if file.path == "" {
			continue
		}
		var text bytes.Buffer
		if err := file.write(&text, logs); err != nil {
			return fmt.Errorf("%s is not written: %w", file.path, err)
		}
		err := result.WriteFile(file.path, text.Bytes())
		if path, ok := errors.AsType[*fs.PathError](err); ok { // of a file that is gone
			err = path.Err
		}
		if err != nil {
			return fmt.Errorf("%s cannot be written: %w", file.path, err)
		}
		out.Notef("%s is written: %s", file.path, file.next)
	}
	return nil
}
