package reports

import (
	"errors"
	"io"

	"coldstart/reports/pdf"
	"coldstart/reports/phase"
	"coldstart/reports/timeline"
)

// Trace writes the start-ups of logs as trace events. Logs without segments are left out.
func Trace(w io.Writer, logs []phase.Log) error {
	all, err := timelines(logs)
	if err != nil {
		return err
	}
	return timeline.Trace(w, all)
}

// Timelines draws the start-ups of logs, one per page. Logs without segments are left out.
func Timelines(w io.Writer, logs []phase.Log) error {
	all, err := timelines(logs)
	if err != nil {
		return err
	}
	return pdf.Timelines(w, all)
}

// timelines are those of the logs that have one. If none has, it fails.
func timelines(logs []phase.Log) (all []*timeline.Timeline, err error) {
	for i := range logs {
		if t, ok := timeline.Of(&logs[i]); ok {
			all = append(all, t)
		}
	}
	if len(all) == 0 {
		return nil, errors.New("no log with time stamps has a start-up that came up")
	}
	return all, nil
}
