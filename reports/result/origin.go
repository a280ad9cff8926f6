package result

import "fmt"

// Names that stand for an engine where coldstart measured nothing. No lab can give
// them to an engine of its own.
const (
	Replay = "replay" // what the paper's authors recorded, printed again
	Logs   = "logs"   // whatever wrote the logs that were found in a directory
)

// Origin says how numbers came to be: the one answer to whether coldstart measured
// them.
type Origin struct {
	Engine  string // "vllm", one of a lab's own, Replay or Logs
	Session string // that measured; of Logs, the directory that they were found in
}

// Origin is that of the plan's numbers.
func (p *Plan) Origin() Origin { return Origin{p.Engine, p.Session} }

// Measured tells that coldstart started the engine and measured it.
func (o Origin) Measured() bool { return !o.Replayed() && !o.Found() }

// Replayed tells that the numbers are the paper's own.
func (o Origin) Replayed() bool { return o.Engine == Replay }

// Found tells that the numbers are read from logs that coldstart did not keep.
func (o Origin) Found() bool { return o.Engine == Logs }

// String says it in a line, which stands on every page.
func (o Origin) String() string {
	switch {
	case o.Replayed():
		return "replayed from the paper's recorded measurements"
	case o.Found():
		return fmt.Sprintf("from logs in %s, not measured by coldstart", o.Session)
	}
	return "measured with " + o.Engine
}

// InSession names the session; empty where there is none.
func (o Origin) InSession() string {
	if o.Found() || o.Session == "" {
		return ""
	}
	return "session " + o.Session
}
