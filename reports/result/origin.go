package result

import "fmt"

// Names in place of an engine's if coldstart measured nothing. No engine of a lab can
// have them.
const (
	Replay = "replay" // the recorded runs of the paper's authors
	Logs   = "logs"   // logs found in a directory, of an unknown engine
)

// Origin tells where numbers come from, and whether coldstart measured them.
type Origin struct {
	Engine  string // "vllm", one of a lab's own, Replay or Logs
	Session string // that measured; for Logs, their directory; empty where it is named beside it
	Served  bool   // the engine served
}

// Origin is the origin of the plan's numbers.
func (p *Plan) Origin() Origin { return Origin{p.Engine, p.Session, p.Served()} }

// Measured tells whether coldstart started the engine and measured it.
func (o Origin) Measured() bool { return !o.Replayed() && !o.Found() }

// Replayed tells whether the numbers are the paper's own.
func (o Origin) Replayed() bool { return o.Engine == Replay }

// Found tells whether the numbers are from logs that coldstart did not write.
func (o Origin) Found() bool { return o.Engine == Logs }

// String is the line on every page of a report.
func (o Origin) String() string {
	switch {
	case o.Replayed():
		return "replayed from the paper's recorded measurements"
	case o.Found() && o.Session == "":
		return "from logs, not measured by coldstart"
	case o.Found():
		return fmt.Sprintf("from logs in %s, not measured by coldstart", o.Session)
	}
	if o.Served {
		return "measured with " + o.Engine + ", served"
	}
	return "measured with " + o.Engine
}

// InSession names the session; empty if there is none.
func (o Origin) InSession() string {
	if o.Found() || o.Session == "" {
		return ""
	}
	return "session " + o.Session
}
