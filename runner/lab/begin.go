package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"coldstart/reports/hardware"
	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/runner/engine"
	"coldstart/runner/engine/local"
	"coldstart/runner/engine/replay"
	prober "coldstart/runner/hardware"
	"coldstart/runner/lock"
	"coldstart/runner/measure"
	"coldstart/runner/models"
	"coldstart/runner/paper"
)

// Begin begins to measure a plan on this machine, which is a node of the lab: until
// release is called, nothing else measures here. A replay needs no node and locks
// nothing. The caller sets the session's directory and observer.
func (h *Host) Begin(n *Node, p *result.Plan) (session *measure.Session, release func(), err error) {
	if session, err = h.session(n, p); err != nil || session.Machine == nil {
		return session, func() {}, err
	}
	release, err = keepFor(session)
	return session, release, err
}

// BeginTurns begins to measure a plan and its other side in turns (measure.Interleaved) on
// this machine, which is a node of the lab of each side.
func (h *Host) BeginTurns(nodes [2]*Node, p *result.Plan) (sides [2]*measure.Session, release func(), err error) {
	for i, side := range []*result.Plan{p.Alone(), p.Against} {
		if sides[i], err = h.session(nodes[i], side); err != nil {
			return sides, nil, err
		}
	}
	release, err = keepFor(sides[:]...)
	return sides, release, err
}

// keepFor locks this machine for sessions. Their engines keep the lock too: if this process
// is killed, nothing else measures until its engine has ended.
func keepFor(sessions ...*measure.Session) (release func(), err error) {
	held, err := KeepMachine()
	if err != nil {
		return nil, err
	}
	for _, s := range sessions {
		if e, ok := s.Engine.(*local.Engine); ok {
			e.Held = held
		}
	}
	return func() { lock.Release(held) }, nil
}

// session is the session of a plan. The caller locks this machine.
func (h *Host) session(n *Node, p *result.Plan) (*measure.Session, error) {
	if !p.Origin().Measured() {
		return &measure.Session{Plan: p, Engine: &replay.Engine{Speed: h.Speed}}, nil
	}
	if err := h.checkModels(n, p); err != nil {
		return nil, err
	}
	engine, err := h.engine(n, p)
	if err != nil {
		return nil, err
	}
	ledger, err := h.ledger(p.Session)
	if err != nil {
		return nil, err
	}
	return &measure.Session{Plan: p, Engine: engine, Probe: h.probe(n, p), Facts: h.facts(n), Machine: &measure.Machine{
		Ledger: ledger, Clock: time.Now, PageCache: local.PageCacheLife, Hide: h.filter(nil).Text, Expect: recorded,
	}}, nil
}

// probe probes this machine as a node that a plan measures.
func (h *Host) probe(n *Node, p *result.Plan) func(context.Context) *hardware.Probe {
	options := h.places(n, p.Engine, p.Environment)
	return func(ctx context.Context) *hardware.Probe { return prober.Probe(ctx, options) }
}

// facts are what this machine's files state of a set's models of the lab's own: those of the
// paper are known. Without a directory of models, nothing is known.
func (h *Host) facts(n *Node) func(*result.Set) ([]result.Model, error) {
	dir := h.modelsOf(n)
	if dir == "" {
		return nil
	}
	return func(set *result.Set) (found []result.Model, err error) {
		for _, m := range n.lab.file.Own.Models {
			if !measures(set, m.Key) {
				continue
			}
			m, err := models.WithFacts(dir, m)
			if err != nil {
				return nil, err
			}
			found = append(found, m)
		}
		return found, nil
	}
}

func measures(set *result.Set, model string) bool {
	return slices.ContainsFunc(set.Configurations, func(c result.Configuration) bool { return c.Model == model })
}

// ledger is where this machine's finished runs are. From now on the session can be
// resumed.
func (h *Host) ledger(session string) (*measure.Ledger, error) {
	dir, err := h.stateDir()
	if err != nil {
		return nil, err
	}
	l := &measure.Ledger{Dir: dir}
	return l, l.Begin(session)
}

func (h *Host) stateDir() (string, error) {
	if h.StateDir != "" {
		return h.StateDir, nil
	}
	return measure.DefaultLedgerDir()
}

// recorded is how long the phases of a run took when the paper's authors measured it, if
// they did.
func recorded(run engine.Run) phase.Times {
	if runs := paper.Runs(run.Set, run.Configuration, run.Node, run.Iteration == 0); len(runs) > 0 {
		return runs[0]
	}
	return phase.Times{}
}

// KeepMachine locks this machine for a measurement: one engine at a time on a node. The
// machine is locked as lock.Take says.
func KeepMachine() (held []*os.File, err error) {
	if LockDir != "" {
		held, err = lock.TakeAll(filepath.Join(LockDir, machineLock))
	} else {
		held, err = lock.Machine(machineLock)
	}
	var other *lock.HeldError
	if errors.As(err, &other) {
		return nil, fmt.Errorf("another measurement runs on this machine, %s: wait until it ends, or end it (its lock is %s)",
			other.Holder, other.Path)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot lock this machine for a measurement: %w", err)
	}
	return held, nil
}

const machineLock = "measuring.lock"

// LockDir replaces the directory of this machine's lock in tests.
var LockDir string
