package phase

import (
	"fmt"
	"strings"
	"time"

	"coldstart/reports/segment"
)

// A Format is the start-up log of an engine other than vLLM. Its package registers it, and
// whoever imports that package can read such logs:
//
//	func init() { phase.Register(phase.Format{Engine: "SGLang", Rows: …}) }
//
// A log is read by one engine's rows: by vLLM's, until a row with {release} or {config}
// tells that it is another's. The start-up is complete when the serving setup ends.
type Format struct {
	Engine   string // its name
	Compared string // the newest release that Rows were compared with
	Stamp    string // layout of its lines' stamps, as in package time; empty: one that listen knows
	// Process names the process that printed a message by the line before the message,
	// which ends with a space; nil: as in vLLM's logs.
	Process func(head []byte) []byte
	Rows    []Row
}

// A Row is one message of an engine's log.
type Row struct {
	From, Before string // releases; empty: no bound
	// Wording is how the message begins: literal text, and the fields {seconds} (with {gib}
	// of weights), {release}, {config}, {attention} and {sampler} of Setup, and {any}.
	Wording string
	Ends    int   // the segment that ends with the message, such as segment.FrontEnd; 0: none
	Phase   Phase // that {seconds} states or, without {seconds}, the segment's own time
}

// anEngine is whose logs rows are of.
type anEngine struct {
	name    string
	newest  release
	process func(head []byte) []byte
}

// VLLM is the engine whose messages are in this package.
const VLLM = "vLLM"

// vLLM is the first of engines.
const vLLM = 0

var (
	engines = []anEngine{vLLM: {name: VLLM, newest: newestOf(compared, messages)}}
	layouts []string // of the engines' stamps
)

// Register makes Read know an engine's log. It is called before any log is read, and
// panics on a mistake, since a format is part of the program.
func Register(f Format) {
	var rows []message
	for _, r := range f.Rows {
		rows = append(rows, r.message(len(engines), f.Engine))
	}
	engines = append(engines, anEngine{f.Engine, newestOf(mustRelease(f.Compared), rows), f.Process})
	if f.Stamp != "" {
		layouts = append(layouts, f.Stamp)
	}
	messages = append(messages, rows...)
	candidates = candidatesOf(messages)
}

// endOf are the moments at which segments end.
var endOf = func() (of [segment.FirstToken]moment) {
	copy(of[segment.FrontEnd:], segmentEnds[:])
	of[segment.ServingSetup] = serving
	return of
}()

// stated are the quantities of registered rows, by the field that has them.
var stated = []struct {
	field string
	quantity
}{
	{"{seconds}", aPhase}, {"{sampler}", aSampler}, {"{attention}", anAttention}, {"{config}", aConfig},
	{"{release}", aRelease},
}

// message is the row in the table.
func (r Row) message(of int, engine string) message {
	m := row(r.From, r.Before, meaning{tells: aMoment, phase: r.Phase, at: endOf[r.Ends]}, r.Wording)
	m.engine, m.span = of, nil
	for _, s := range stated {
		if strings.Contains(r.Wording, s.field) {
			m.tells = s.quantity
		}
	}
	switch {
	case len(m.lead) < shortestLead, m.tells == aPhase && r.Phase == None,
		m.tells == aMoment && (r.Ends == 0 || r.Phase != None && r.Ends == segment.FrontEnd):
		panic(fmt.Sprintf("phase: %s's row %q begins with fewer than %d letters, or says nothing",
			engine, r.Wording, shortestLead))
	case r.Phase != None:
		m.reached = r.Phase.String()
	case r.Ends != 0:
		m.reached = segment.Name(r.Ends)
	case m.tells == aConfig:
		m.reached = "the first line of " + engine
	}
	if m.tells == aMoment && r.Phase != None {
		m.span = &span{phase: r.Phase, from: endOf[r.Ends-1], to: m.at, handed: true}
	}
	return located(m)
}

// registered reads a stamp of a registered layout that the text begins with, and returns
// its length, or 0.
func (u *utterance) registered() int {
	for _, layout := range layouts {
		if len(u.text) >= len(layout) {
			if t, err := time.Parse(layout, string(u.text[:len(layout)])); err == nil {
				u.dated(dated{stampOf(t), t.Nanosecond() > 0})
				return len(layout)
			}
		}
	}
	return 0
}
