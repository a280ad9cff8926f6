package history

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"time"
	"unicode"

	"coldstart/reports/result"
	"coldstart/reports/table"
)

// Schema is the version of a line's format. Readers leave out lines of any other.
const Schema = 1

// Record is one configuration as one session measured it: a line of a history.
type Record struct {
	Schema int       `json:"schema"`
	Commit string    `json:"commit"`        // what was measured: its hash, in hexadecimal digits
	Time   time.Time `json:"time,omitzero"` // start of the session; absent for found logs
	// Committed is the commit's date; absent if no repository told it.
	Committed time.Time `json:"committed,omitzero"`
	Session   string    `json:"session"`
	Key
	Release string `json:"release,omitempty"` // of the engine

	// Environment is the digest of all that the start-up took place in, besides the commit.
	// Facts say what that was. A line lacks them if another one has them for the same digest.
	Environment string            `json:"environment"`
	Facts       map[string]string `json:"facts,omitempty"`

	Whole  string          `json:"whole,omitempty"` // the phase or segment that is the whole start-up
	Phases map[string]Mean `json:"phases"`
	// Segments of the time to ready, and segment.TimeToReady. They are absent if runs have none, or if
	// not all have the same.
	Segments map[string]Mean `json:"segments,omitempty"`
}

// when orders the records: the commit's date or, if that is not known, the time of measuring.
func (r *Record) when() time.Time {
	if r.Committed.IsZero() {
		return r.Time
	}
	return r.Committed
}

// Key is what the records of a series have in common. No two series are compared.
type Key struct {
	Node          string       `json:"node"`
	GPU           string       `json:"gpu,omitempty"` // index, if the node's cells are on several
	Engine        string       `json:"engine"`
	Start         result.Start `json:"start,omitempty"`
	Set           string       `json:"set"`
	Configuration string       `json:"configuration"`
	StandIn       bool         `json:"stand_in,omitempty"` // a model with random weights
}

// Mean is a phase of the runs that count.
type Mean struct {
	Seconds float64 `json:"mean"`
	Runs    int     `json:"n"` // that have the phase
}

// String names the series: "qwen-4b · baseline on n1".
func (k Key) String() string { return k.Configuration + " · " + k.Set + " on " + k.place() }

func (k Key) place() string {
	if k.GPU != "" {
		return "GPU " + k.GPU + " of " + k.Node
	}
	return k.Node
}

// Origin says where the numbers come from.
func (k Key) Origin() string {
	if k.Engine == result.Logs {
		return "from logs that coldstart did not measure" // whose session is a directory
	}
	return result.Origin{Engine: k.Engine, Served: k.Start == result.Serve}.String() + k.weights()
}

// engine is the engine, and how it was started.
func (k Key) engine() string {
	if k.Start == result.Serve {
		return k.Engine + ", served" + k.weights()
	}
	return k.Engine + k.weights()
}

func (k Key) weights() string {
	if k.StandIn {
		return ", random weights"
	}
	return ""
}

// Bounds of a line that may have been written by anybody.
const (
	longestName = 200 // bytes
	mostNames   = 200 // phases of a record, or segments
	longestTime = 1e9 // seconds, as in a result
	mostRuns    = 1e6
)

var commitForm = regexp.MustCompile(`^[0-9a-f]{7,64}$`)

// CheckCommit refuses what is not the hash of a commit.
func CheckCommit(commit string) error {
	if !commitForm.MatchString(commit) {
		return fmt.Errorf("a commit is 7 to 64 hexadecimal digits, not %.80q", commit)
	}
	return nil
}

// check refuses a record that no release of coldstart writes.
func (r *Record) check() error {
	if r.Schema != Schema {
		return fmt.Errorf("schema %d, but this release of coldstart reads schema %d only", r.Schema, Schema)
	}
	if err := CheckCommit(r.Commit); err != nil {
		return err
	}
	for _, field := range []struct{ name, value string }{
		{"session", r.Session}, {"node", r.Node}, {"engine", r.Engine}, {"set", r.Set},
		{"configuration", r.Configuration}, {"environment", r.Environment},
	} {
		if field.value == "" {
			return fmt.Errorf("%s is missing", field.name)
		}
	}
	for _, text := range []string{
		r.Session, r.Node, r.GPU, r.Engine, string(r.Start), r.Set, r.Configuration, r.Release, r.Environment, r.Whole,
	} {
		if err := checkName(text); err != nil {
			return err
		}
	}
	return r.checkMeans()
}

func (r *Record) checkMeans() error {
	if len(r.Phases) == 0 || len(r.Phases) > mostNames || len(r.Segments) > mostNames {
		return fmt.Errorf("%s and %s; a record has 1 to %d phases",
			table.Count(len(r.Phases), "phase"), table.Count(len(r.Segments), "segment"), mostNames)
	}
	for _, means := range []map[string]Mean{r.Phases, r.Segments} {
		for name, mean := range means {
			if err := mean.check(name); err != nil {
				return err
			}
		}
	}
	if r.Whole != "" && r.Phases[r.Whole].Runs == 0 && r.Segments[r.Whole].Runs == 0 {
		return errors.New("whole names a phase that the record lacks")
	}
	return nil
}

func (m Mean) check(name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	if math.IsNaN(m.Seconds) || m.Seconds < 0 || m.Seconds > longestTime {
		return fmt.Errorf("%s cannot take %g s", name, m.Seconds)
	}
	if m.Runs < 1 || m.Runs > mostRuns {
		return fmt.Errorf("%s cannot have %d runs", name, m.Runs)
	}
	return nil
}

// checkName refuses names that cannot be shown.
func checkName(name string) error {
	if len(name) > longestName {
		return fmt.Errorf("%.40q… has more than %d bytes", name, longestName)
	}
	for _, letter := range name {
		if !unicode.IsPrint(letter) {
			return fmt.Errorf("%q is not printable", name)
		}
	}
	return nil
}
