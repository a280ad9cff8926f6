package phase

import (
	"bytes"
	"sync"
)

// speaks names the process that printed a record: the container, the part of the last
// bracket that identifies the process, and the bracket's name.
//
//	vllm-1  | (Worker_TP0 pid=8, ip=10.0.0.2) →  "vllm-1", "pid=8, ip=10.0.0.2", "Worker_TP0"
//
// All are empty if the record does not say.
type speaks struct {
	source, key, name []byte
	number            int // of what opening learned last; 0: it is not from there
}

// read reads the last bracket of a record's head that names a process.
func (s *speaks) read(head []byte, u *utterance) {
	s.source = u.source
	if !s.cut(lastBracket(head)) && !s.cut(u.speaker) {
		s.key, s.name = u.speaker, u.speaker
	}
}

// lastBracket is what the last bracket of a record's head has inside; empty if there is none.
func lastBracket(head []byte) []byte {
	inside := head[len(head):]
	for open := bytes.IndexByte(head, '('); open >= 0; open = bytes.IndexByte(head, '(') { // faster than backwards
		head = head[open+1:]
		inside = head
	}
	return inside[:max(0, bytes.IndexByte(inside, ')'))]
}

// cut takes the name and the key from what a bracket has inside.
func (s *speaks) cut(inside []byte) bool {
	at := bytes.Index(inside, []byte("pid="))
	if at < 0 {
		return false
	}
	s.key, s.name = inside[at:], bytes.TrimRight(inside[:at], " ")
	return true
}

// process is what one process said.
type process struct {
	source, key, name string
	readings          []reading // one per row of the table; the release decides which count
	when              []passed  // by this process
	begun, answered   bool      // it named the release, as an engine or as a server
	up                bool      // its engine came up
	counts            [counters]int
}

var processes = sync.Pool{New: func() any { return new(process) }}

func newProcess(s *speaks) *process {
	p := processes.Get().(*process)
	p.source, p.key, p.name = string(s.source), string(s.key), string(s.name)
	return p
}

func (p *process) free() {
	*p = process{readings: p.readings[:0], when: p.when[:0]}
	processes.Put(p)
}

func (p *process) is(s *speaks) bool { return p.key == string(s.key) && p.source == string(s.source) }

// mayBe tells whether two records can be of the same process: a process says nothing of
// itself before it has set up its log.
func (p *process) mayBe(other *process) bool {
	return p == other || p.key == "" || other.key == ""
}

// reading is the quantity that a row's message stated, or the span that it ended.
type reading struct {
	row      int
	order    int     // of the latest message, among all readings
	seconds  float64 // stated; of two models it is the sum
	drafter  float64 // the second model's part of that
	spans    bool    // the time is the span
	from, to instant // of a span; to is the end of a stated quantity, too
}

// reading finds the reading of a row; nil if there is none.
func (p *process) reading(row int) *reading {
	for i := range p.readings {
		if p.readings[i].row == row {
			return &p.readings[i]
		}
	}
	return nil
}

// group is the part of a start-up in which the processes of several GPUs work side by
// side. Its quantities are all of the process that took longest.
type group uint8

const (
	alone group = iota // one process does this, or it is not the part of a GPU's
	fetches
	loads
	compiles
	captures
	comesUp
	groups
)

// groupOf is the group of a row's message.
func groupOf(m *message) group {
	switch m.tells {
	case compileTotal, compileWall, compiledSaved, compiledRead, profiling, graphTrial, firstRun:
		return compiles
	case downloading:
		return fetches
	case aPhase:
	default:
		return alone
	}
	switch m.phase {
	case ModelInit, LoadWeights, ModelLoading:
		return loads
	case DynamoTransform, GraphCompileGeneral, GraphCompileCached, TorchCompile:
		return compiles
	case GraphCapturing:
		return captures
	case InitEngine:
		return comesUp
	}
	return alone
}

// addedUp tells whether a row's quantities of two models are added up. The others hold
// both models.
func (m *message) addedUp() bool {
	switch m.tells {
	case compileTotal, compileWall, firstRun, downloading:
		return true
	}
	return m.tells == aPhase && (m.group == loads || m.group == compiles) && m.phase != ModelLoading
}

// length is how long a process took for a group, as far as its readings say: the longest of them, or of the steps of compilation together. Profiling holds the
// compilation, and counts where no process states that.
func (p *process) length(g group) (longest, whole float64, any bool) {
	steps := 0.0
	for i := range p.readings {
		r := &p.readings[i]
		m := &messages[r.row]
		if m.group != g {
			continue
		}
		any = true
		switch {
		case m.tells == profiling:
			whole = r.seconds
			continue
		case m.tells != aPhase:
		case m.phase == DynamoTransform, m.phase == GraphCompileGeneral, m.phase == GraphCompileCached:
			steps += r.seconds
		}
		longest = max(longest, r.seconds)
	}
	return max(longest, steps), whole, any
}
