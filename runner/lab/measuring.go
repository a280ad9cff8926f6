package lab

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/runner/engine"
	"coldstart/runner/hardware"
	"coldstart/runner/ledger"
	"coldstart/runner/lock"
	"coldstart/runner/matrix"
	"coldstart/runner/measure"
	"coldstart/runner/pagecache"
	"coldstart/runner/paper"
)

// Measuring says how a plan is measured on this machine.
type Measuring struct {
	Speed          float64       // of a replay, as replay.Engine has it
	Models         string        // directory of the models; empty is the node's in the lab's file
	Environments   string        // directory of the environments; empty is environment.DefaultDir
	State          string        // directory of finished runs; empty is ledger.DefaultDir
	Limit          time.Duration // of one start; 0 is the engine's own, or else DefaultLimit
	KeepIdentities bool          // leave users, hosts and addresses in kept logs
}

// DefaultLimit is how long a start may take: some fifteen times the paper's
// longest.
const DefaultLimit = 30 * time.Minute

// Begin begins to measure a plan of the lab's file at a path, or those of its cells
// that are this machine's: until release is called, nothing else measures here.
// The session lacks its directory and its observer.
func (m *Measuring) Begin(p *result.Plan, matrixPath string) (session *measure.Session, release func(), err error) {
	if session, err = m.Session(p, matrixPath); err != nil || !Measures(p) {
		return session, func() {}, err
	}
	release, err = KeepMachine()
	return session, release, err
}

// Session is one of a plan, for whoever has begun to measure on this machine.
func (m *Measuring) Session(p *result.Plan, matrixPath string) (*measure.Session, error) {
	switch {
	case m.Limit < 0:
		return nil, requestErrorf("limit", "no start comes up in %v: --limit must be above 0", m.Limit)
	case !(m.Speed >= 0):
		return nil, requestErrorf("speed", "nothing is replayed %g times as fast: --speed must be 0 or more", m.Speed)
	}
	file, err := Load(matrixPath)
	if err != nil {
		return nil, err
	}
	session := &measure.Session{Plan: p}
	if session.Engine, err = m.newEngine(p, file); err != nil || !Measures(p) {
		return session, err
	}
	ledger, err := m.ledger(p.Session)
	if err != nil {
		return nil, err
	}
	session.Probe = m.probe(p, file)
	session.Machine = &measure.Machine{
		Ledger: ledger, Clock: time.Now, PageCache: pagecache.Life, Hide: m.filter(nil).Text, Expect: recorded,
	}
	return session, nil
}

// Measures tells whether a plan's engine measures the machine that it runs on.
func Measures(p *result.Plan) bool { return p.Origin().Measured() }

// OneNode is an error for a plan that measures several nodes: one machine is one
// of them.
func OneNode(p *result.Plan) error {
	var nodes []string
	for _, cell := range p.Cells {
		if !slices.Contains(nodes, cell.Node) {
			nodes = append(nodes, cell.Node)
		}
	}
	if Measures(p) && len(nodes) > 1 {
		return requestErrorf("nodes", "engine %s measures this machine, and the plan is of %s: say which of them it is with --nodes", p.Engine, strings.Join(nodes, ", "))
	}
	return nil
}

// modelsDir is the directory of the models on a node; empty where none is known.
func (m *Measuring) modelsDir(file *matrix.Matrix, node string) string {
	if m.Models != "" {
		return m.Models
	}
	return file.Models[node]
}

// ledger is where this machine's finished runs are. From now on the session can be
// gone on with, whatever comes.
func (m *Measuring) ledger(session string) (*ledger.Ledger, error) {
	dir, err := m.stateDir()
	if err != nil {
		return nil, err
	}
	l := &ledger.Ledger{Dir: dir}
	return l, l.Begin(session)
}

func (m *Measuring) stateDir() (string, error) {
	if m.State != "" {
		return m.State, nil
	}
	return ledger.DefaultDir()
}

// probe probes this machine as a cell's node.
func (m *Measuring) probe(p *result.Plan, file *matrix.Matrix) func(context.Context) *result.Probe {
	node := p.Cells[0].Node
	options := m.places(p, file, node)
	return func(ctx context.Context) *result.Probe { return hardware.Probe(ctx, options) }
}

// recorded is how long the phases of a run took when the paper's authors measured
// it; nothing where they did not.
func recorded(run engine.Run) phase.Times {
	for _, m := range paper.Measurements() {
		if m.Set == run.Set.Name && m.Model == run.Configuration.Model && (m.Iteration > 0) == (run.Iteration > 0) {
			return m.Seconds
		}
	}
	return phase.Times{}
}

// KeepMachine keeps this machine for a measurement: one engine at a time on a
// node, whoever asks. A process that ends releases it too.
func KeepMachine() (release func(), err error) {
	file, err := lock.Take(lockPath())
	var held *lock.HeldError
	if errors.As(err, &held) {
		return nil, fmt.Errorf("this machine is being measured on by %s: wait for its end (%s is its lock)", held.Holder, held.Path)
	}
	if err != nil {
		return nil, fmt.Errorf("this machine cannot be locked for a measurement: %w", err)
	}
	return func() { file.Close() }, nil
}

// LockDir is where this machine is locked for a measurement: one place for all of
// its users, whatever directory for temporary files each has, or each job of a
// cluster. Tests have places of their own.
var LockDir = "/tmp"

func lockPath() string { return filepath.Join(LockDir, "coldstart-measuring.lock") }
